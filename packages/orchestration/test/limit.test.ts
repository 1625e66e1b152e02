import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Limit } from '../src/execute/limit.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The names of calls that take so long, in milliseconds, as they begin and end. */
class Calls {
  readonly log: string[] = [];

  constructor(limit: Limit, calls: Readonly<Record<string, number>>) {
    for (const [name, ms] of Object.entries(calls)) {
      void limit.run(async () => {
        this.log.push(`+${name}`);
        await new Promise((resolve) => setTimeout(resolve, ms));
        this.log.push(`-${name}`);
      });
    }
  }
}

test('so many at once, in the order in which they came', async () => {
  const { log } = new Calls(new Limit(2), { a: 30, b: 10, c: 40, d: 1 });
  await vi.runAllTimersAsync();
  expect(log).toEqual(['+a', '+b', '-b', '+c', '-a', '+d', '-d', '-c']);
});

test('what takes longer than the patience lends its place, and gets back no second one', async () => {
  const { log } = new Calls(new Limit(2, 100), { hangs: 1_000, stalls: 1_000, c: 30, d: 30, e: 30, f: 30 });
  await vi.advanceTimersByTimeAsync(99);
  expect(log).toEqual(['+hangs', '+stalls']);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toEqual(['+hangs', '+stalls', '+c', '+d']);
  await vi.advanceTimersByTimeAsync(100);
  expect(log).toEqual(['+hangs', '+stalls', '+c', '+d', '-c', '+e', '-d', '+f', '-e', '-f']);
});

test('a place that was lent is free once, whatever becomes of the call', async () => {
  const limit = new Limit(1, 100);
  const failing = limit.run(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    throw new Error('no such device');
  });
  const refused = expect(failing).rejects.toThrow('no such device');
  await vi.advanceTimersByTimeAsync(500);
  await refused;
  const { log } = new Calls(limit, { a: 10, b: 10 });
  await vi.advanceTimersByTimeAsync(5);
  expect(log).toEqual(['+a']);
});
