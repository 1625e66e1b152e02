import { expect, test } from 'vitest';
import { failureLines } from '../../src/progress/failure-lines.ts';
import { plainPaint } from '../../src/terminal/style.ts';
import { chooseSymbols } from '../../src/terminal/symbols.ts';
import { deployment } from './events.ts';

const options = { paint: plainPaint, symbols: chooseSymbols({ LANG: 'C' }), directory: '/work/shop' };

test('the last lines of what failed, why, and what serves', () => {
  const failed = deployment({
    state: 'failed',
    previousRevision: 6,
    servingRevision: 6,
    failure: {
      reason: 'unhealthy',
      message: 'waiting for 9b932ff40446_shop-db-1 to be healthy: its health check failed 2 times',
      container: '9b932ff40446_shop-db-1',
      logs: ['starting\u001b[2J', 'cannot find disk'],
    },
  });
  expect(failureLines(failed, options)).toEqual([
    'The last 2 lines of shop-db-1:',
    '  starting',
    '  cannot find disk',
    'x deploy of shop failed: waiting for shop-db-1 to be healthy: its health check failed 2 times',
    'Revision 6 of shop serves, as before.',
  ]);
});

test('a finding with its place stands for the message that it repeats', () => {
  const message = 'the volume shared belongs to the project theirs';
  const origin = { file: '/work/shop/compose.yaml', line: 6, column: 5 };
  const failed = deployment({
    state: 'failed',
    failure: { reason: 'plan', message, diagnostics: [{ severity: 'error', code: 'owned', message, origin }] },
  });
  expect(failureLines(failed, options)).toEqual([
    `x deploy of shop failed: compose.yaml:6:5: ${message}`,
    'No revision of shop serves.',
  ]);
});

test('cancelled', () => {
  const cancelled = deployment({
    state: 'cancelled',
    failure: { reason: 'cancelled', message: 'shop was cancelled' },
    servingRevision: 6,
  });
  expect(failureLines(cancelled, options)).toEqual(['x deploy of shop was cancelled', 'Revision 6 of shop serves.']);
});
