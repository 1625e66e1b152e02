import { InternalError } from '@drover/base';
import { EngineError } from '@drover/engine';
import { expect, test } from 'vitest';
import { failureOf, isBug } from '../src/domain/deployment/failure.ts';

const engineError = (code: 'unreachable' | 'connection-lost' | 'no-leader' | 'conflict') =>
  new EngineError({ code, doing: 'starting shop-web-1', reason: 'the port 80 is taken' });

test.each(['unreachable', 'connection-lost', 'no-leader'] as const)(
  'a deployment that %s ended could not be gone on with then, and says so',
  (code) => {
    const message = 'starting shop-web-1: the port 80 is taken';
    expect(failureOf(engineError(code))).toEqual({ reason: 'unreachable', message });
  },
);

test('an engine that refused is told with its words, and what Drover did wrong with none of its own', () => {
  const refused = engineError('conflict');
  expect(failureOf(refused)).toEqual({ reason: 'conflict', message: refused.message });
  expect(isBug(refused)).toBe(false);
  for (const bug of [new Error('secret-path/x.ts'), new InternalError('secret-path/x.ts'), 'thrown text', undefined]) {
    expect(failureOf(bug)).toEqual({ reason: 'internal', message: expect.not.stringContaining('secret') });
    expect(isBug(bug)).toBe(true);
  }
});
