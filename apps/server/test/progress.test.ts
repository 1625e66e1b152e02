import type { DeploymentEvent } from '@drover/contract';
import { beforeEach, expect, test, vi } from 'vitest';
import { Progress } from '../src/domain/deployment/progress.ts';

const step = (id: number): DeploymentEvent =>
  ({ type: 'operation', id: `${id}`, status: 'done' }) as unknown as DeploymentEvent;
const end = { type: 'ended' } as unknown as DeploymentEvent;

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function reader(progress: Progress, signal = new AbortController().signal) {
  const heard: { readonly at: number; readonly event: DeploymentEvent }[] = [];
  const done = (async () => {
    for await (const event of progress.read(signal)) heard.push({ at: performance.now(), event });
  })();
  return { heard, done };
}

test('the first event comes at once, what follows in portions, the end at once', async () => {
  const progress = new Progress();
  const { heard, done } = reader(progress);
  const began = performance.now();
  await vi.advanceTimersByTimeAsync(1000);
  for (let id = 0; id < 100; id += 1) {
    progress.add(step(id));
    await vi.advanceTimersByTimeAsync(5);
  }
  progress.add(step(100));
  progress.add(end);
  await done;
  expect(heard.map(({ event }) => event)).toEqual([...Array.from({ length: 101 }, (_, id) => step(id)), end]);
  const moments = [...new Set(heard.map(({ at }) => at - began))];
  expect(moments).toEqual([1000, 1050, 1100, 1150, 1200, 1250, 1300, 1350, 1400, 1450, 1500]);
});

test('a late reader gets everything in one go, and one that leaves leaves nothing', async () => {
  const progress = new Progress();
  progress.add(step(1));
  progress.add(step(2));
  const leave = new AbortController();
  const { heard, done } = reader(progress, leave.signal);
  await vi.advanceTimersByTimeAsync(0);
  expect(heard).toHaveLength(2);
  progress.add(step(3));
  progress.add(step(4));
  await vi.advanceTimersByTimeAsync(0);
  progress.add(step(5));
  await vi.advanceTimersByTimeAsync(1);
  leave.abort();
  await done;
  expect(vi.getTimerCount()).toBe(0);
});
