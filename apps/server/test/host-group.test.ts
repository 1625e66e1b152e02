import { setTimeout as delay } from 'node:timers/promises';
import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { afterEach, expect, test } from 'vitest';
import { ChangeFeed } from '../src/domain/change-feed.ts';
import { Containers } from '../src/domain/container/containers.ts';
import { statusLater } from '../src/domain/host/container-view.ts';
import { Host } from '../src/domain/host/host.ts';
import { Networks } from '../src/domain/resource/networks.ts';
import { Volumes } from '../src/domain/resource/volumes.ts';
import { createLog } from '../src/log.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** For a machine that is busy with other tests. */
const patiently = { timeout: 20_000 };

const task = (name: string) => ({
  'com.docker.stack.namespace': 'shop',
  'com.docker.swarm.service.name': 'shop_web',
  'com.docker.swarm.task.name': name,
  'com.docker.swarm.task.id': name.split('.')[2] ?? '',
});

async function openGroup() {
  const feed = new ChangeFeed();
  const engines = new Map<string, FakeEngine>();
  const hosts: Host[] = [];
  for (const name of ['n1', 'n2', 'n3']) {
    const engine = createFakeEngine();
    engine.control.addImage('web:1', { config: { Cmd: ['run'] }, behaviour: { logs: [`hello from ${name}`] } });
    engines.set(name, engine);
    const host = new Host({
      engine,
      endpoint: `agent:${name}`,
      name,
      readsTasks: true,
      sharesFiles: false,
      feed,
      log: createLog('silent'),
    });
    hosts.push(host);
    await host.start();
    stops.push(() => host.stop());
  }
  const group = { hosts: () => hosts };
  const containers = new Containers({ group, feed, blobs: undefined as never });
  stops.push(async () => containers.stop());
  return { engines, group, containers };
}

async function run(engine: FakeEngine | undefined, name: string, labels: Record<string, string>): Promise<string> {
  if (engine === undefined) throw new Error('no such engine');
  const { Id } = await engine.containers.create({ Image: 'web:1', Labels: labels }, { name });
  await engine.containers.start(Id);
  // Its events are on their way.
  await delay(100);
  return Id;
}

test('containers of all hosts are one list, tasks by their stack and service', async () => {
  const { engines, containers } = await openGroup();
  await run(engines.get('n1'), 'shop_web.1.aaa', task('shop_web.1.aaa'));
  await run(engines.get('n3'), 'shop_web.2.bbb', task('shop_web.2.bbb'));
  const list = await containers.list('shop');
  expect(list.map(({ name, service, number, host }) => ({ name, service, number, host }))).toEqual([
    { name: 'shop_web.1.aaa', service: 'web', number: 1, host: 'n1' },
    { name: 'shop_web.2.bbb', service: 'web', number: 2, host: 'n3' },
  ]);
});

test.each([
  ['Up Less than a second', 0.9, 'Up Less than a second'],
  ['Up Less than a second (health: starting)', 1.2, 'Up 1 second (health: starting)'],
  ['Up 1 second (healthy)', 41.7, 'Up 42 seconds (healthy)'],
  ['Exited (137) 30 seconds ago', 31, 'Exited (137) About a minute ago'],
  ['Restarting (1) 59 seconds ago', 61, 'Restarting (1) 2 minutes ago'],
  ['Up 3 minutes', 45, 'Up 3 minutes'],
  ['Created', 45, 'Created'],
])('%s is %d s later: %s', (status, seconds, later) => {
  expect(statusLater(status, seconds)).toBe(later);
});

test('how long a container runs is told as of now, on many hosts too', async () => {
  const { engines, containers } = await openGroup();
  await run(engines.get('n2'), 'shop_web.1.aaa', task('shop_web.1.aaa'));
  const told = async () => (await containers.list('shop'))[0]?.status;
  await expect.poll(told, patiently).toMatch(/^Up \d+ seconds?$/);
  const page = await containers.page({ sort: 'name', descending: false, limit: 10 });
  expect(page.containers[0]?.status).toMatch(/^Up \d+ seconds?$/);
});

test('what is done to a container goes to the host that has it, by id, by prefix and by name', async () => {
  const { engines, containers } = await openGroup();
  const id = await run(engines.get('n2'), 'shop_web.1.aaa', task('shop_web.1.aaa'));
  for (const name of [id, id.slice(0, 10), 'shop_web.1.aaa'])
    expect((await containers.inspect(name)).container).toMatchObject({ id, host: 'n2' });
  expect((await containers.stopContainer('shop_web.1.aaa', 0)).state).toBe('exited');
  expect((await engines.get('n2')?.containers.inspect(id))?.State.Status).toBe('exited');
  await expect(containers.inspect('nobody')).rejects.toThrow(/No such container: nobody/);
});

test('a name that two hosts have is refused with their names, and its id is not', async () => {
  const { engines, containers } = await openGroup();
  const id = await run(engines.get('n1'), 'twin', {});
  await run(engines.get('n2'), 'twin', {});
  await expect(containers.inspect('twin')).rejects.toThrow(
    'looking for the container twin: several hosts have one (n1, n2); use its id',
  );
  expect((await containers.inspect(id)).container.host).toBe('n1');
});

test('log lines of a stack come from all of its hosts', async () => {
  const { engines, containers } = await openGroup();
  await run(engines.get('n1'), 'shop_web.1.aaa', task('shop_web.1.aaa'));
  await run(engines.get('n2'), 'shop_web.2.bbb', task('shop_web.2.bbb'));
  const lines: string[] = [];
  const request = { follow: false, timestamps: false };
  for await (const { text } of containers.stackLogs('shop', undefined, request, AbortSignal.timeout(5000)))
    lines.push(text);
  expect(lines.sort()).toEqual(['hello from n1', 'hello from n2']);
});

test('of a host that is away a notice comes instead of its lines, and only where all are it is a failure', async () => {
  const { engines, containers } = await openGroup();
  await run(engines.get('n1'), 'shop_web.1.aaa', task('shop_web.1.aaa'));
  for (const name of ['shop_web.2.bbb', 'shop_web.3.ccc']) await run(engines.get('n2'), name, task(name));
  const read = async (): Promise<string[]> => {
    const lines: string[] = [];
    const request = { follow: false, timestamps: false };
    for await (const { stream, text } of containers.stackLogs('shop', undefined, request, AbortSignal.timeout(5000)))
      lines.push(`${stream}: ${text}`);
    return lines;
  };
  engines.get('n2')?.control.disconnect();
  expect(await read()).toEqual([expect.stringMatching(/^notice: lines of n2 are missing: /), 'stdout: hello from n1']);
  engines.get('n1')?.control.disconnect();
  await expect(read()).rejects.toMatchObject({ code: expect.stringMatching(/^(unreachable|connection-lost)$/) });
});

test('followed lines go on where they ended when a host is back, and those of others all the while', async () => {
  const { engines, containers } = await openGroup();
  const [n1, n2] = [engines.get('n1')!, engines.get('n2')!];
  const first = await run(n1, 'shop_web.1.aaa', task('shop_web.1.aaa'));
  const second = await run(n2, 'shop_web.2.bbb', task('shop_web.2.bbb'));
  const seen: string[] = [];
  const stop = new AbortController();
  const request = { follow: true, timestamps: false };
  const reading = (async () => {
    for await (const { stream, text } of containers.stackLogs('shop', undefined, request, stop.signal))
      seen.push(stream === 'notice' ? stream : text);
  })();
  await expect.poll(() => seen.length, patiently).toBe(2);
  seen.splice(0);
  await delay(100);
  n2.control.disconnect();
  await expect.poll(() => seen, patiently).toEqual(['notice']);
  n1.control.writeOutput(first, 'stdout', 'one goes on\n');
  n2.control.writeOutput(second, 'stdout', 'written while away\n');
  await expect.poll(() => seen, patiently).toEqual(['notice', 'one goes on']);
  n2.control.reconnect();
  await expect.poll(() => seen, patiently).toEqual(['notice', 'one goes on', 'written while away']);
  n2.control.writeOutput(second, 'stdout', 'and on\n');
  await expect.poll(() => seen.at(-1), patiently).toBe('and on');
  expect(seen).toHaveLength(4);
  stop.abort();
  await reading;
});

test('networks and volumes name their host, and a volume of two hosts is removed from the one that is said', async () => {
  const { engines, group } = await openGroup();
  for (const name of ['n1', 'n2']) await engines.get(name)?.volumes.create({ Name: 'data' });
  const volumes = new Volumes(group);
  expect((await volumes.list()).map(({ name, host }) => `${host}/${name}`)).toEqual(['n1/data', 'n2/data']);
  await expect(volumes.remove('data', 'data', undefined)).rejects.toThrow(/several hosts have one \(n1, n2\)/);
  await volumes.remove('data', 'data', 'n2');
  expect((await volumes.list()).map(({ name, host }) => `${host}/${name}`)).toEqual(['n1/data']);
  const networks = await new Networks(group).list();
  expect(networks.filter(({ name }) => name === 'bridge').map(({ host }) => host)).toEqual(['n1', 'n2', 'n3']);
});

test('who reads sees what happened a moment ago, on one host and on many', async () => {
  const { engines, containers, group } = await openGroup();
  const engine = engines.get('n2')!;
  const names = async () => (await containers.list(undefined)).map(({ name }) => name);
  // Of a burst the lists come with pauses; nobody who reads waits for them.
  for (let number = 0; number < 12; number += 1) {
    await engine.containers.create({ Image: 'web:1' }, { name: `made-${number}` });
    await delay(10);
    expect(await names()).toContain(`made-${number}`);
  }
  const alone = new Containers({
    group: { hosts: () => group.hosts().slice(1, 2) },
    feed: new ChangeFeed(),
    blobs: undefined as never,
  });
  await engine.containers.create({ Image: 'web:1' }, { name: 'last' });
  await delay(10);
  expect((await alone.list(undefined)).map(({ name }) => name)).toContain('last');
});

test('a host that is behind and does not answer holds a reader up for a second only', async () => {
  const { engines, containers } = await openGroup();
  await run(engines.get('n1'), 'web', {});
  const engine = engines.get('n2')!;
  engine.control.setLatency({ 'containers.list': 5000 });
  await engine.containers.create({ Image: 'web:1' }, { name: 'late' });
  await delay(10);
  const began = performance.now();
  expect((await containers.list(undefined)).map(({ name }) => name)).toContain('web');
  expect(performance.now() - began).toBeLessThan(4000);
});
