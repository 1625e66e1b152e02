import { expect, test } from 'vitest';
import { suggestion } from '../../src/command/suggestion.ts';

test.each([
  ['upp', 'up'],
  ['lgos', 'logs'],
  ['restrat', 'restart'],
  ['hist', 'history'],
  ['zzz', undefined],
  ['', undefined],
])('%s means %s', (word, meant) => {
  expect(suggestion(word, ['up', 'logs', 'restart', 'history', 'down'])).toBe(meant);
});
