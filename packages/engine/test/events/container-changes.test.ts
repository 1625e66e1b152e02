import { setTimeout as sleep } from 'node:timers/promises';
import { type ContainerChange, type Engine, watchContainers } from '@drover/engine';
import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../contract/subject.ts';

let engine: FakeEngine;
let stop: AbortController;

beforeEach(() => {
  engine = createFakeEngine();
  engine.control.addImage('web', { config: { Cmd: ['run'] } });
  stop = new AbortController();
});
afterEach(() => stop.abort());

function watch(watched: Engine = engine) {
  const told: ContainerChange[] = [];
  const ended = (async () => {
    for await (const change of watchContainers(watched, { signal: stop.signal })) told.push(change);
  })();
  // Whoever cares awaits it.
  ended.catch(() => {});
  const types = () => told.map(({ type }) => type);
  return {
    told,
    ended,
    until: (type: string, count = 1) =>
      eventually(
        async () => types(),
        (all) => all.filter((each) => each === type).length >= count,
      ),
  };
}

const make = async (name: string) => (await engine.containers.create({ Image: 'web' }, { name })).Id;

it('lists what a burst of events touched once', async () => {
  const { told, until } = watch();
  await until('connected');
  engine.control.clearCalls();
  const ids = [await make('one'), await make('two'), await make('three')];
  await until('listed');
  expect(told.slice(1).map(({ type }) => type)).toEqual(['event', 'event', 'event', 'listed']);
  expect(told.at(-1)).toMatchObject({ covers: 3, ids, containers: { length: 3 } });
  expect(engine.control.calls.filter(({ name }) => name === 'containers.list')).toHaveLength(1);
});

it('lists less and less often in a burst, also where nothing happens during a list', async () => {
  const { told, until } = watch();
  await until('connected');
  engine.control.clearCalls();
  const began = performance.now();
  for (let number = 0; number < 12; number += 1) {
    await make(`one-after-the-other-${number}`);
    await sleep(40);
  }
  await eventually(
    async () => told.reduce((sum, change) => sum + (change.type === 'listed' ? change.covers : 0), 0),
    (covered) => covered === 12,
  );
  // At 25, 75, 175, 375, 775 ms, and so on.
  const most = 1 + Math.ceil(Math.log2(1 + (performance.now() - began) / 25));
  expect(engine.control.calls.filter(({ name }) => name === 'containers.list').length).toBeLessThanOrEqual(most);
});

it('lists all where many were touched', async () => {
  const { told, until } = watch();
  await until('connected');
  for (let number = 0; number < 60; number += 1) await make(`many-${number}`);
  await eventually(
    async () => told.reduce((sum, change) => sum + (change.type === 'listed' ? change.covers : 0), 0),
    (covered) => covered === 60,
  );
  const last = told.findLast((change) => change.type === 'listed');
  expect(last).toMatchObject({ containers: { length: 60 } });
  expect(last).not.toHaveProperty('ids');
});

it('asks an engine that lists an ended container as running, which answers once it has cleaned up', async () => {
  const plain = engine.containers;
  const id = await make('one');
  await plain.start(id);
  const [running] = await plain.list({ all: true });
  let isCleaning = false;
  const asked: string[] = [];
  const containers: FakeEngine['containers'] = {
    ...plain,
    list: async (options) => (isCleaning ? [running!] : await plain.list(options)),
    inspect: async (asking, options) => {
      asked.push(asking);
      await sleep(20);
      isCleaning = false;
      return await plain.inspect(asking, options);
    },
  };
  const { told, until } = watch({ ...engine, containers });
  await until('connected');
  isCleaning = true;
  await plain.kill(id);
  await until('listed');
  expect(told.find(({ type }) => type === 'listed')).toMatchObject({ ids: [id], containers: [{ State: 'exited' }] });
  // One that was started again is running, and nobody is asked.
  await plain.start(id);
  await plain.kill(id);
  await plain.start(id);
  await until('listed', 2);
  expect(told.at(-1)).toMatchObject({ ids: [id], containers: [{ State: 'running' }] });
  expect(asked).toEqual([id]);
});

it('tells that the engine went, and everything when it is back', async () => {
  const { told, until } = watch();
  await until('connected');
  const id = await make('one');
  await until('listed');
  engine.control.disconnect();
  await until('lost');
  engine.control.reconnect();
  await until('connected', 2);
  expect(told.findLast(({ type }) => type === 'connected')).toMatchObject({ containers: [{ Id: id }] });
});

it('tells everything anew after a list that failed', async () => {
  const { told, until } = watch();
  await until('connected');
  engine.control.fail({ call: 'containers.list', code: 'server', reason: 'out of memory' });
  const id = await make('one');
  await until('connected', 2);
  expect(told.at(-1)).toMatchObject({ type: 'connected', containers: [{ Id: id }] });
});

it('ends with the reason where the engine listens and does not answer', async () => {
  engine.control.fail({ call: 'system.info', code: 'server', reason: 'out of memory' });
  const { ended } = watch();
  await expect(ended).rejects.toThrow('out of memory');
});

it('drops what nobody reads, and then tells everything', async () => {
  const changes = watchContainers(engine, { signal: stop.signal })[Symbol.asyncIterator]();
  expect((await changes.next()).value).toMatchObject({ type: 'connected', containers: [] });
  for (let number = 0; number < 4200; number += 1) await make(`many-${number}`);
  const next = await changes.next();
  expect(next.value?.type).toBe('connected');
  let known = next.value?.type === 'connected' ? next.value.containers.length : 0;
  while (known < 4200) {
    const { value } = await changes.next();
    if (value?.type === 'connected') known = value.containers.length;
    if (value?.type === 'listed')
      known = value.ids === undefined ? value.containers.length : known + value.containers.length;
  }
  expect(known).toBe(4200);
});

it('ends with its signal', async () => {
  const { ended, until } = watch();
  await until('connected');
  stop.abort();
  await ended;
});
