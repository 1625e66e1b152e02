import { expect, test } from 'vitest';
import { parseSeconds } from '../../src/command/duration.ts';

test.each([
  ['10', 10],
  ['1.5s', 1.5],
  ['1m30s', 90],
  ['2h', 7200],
  ['1d', 86_400],
  ['500ms', 0.5],
  ['', undefined],
  ['-1', undefined],
  ['1x', undefined],
  ['s', undefined],
  ['1m 30s', undefined],
])('%j is %s seconds', (text, seconds) => {
  expect(parseSeconds(text)).toBe(seconds);
});
