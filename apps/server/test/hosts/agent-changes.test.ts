import { setTimeout as delay } from 'node:timers/promises';
import type { ChangeEvent } from '@drover/contract';
import {
  type ContainerChange,
  type ContainerListOptions,
  changeLines,
  type Engine,
  watchContainers,
  writeChange,
} from '@drover/engine';
import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { type AgentAnswer, paths } from '@drover/tunnel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPair, type TunnelPair } from '../../../../packages/tunnel/test/tunnel-pair.ts';
import { ChangeFeed } from '../../src/domain/change-feed.ts';
import { Host } from '../../src/domain/host/host.ts';
import { agentChanges } from '../../src/domain/host/host-changes.ts';
import { createLog } from '../../src/log.ts';
import { until } from './fake-agent.ts';

let engine: FakeEngine;
let pair: TunnelPair | undefined;
let host: Host;
let liveness: EventTarget;
let heard: ChangeEvent[];
let engineStates: boolean[];
const stops: (() => Promise<unknown>)[] = [];

/** What the agent answers when it is asked what changes. */
let answer: (signal: AbortSignal) => AgentAnswer;
let asked: number;

beforeEach(() => {
  engine = createFakeEngine();
  engine.control.addImage('web', { config: { Cmd: ['run'] } });
  asked = 0;
  engineStates = [];
  heard = [];
  answer = (signal) => ({ status: 200, stream: changeLines(engine, { signal }) });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function connect(): Promise<void> {
  const opened = await openPair({
    answer: async ({ path, signal }) => {
      if (path !== paths.changes) return { status: 404, body: { reason: 'path', message: 'there is no such path' } };
      asked += 1;
      return answer(signal);
    },
  });
  pair = opened;
  stops.push(async () => await opened[Symbol.asyncDispose]());
  void opened.tunnel.closed.then(() => {
    if (pair === opened) pair = undefined;
  });
}

async function start({ relistMs = 60_000, asked: askedEngine = engine as Engine } = {}): Promise<void> {
  const feed = new ChangeFeed();
  const stop = new AbortController();
  liveness = new EventTarget();
  const events = feed.subscribe(stop.signal);
  const hearing = (async () => {
    for await (const event of events) heard.push(event);
  })();
  host = new Host({
    engine: askedEngine,
    changes: agentChanges({
      engine,
      reach: () => {
        if (pair === undefined) throw new Error('the host web is unreachable');
        return pair.tunnel;
      },
      onEngine: (isThere) => engineStates.push(isThere),
    }),
    endpoint: 'the host web',
    name: 'web',
    sharesFiles: false,
    feed,
    log: createLog('silent'),
    relistMs,
    liveness,
  });
  stops.push(async () => {
    stop.abort();
    await hearing;
  });
  stops.push(() => host.stop());
  await host.start();
}

/** Lets the test say line by line what the agent tells, after what stands. */
function tellByHand() {
  const queue: ContainerChange[] = [];
  let wake = () => {};
  answer = (signal) => ({
    status: 200,
    stream: (async function* () {
      const first = watchContainers(engine, { signal })[Symbol.asyncIterator]();
      const told = (await first.next()).value as ContainerChange;
      await first.return?.();
      yield writeChange(told);
      while (!signal.aborted) {
        const next = queue.shift();
        if (next !== undefined) yield writeChange(next);
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    })(),
  });
  stops.push(async () => wake());
  return (change: ContainerChange) => {
    queue.push(change);
    wake();
  };
}

const make = async (name: string) => (await engine.containers.create({ Image: 'web' }, { name })).Id;
const names = () => [...host.knownContainers()].flatMap(({ Names }) => Names).sort();
const lists = () => engine.control.calls.filter(({ name }) => name === 'containers.list').length;
const actions = () => heard.flatMap((event) => (event.type === 'container' ? [`${event.action} ${event.name}`] : []));

test('what an agent tells is known without a question over the network, before subscribers hear of it', async () => {
  await make('before');
  await connect();
  await start();
  expect(host.state).toMatchObject({ state: 'connected' });
  expect(names()).toEqual(['/before']);
  engine.control.clearCalls();
  const id = await make('after');
  await engine.containers.start(id);
  await until(() => actions().includes('start after'));
  expect(host.knownViews().find((view) => view.name === 'after')).toMatchObject({ state: 'running', host: 'web' });
  // The agent's own; the host would make another one for each.
  expect(lists()).toBeLessThanOrEqual(2);
  await engine.containers.remove(id, { force: true });
  await until(() => names().length === 1);
  expect(engineStates).toEqual([true]);
});

test('an inspect is dropped with the event, not with the list', async () => {
  await connect();
  await start();
  const id = await make('web-1');
  await until(() => names().length === 1);
  const [summary] = host.knownContainers();
  host.keepInspect(await engine.containers.inspect(id), host.eventCount);
  expect(host.knownInspect(summary!)).toBeDefined();
  await engine.containers.rename(id, 'web-2');
  await until(() => host.knownInspect(summary!) === undefined);
});

test('a list that was asked for from here is not overwritten by an older one of the agent', async () => {
  const id = await make('web-1');
  await engine.containers.start(id);
  const older = await engine.containers.list({ all: true });
  const tell = tellByHand();
  await connect();
  await start();
  await engine.containers.kill(id);
  host.invalidate();
  expect((await host.containers())[0]?.State).toBe('exited');
  tell({ type: 'listed', covers: 0, ids: [id], containers: older });
  for (let look = 0; look < 20; look += 1) {
    expect([...host.knownContainers()].map(({ State }) => State)).toEqual(['exited']);
    await delay(10);
  }
});

test('who reads after a change from here sees it, whatever older list the agent has told meanwhile', async () => {
  const id = await make('web-1');
  await engine.containers.start(id);
  const older = await engine.containers.list({ all: true });
  const tell = tellByHand();
  await connect();
  await start();
  await engine.containers.kill(id);
  host.invalidate();
  tell({ type: 'listed', covers: 0, containers: older });
  await delay(50);
  expect((await host.containers())[0]?.State).toBe('exited');
});

test('a list that was under way when the agent told everything does not undo that', async () => {
  const tell = tellByHand();
  // The engine has listed, and its answer is on its way.
  const arrived = Promise.withResolvers<void>();
  const containers = {
    ...engine.containers,
    list: async (options?: ContainerListOptions) => {
      const found = await engine.containers.list(options);
      await arrived.promise;
      return found;
    },
  };
  await connect();
  await start({ asked: { ...engine, containers } });
  host.invalidate();
  const reading = host.containers();
  await delay(10);
  const id = await make('web-1');
  const info = await engine.system.info();
  tell({ type: 'connected', info, apiVersion: '1.51', containers: await engine.containers.list({ all: true }) });
  await until(() => names().includes('/web-1'));
  arrived.resolve();
  await reading;
  await until(() => names().includes('/web-1'));
  expect([...host.knownContainers()].map(({ Id }) => Id)).toEqual([id]);
});

test('an agent that does not know how to tell is watched as before', async () => {
  answer = () => ({ status: 404, body: { reason: 'path', message: 'this agent (0.0.9) does not know it' } });
  await connect();
  await start();
  await make('web-1');
  await until(() => actions().includes('create web-1'));
  expect(names()).toEqual(['/web-1']);
  expect(asked).toBe(1);
  // Its next tunnel may be that of a newer one.
  answer = (signal) => ({ status: 200, stream: changeLines(engine, { signal }) });
  engine.control.disconnect();
  await until(() => host.state.state === 'unreachable');
  engine.control.reconnect();
  await until(() => asked > 1 && host.state.state === 'connected');
});

test('a tunnel that ends is a loss, and what the next one tells counts', async () => {
  await make('web-1');
  await connect();
  await start();
  pair?.tunnel.close('the test ends it');
  await until(() => host.state.state === 'unreachable');
  expect(names()).toEqual(['/web-1']);
  await make('web-2');
  await connect();
  liveness.dispatchEvent(new Event('alive'));
  await until(() => host.state.state === 'connected');
  expect(names()).toEqual(['/web-1', '/web-2']);
  // How often it is looked for in vain in between is a matter of time.
  expect(engineStates.filter((isThere, index) => isThere !== engineStates[index - 1])).toEqual([true, false, true]);
});

test('an engine that goes is told, and comes back by itself', async () => {
  await connect();
  await start();
  engine.control.disconnect();
  await until(() => host.state.state === 'unreachable');
  expect(engineStates).toEqual([true, false]);
  engine.control.reconnect();
  await until(() => host.state.state === 'connected');
  expect(engineStates).toEqual([true, false, true]);
  expect(asked).toBe(1);
});

test.each([
  [
    'a container of another shape',
    '{"type":"listed","covers":0,"ids":["x"],"containers":[{"Id":"x"}]}',
    'Image is no text',
  ],
  ['no JSON', '{"type":', 'JSON'],
  ['another word', '{"type":"exec"}', 'no known type'],
])(
  'an agent that tells nonsense (%s) is unreachable with the reason, and what was known stays',
  async (_, line, why) => {
    await make('web-1');
    const good = answer;
    answer = (signal) => ({
      status: 200,
      stream: (async function* () {
        for await (const text of good(signal).stream ?? []) yield `${text}${line}\n`;
      })(),
    });
    await connect();
    await start({ relistMs: 50 });
    await until(() => host.state.state === 'unreachable');
    expect(host.state).toMatchObject({ reason: expect.stringContaining(why) });
    expect(host.state).toMatchObject({
      reason: expect.stringContaining('what its agent tells makes no sense (line 2)'),
    });
    // That its engine can be asked does not make it connected: nobody would hear what changes.
    await delay(150);
    expect(host.state.state).toBe('unreachable');
    expect(names()).toEqual(['/web-1']);
  },
);

test('an agent that tells of events without end and never of a container is cut off', async () => {
  const event = {
    type: 'event',
    event: { Type: 'container', Action: 'start', Actor: { ID: 'x', Attributes: {} }, scope: 'local', time: 1 },
  };
  answer = (signal) => ({
    status: 200,
    stream: (async function* () {
      const first = watchContainers(engine, { signal })[Symbol.asyncIterator]();
      yield writeChange((await first.next()).value as ContainerChange);
      await first.return?.();
      for (let nano = 1; !signal.aborted; nano += 1) {
        yield `${JSON.stringify({ ...event, event: { ...event.event, timeNano: `${nano}` } })}\n`;
        if (nano > 40_000) await delay(5);
      }
    })(),
  });
  await connect();
  await start();
  await until(() => host.state.state === 'unreachable');
  expect(host.state).toMatchObject({ reason: expect.stringContaining('16385 events have no list') });
});
