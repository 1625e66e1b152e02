import { expect, test } from 'vitest';
import { readLabels } from '../../src/commands/host/label.ts';
import { upgradeLine } from '../../src/commands/host/upgrade.ts';

test('labels are set with NAME=VALUE and taken away with NAME-', () => {
  expect(readLabels(['zone=a', 'empty=', 'odd=x=y', 'old-'])).toEqual({
    set: { zone: 'a', empty: '', odd: 'x=y' },
    unset: ['old'],
  });
  for (const wrong of ['zone', '=a', '-']) expect(() => readLabels([wrong])).toThrow('is neither NAME=VALUE nor NAME-');
});

test('an upgrade tells each step in a line', () => {
  expect(upgradeLine({ host: 'a', step: 'waiting' })).toBeUndefined();
  expect(upgradeLine({ host: 'a', step: 'sending', version: '2.0.0' })).toBe('a: sending 2.0.0');
  expect(upgradeLine({ host: 'a', step: 'done', version: '2.0.0' })).toBe('a: runs 2.0.0');
  expect(upgradeLine({ host: 'a', step: 'failed', message: 'no room' })).toBe('a: not upgraded: no room');
});
