import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ChangeQueue } from '../../src/watch/change-queue.ts';

const forever = new AbortController().signal;

test('changes that come together are one batch, each path once', async () => {
  const queue = new ChangeQueue({ quietMs: 20 });
  for (const path of ['/b', '/a', '/b']) queue.add(path);
  expect(await queue.next(forever)).toEqual({ paths: ['/a', '/b'], everything: false });
  const next = queue.next(forever);
  queue.add('/c');
  expect(await next).toEqual({ paths: ['/c'], everything: false });
});

test('a batch is not kept back for ever by changes that go on', async () => {
  const queue = new ChangeQueue({ quietMs: 1_000, longestMs: 40 });
  queue.add('/a');
  await sleep(20);
  queue.add('/b');
  const begun = performance.now();
  expect((await queue.next(forever))?.paths).toEqual(['/a', '/b']);
  expect(performance.now() - begun).toBeLessThan(500);
});

test('too many paths are told as everything, and hold no memory', async () => {
  const queue = new ChangeQueue({ quietMs: 1, mostPaths: 3 });
  for (let index = 0; index < 100; index += 1) queue.add(`/${index}`);
  expect(await queue.next(forever)).toEqual({ paths: [], everything: true });
  queue.add('/a');
  expect(await queue.next(forever)).toEqual({ paths: ['/a'], everything: false });
});

test('a signal ends the wait', async () => {
  const stop = new AbortController();
  const next = new ChangeQueue().next(stop.signal);
  stop.abort();
  expect(await next).toBeUndefined();
});
