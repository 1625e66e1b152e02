import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Starts } from '../src/execute/starts.ts';

/** How long each of some containers, started by calls of so many milliseconds at once, has to run on. */
async function settling(calls: readonly number[], settleMs: number): Promise<readonly number[]> {
  const starts = new Starts();
  await Promise.all(calls.map((ms, index) => starts.note(`c${index}`, () => sleep(ms))));
  return calls.map((_, index) => starts.settledAt(`c${index}`, settleMs) - (starts.at(`c${index}`) as number));
}

test('a container has to run on for what is asked, and longer where its start took long', async () => {
  expect(await settling([5], 100)).toEqual([100]);
  const [ms = 0] = await settling([900], 100);
  expect(ms).toBeGreaterThanOrEqual(300);
  expect(ms).toBeLessThan(1_200);
});

test('starts at once are not taken for a slow engine', async () => {
  expect(await settling([300, 300, 300, 300], 100)).toEqual([100, 100, 100, 100]);
});

test('a start that failed, or one of which nobody knows how long it took, demands nothing', async () => {
  const starts = new Starts();
  await expect(starts.note('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(starts.at('a')).toBeUndefined();
  expect(starts.settledAt('a', 100)).toBe(Number.NEGATIVE_INFINITY);
  starts.noteEnd('b');
  expect(starts.settledAt('b', 100)).toBe((starts.at('b') as number) + 100);
});
