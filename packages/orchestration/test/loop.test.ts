import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Loop } from '../src/reconcile/loop.ts';

test('runs at once, again when woken, and once more for a wake during a run; never two at a time', async () => {
  let runs = 0;
  let under = 0;
  let most = 0;
  const loop = new Loop({
    everyMs: 60_000,
    run: async () => {
      runs += 1;
      under += 1;
      most = Math.max(most, under);
      await sleep(20);
      under -= 1;
    },
  });
  loop.start();
  await sleep(5);
  loop.wake();
  loop.wake();
  await sleep(80);
  expect(runs).toBe(2);
  loop.wake();
  await sleep(40);
  expect(runs).toBe(3);
  expect(most).toBe(1);
  await loop.stop();
  loop.wake();
  await sleep(30);
  expect(runs).toBe(3);
});

test('goes on after a failure, by its timer, and ends the run under way when it is stopped', async () => {
  const errors: unknown[] = [];
  let runs = 0;
  let ended = false;
  const loop = new Loop({
    everyMs: 10,
    onError: (thrown) => errors.push(thrown),
    run: async (signal) => {
      runs += 1;
      if (runs === 1) throw new Error('no luck');
      await sleep(60_000, undefined, { signal }).catch(() => {});
      ended = true;
    },
  });
  loop.start();
  await sleep(60);
  expect(errors).toHaveLength(1);
  expect(runs).toBe(2);
  await loop.stop();
  expect(ended).toBe(true);
});

test('wakes that do not end do not put off a run, and how long they are gathered is read anew', async () => {
  let runs = 0;
  let settleMs = 30;
  const loop = new Loop({
    everyMs: 60_000,
    settleMs: () => settleMs,
    run: async () => {
      runs += 1;
    },
  });
  loop.start();
  await sleep(5);
  const waking = setInterval(() => loop.wake(), 5);
  await sleep(200);
  expect(runs).toBeGreaterThan(2);
  expect(runs).toBeLessThan(9);
  settleMs = 60_000;
  await sleep(50);
  const before = runs;
  await sleep(100);
  clearInterval(waking);
  expect(runs).toBe(before);
  await loop.stop();
});
