import { createFakeSwarm, type FakeSwarm } from '@drover/engine/fake';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EnvironmentHosts, JoinedHost } from '../src/domain/environment/environment-hosts.ts';
import { compose, follow, succeed } from './stage/follow.ts';
import { type Client, openStage, type Stage } from './stage/stage.ts';

const broken = { exitAfter: 5, exitCode: 3, logs: ['no database\n'] };

let fake: FakeSwarm;
let stage: Stage;
let prod: Client;
let joined: string[];
const listeners = new Set<(id: string) => void>();

/** The fake engines as hosts that joined. */
function hostsOf(swarm: FakeSwarm): EnvironmentHosts {
  const hostOf = (name: string): JoinedHost => ({
    id: `id-${name}`,
    name,
    labels: {},
    availability: 'active',
    reachable: true,
    address: swarm.addressOf(name),
    ipvs: true,
  });
  return {
    list: () => joined.map(hostOf),
    get: (id) => joined.map(hostOf).find((host) => host.id === id),
    engineOf: (id) => swarm.engine(id.slice('id-'.length)),
    setPhase: async () => {},
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function join(name: string): void {
  joined.push(name);
  for (const listener of listeners) listener(`id-${name}`);
}

async function until<Value>(ask: () => Promise<Value>, is: (value: Value) => boolean): Promise<Value> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await ask();
    if (is(value)) return value;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

beforeEach(async () => {
  fake = createFakeSwarm({ nodes: 3, managers: 0 });
  for (const image of ['web:1', 'web:2', 'db:1']) {
    fake.addImage(image, { config: { Cmd: ['run'] }, behaviour: { logs: [`${image} is up`] } });
    fake.publishImage(image, { config: { Cmd: ['run'] } });
  }
  fake.addImage('broken:1', { config: { Cmd: ['run'] }, behaviour: broken });
  fake.publishImage('broken:1', { config: { Cmd: ['run'] }, behaviour: broken });
  joined = ['n1', 'n2', 'n3'];
  listeners.clear();
  stage = await openStage({ hosts: { prod: hostsOf(fake) } });
  await stage.client.environments.create({ name: 'prod', kind: 'swarm' });
  prod = stage.clientOf('prod');
});

afterEach(async () => {
  await stage.stop();
});

const ready = () =>
  until(
    () => prod.cluster.get(),
    ({ state }) => state === 'ready',
  );

const file = (web: string) =>
  compose(`
services:
  web:
    image: ${web}
    depends_on: [db]
    deploy: {replicas: 2}
  db:
    image: db:1
`);

test('hosts that join become a Swarm with as many managers as they allow', async () => {
  const swarm = await ready();
  expect(swarm.quorum).toMatchObject({ managers: 3, reachable: 3, spare: 1 });
  expect(swarm.nodes.map(({ name, hostId }) => [name, hostId])).toEqual([
    ['n1', 'id-n1'],
    ['n2', 'id-n2'],
    ['n3', 'id-n3'],
  ]);
  expect(swarm.wantedManagers).toEqual({ mode: 'automatic' });
  const environments = await stage.client.environments.list();
  expect(environments.find(({ name }) => name === 'prod')).toMatchObject({ kind: 'swarm', state: 'connected' });
});

test('a stack is deployed, shown with its hosts, changed, rolled back and removed', async () => {
  await ready();
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source: file('web:1') }));
  const stack = await prod.stacks.get({ name: 'shop' });
  expect(stack).toMatchObject({ state: 'running', revision: 1, running: 3, wanted: 3 });
  const web = stack.serviceStates.find(({ name }) => name === 'web');
  expect(web?.containers.every(({ host }) => joined.includes(host ?? ''))).toBe(true);
  expect((await prod.stacks.plan({ name: 'shop', source: file('web:1') })).empty).toBe(true);

  const plan = await prod.stacks.plan({ name: 'shop', source: file('web:2') });
  expect(plan.services.find(({ service }) => service === 'web')?.causes.join()).toMatch(
    /image changed: web:1.* → web:2/,
  );
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source: file('web:2') }));
  const image = async () => {
    const services = await fake.engine('n1').services.list();
    return services
      .find(({ Spec }) => Spec.Name === 'shop_web')
      ?.Spec.TaskTemplate?.ContainerSpec?.Image?.split('@')[0];
  };
  expect(await image()).toBe('web:2');

  await succeed(prod, prod.stacks.rollback({ name: 'shop', revision: 1 }));
  expect(await image()).toBe('web:1');

  await succeed(prod, prod.stacks.remove({ name: 'shop', forget: true }));
  expect(await fake.engine('n1').services.list()).toEqual([]);
  // The engines remove the containers of ended tasks a moment later.
  await until(
    () => prod.stacks.list(),
    (stacks) => stacks.length === 0,
  );
});

test('a deploy that crash loops puts every service back and tells the last lines', async () => {
  await ready();
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source: file('web:1') }));
  const { deployment } = await follow(prod, await prod.stacks.deploy({ name: 'shop', source: file('broken:1') }));
  expect(deployment).toMatchObject({ state: 'failed', servingRevision: 1 });
  expect(deployment.failure?.message).toMatch(/web/);
  expect(deployment.failure?.logs?.join('\n')).toMatch(/no database/);
  const stack = await until(
    () => prod.stacks.get({ name: 'shop' }),
    ({ state }) => state === 'running',
  );
  expect(stack).toMatchObject({ revision: 1 });
  expect((await prod.stacks.plan({ name: 'shop', source: file('web:1') })).empty).toBe(true);
});

test('what is stopped is started again from the revision that serves', async () => {
  await ready();
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source: file('web:1') }));
  await succeed(prod, prod.stacks.stop({ name: 'shop' }));
  expect((await prod.stacks.get({ name: 'shop' })).state).toBe('stopped');
  await succeed(prod, prod.stacks.start({ name: 'shop' }));
  expect(
    (
      await until(
        () => prod.stacks.get({ name: 'shop' }),
        ({ state }) => state === 'running',
      )
    ).running,
  ).toBe(3);
  await succeed(prod, prod.stacks.restart({ name: 'shop' }));
});

test('the server forgets nothing of its Swarm when it restarts', async () => {
  const before = await ready();
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source: file('web:1') }));
  await stage.restart();
  const after = await ready();
  expect(after.clusterId).toBe(before.clusterId);
  expect(
    (
      await until(
        () => prod.stacks.get({ name: 'shop' }),
        ({ state }) => state === 'running',
      )
    ).revision,
  ).toBe(1);
});

test('a Swarm that stood before keeps its managers', async () => {
  await stage.stop();
  fake = createFakeSwarm({ nodes: 3, managers: 1 });
  stage = await openStage({ hosts: { prod: hostsOf(fake) } });
  await stage.client.environments.create({ name: 'prod', kind: 'swarm' });
  prod = stage.clientOf('prod');
  const swarm = await ready();
  expect(swarm.wantedManagers).toEqual({ mode: 'adopted' });
  expect(swarm.quorum).toMatchObject({ managers: 1 });
});

test('a host that joins later becomes part of it, and an even number of managers is refused', async () => {
  await stage.stop();
  joined = ['n1'];
  fake = createFakeSwarm({ nodes: 2, managers: 0 });
  stage = await openStage({ hosts: { prod: hostsOf(fake) } });
  await stage.client.environments.create({ name: 'prod', kind: 'swarm' });
  prod = stage.clientOf('prod');
  await until(
    () => prod.cluster.get(),
    ({ nodes }) => nodes.length === 1,
  );
  join('n2');
  await until(
    () => prod.cluster.get(),
    ({ nodes }) => nodes.length === 2,
  );
  await expect(prod.cluster.set({ managers: { mode: 'fixed', count: 2 } })).rejects.toThrow(
    'setting 2 managers: an even number bears no more losses than one less; take an odd one',
  );
});

test('an environment of one engine has no Swarm, and says so', async () => {
  await expect(stage.client.cluster.get()).rejects.toThrow(
    'asking for the Swarm: the environment local is a single engine and has none',
  );
});
