import type { ChangeEvent, LogLine } from '@drover/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ChangeFeed, mostUnread } from '../src/domain/change-feed.ts';
import { justAfter, parseMoment } from '../src/domain/container/log-time.ts';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.engine.control.addImage('tool:1', { config: { Cmd: ['run'] } });
});
afterEach(() => stage.stop());

async function make(service: string, start = true): Promise<string> {
  const { Id } = await stage.engine.containers.create(
    {
      Image: 'tool:1',
      Labels: {
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': service,
        'com.docker.compose.container-number': '1',
        'com.docker.compose.oneoff': 'False',
      },
    },
    { name: `shop-${service}-1` },
  );
  if (start) await stage.engine.containers.start(Id);
  return Id;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 15));

test('lines of a stack come in the order of their times, with their service', async () => {
  const [a, b] = [await make('a'), await make('b')];
  for (let i = 0; i < 3; i += 1) {
    stage.engine.control.writeOutput(a, 'stdout', `a${i}\n`);
    await pause();
    stage.engine.control.writeOutput(b, 'stderr', `b${i}\n`);
    await pause();
  }
  const lines: LogLine[] = [];
  for await (const line of await stage.client.containers.stackLogs({ name: 'shop', timestamps: true }))
    lines.push(line);
  expect(lines.map(({ service, text }) => `${service} ${text}`)).toEqual([
    'a a0',
    'b b0',
    'a a1',
    'b b1',
    'a a2',
    'b b2',
  ]);
  expect(lines[1]).toMatchObject({ stream: 'stderr', container: 'shop-b-1', at: expect.stringMatching(/^\d{4}-.*Z$/) });
  const some: LogLine[] = [];
  for await (const line of await stage.client.containers.stackLogs({ name: 'shop', services: ['b'], tail: 1 }))
    some.push(line);
  expect(some).toEqual([{ service: 'b', container: 'shop-b-1', stream: 'stderr', text: 'b2' }]);
});

test('following goes on with containers that start later, and each line comes once', async () => {
  const a = await make('a');
  const b = await make('b', false);
  stage.engine.control.writeOutput(a, 'stdout', 'before\n');
  const seen: string[] = [];
  const logs = await stage.client.containers.stackLogs({ name: 'shop', follow: true });
  const reading = (async () => {
    for await (const { text } of logs) {
      seen.push(text);
      if (text === 'the end') return;
    }
  })();
  await expect.poll(() => seen).toEqual(['before']);
  await pause();
  stage.engine.control.writeOutput(a, 'stdout', 'after\n');
  await stage.engine.containers.start(b);
  await expect.poll(() => seen).toEqual(['before', 'after']);
  await new Promise((resolve) => setTimeout(resolve, 200));
  stage.engine.control.writeOutput(b, 'stdout', 'the end\n');
  await reading;
  expect(seen).toEqual(['before', 'after', 'the end']);
});

test('one container is sampled once, however many look, and no more when nobody does', async () => {
  const a = await make('a');
  stage.engine.control.clearCalls();
  const first = await stage.client.containers.stats({ id: a });
  const second = await stage.client.containers.stats({ id: 'shop-a-1' });
  for (const stats of [first, second]) {
    const { value } = await stats.next();
    expect(value).toMatchObject({ memoryBytes: expect.any(Number), cpuPercent: expect.any(Number) });
  }
  expect(stage.engine.control.calls.filter(({ name }) => name === 'containers.stats')).toHaveLength(1);
  await first.return?.();
  await second.return?.();
});

test('what changes is told, and of one stack alone where asked for', async () => {
  const events = await stage.client.system.events({ stack: 'shop' });
  const seen: ChangeEvent[] = [];
  const reading = (async () => {
    for await (const event of events) {
      seen.push(event);
      if (event.type === 'container' && event.action === 'start') return;
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await make('a');
  await reading;
  expect(seen.at(-1)).toMatchObject({ type: 'container', stack: 'shop', service: 'a', name: 'shop-a-1' });
  // What was told can be read: it is no older than the event.
  const [view] = await stage.client.containers.list({ stack: 'shop' });
  expect(view).toMatchObject({ state: 'running' });
});

test('a subscriber that does not keep up gets one resync instead of what it missed', async () => {
  const feed = new ChangeFeed();
  const stop = new AbortController();
  const events = feed.subscribe(stop.signal)[Symbol.asyncIterator]();
  for (let i = 0; i < 3 * mostUnread; i += 1) feed.publish({ type: 'stack', stack: `s${i}` });
  expect((await events.next()).value).toEqual({ type: 'resync' });
  const rest: unknown[] = [];
  setTimeout(() => stop.abort(), 20);
  for (let step = await events.next(); !step.done; step = await events.next()) rest.push(step.value);
  expect(rest.length).toBeLessThanOrEqual(mostUnread);
  expect(rest.at(-1)).toEqual({ type: 'stack', stack: `s${3 * mostUnread - 1}` });
});

test.each([
  ['10m', '1700000400.000'],
  ['1h30m', '1699995600.000'],
  ['1700000000', '1700000000'],
  ['2023-11-14T22:13:20.5Z', '1700000000.500000000'],
])('the moment %s is %s for the engine', (text, seconds) => {
  expect(parseMoment(text, new Date(1_700_001_000_000))).toBe(seconds);
});

test.each(['yesterday', '10 parsecs', '2023-99-99', ''])('%j is no moment', (text) => {
  expect(() => parseMoment(text, new Date())).toThrow('is neither a time nor a time span');
});

test('reading goes on one nanosecond later', () => {
  expect(justAfter('2023-11-14T22:13:20.123456789Z')).toBe('1700000000.123456790');
  expect(justAfter('2023-11-14T22:13:20.999999999Z')).toBe('1700000001.000000000');
});
