import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Starts } from '../src/execute/starts.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** How long each of some containers, started by calls of so many milliseconds at once, has to run on. */
async function settling(calls: readonly number[], settleMs: number): Promise<readonly number[]> {
  const starts = new Starts();
  const started = calls.map((ms, index) =>
    starts.note(`c${index}`, () => new Promise((resolve) => setTimeout(resolve, ms))),
  );
  await vi.runAllTimersAsync();
  await Promise.all(started);
  return calls.map((_, index) => starts.settledAt(`c${index}`, settleMs) - (starts.at(`c${index}`) as number));
}

test('a container has to run on for what is asked, and longer where its start took long, to a bound', async () => {
  expect(await settling([5], 100)).toEqual([100]);
  expect(await settling([900], 100)).toEqual([300]);
  expect(await settling([60_000], 100)).toEqual([5_000]);
});

test('starts at once are not taken for a slow engine', async () => {
  expect(await settling([900, 900, 900, 900], 100)).toEqual([100, 100, 100, 100]);
  expect(await settling([900, 900], 100)).toEqual([150, 150]);
});

test('a start that failed, or one of which nobody knows how long it took, demands nothing', async () => {
  const starts = new Starts();
  await expect(starts.note('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(starts.at('a')).toBeUndefined();
  expect(starts.settledAt('a', 100)).toBe(Number.NEGATIVE_INFINITY);
  starts.noteEnd('b');
  expect(starts.settledAt('b', 100)).toBe((starts.at('b') as number) + 100);
});
