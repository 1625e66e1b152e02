import { createFakeSwarm, type FakeSwarm } from '@drover/engine/fake';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EnvironmentHosts, JoinedHost } from '../src/domain/environment/environment-hosts.ts';
import { availabilityOf } from '../src/domain/host/host-view.ts';
import { compose, follow, succeed } from './stage/follow.ts';
import { type Client, openStage, type Stage } from './stage/stage.ts';

const broken = { exitAfter: 5, exitCode: 3, logs: ['no database\n'] };

let fake: FakeSwarm;
let stage: Stage;
let prod: Client;
let joined: string[];
const away = new Set<string>();
const phases = new Map<string, Parameters<EnvironmentHosts['setPhase']>[1]>();
const listeners = new Set<(id: string) => void>();

/** The fake engines as hosts that joined. */
function hostsOf(swarm: FakeSwarm): EnvironmentHosts {
  const hostOf = (name: string): JoinedHost => ({
    id: `id-${name}`,
    name,
    labels: {},
    availability: availabilityOf[phases.get(`id-${name}`) ?? 'kept'],
    reachable: !away.has(name),
    address: swarm.addressOf(name),
    ipvs: true,
  });
  return {
    list: () => joined.map(hostOf),
    get: (id) => joined.map(hostOf).find((host) => host.id === id),
    engineOf: (id) => swarm.engine(id.slice('id-'.length)),
    setPhase: async (id, phase) => void phases.set(id, phase),
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
  const slow = { config: { Cmd: ['run'] }, behaviour: { healthyAfter: 1500 } };
  fake.addImage('slow:1', slow);
  fake.publishImage('slow:1', slow);
  fake.addImage('broken:1', { config: { Cmd: ['run'] }, behaviour: broken });
  fake.publishImage('broken:1', { config: { Cmd: ['run'] }, behaviour: broken });
  joined = ['n1', 'n2', 'n3'];
  away.clear();
  phases.clear();
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

test('of a global service as many are wanted as hosts have one', async () => {
  await ready();
  const source = compose('services: {agent: {image: web:1, deploy: {mode: global}}}');
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source }));
  expect(await prod.stacks.get({ name: 'shop' })).toMatchObject({ state: 'running', running: 3, wanted: 3 });
});

test('why a task runs nowhere is told with the stack', async () => {
  await ready();
  const source = compose(
    'services: {web: {image: web:1, deploy: {replicas: 3, placement: {max_replicas_per_node: 1}}}}',
  );
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source }));
  expect((await prod.stacks.get({ name: 'shop' })).serviceStates[0]).not.toHaveProperty('missing');
  for await (const _ of await prod.cluster.drain({ host: 'n3', stopStuck: true }));
  const { serviceStates } = await until(
    () => prod.stacks.get({ name: 'shop' }),
    (stack) => stack.running === 2 && stack.serviceStates[0]?.missing !== undefined,
  );
  expect(serviceStates[0]?.missing).toEqual([
    expect.stringMatching(
      /^shop_web\.\d runs nowhere: no host can run it: 2 are with 1 of it already \(n1, n2\); 1 is not ready and active \(n3\)$/,
    ),
  ]);
});

async function drain(host: string): Promise<string[]> {
  const messages: string[] = [];
  for await (const { message } of await prod.cluster.drain({ host })) messages.push(message);
  return messages;
}

/** Two tasks that take a while to be healthy, so that a drain takes a while; answers a host that runs one. */
async function deploySlow(): Promise<string> {
  await ready();
  const healthcheck = '{test: ["CMD", "true"], interval: 50ms}';
  const source = compose(`services: {web: {image: slow:1, healthcheck: ${healthcheck}, deploy: {replicas: 2}}}`);
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source }));
  const [container] = await prod.containers.list({ stack: 'shop' });
  return container?.host ?? '';
}

const webTasks = async () => {
  const [service] = await fake.engine('n2').services.list();
  const running = await fake.engine('n2').tasks.list({ filters: { 'desired-state': ['running'] } });
  return { wanted: service?.Spec.Mode?.Replicated?.Replicas, running: running.length };
};

test('a drain that is under way is joined by who asks again, and not overtaken', async () => {
  const host = await deploySlow();
  const told = await prod.cluster.drain({ host });
  await told.next();
  await expect(prod.cluster.cordon({ host })).rejects.toThrow(
    `cordoning ${host}: it is being drained; wait for the end`,
  );
  const joining = drain(host);
  const rest: string[] = [];
  for await (const { message } of told) rest.push(message);
  expect(rest.at(-1)).toBe(`${host} is drained`);
  expect((await joining).at(-1)).toBe(`${host} is drained`);
  expect(phases.get(`id-${host}`)).toBe('drained');
});

test('a drain is ended by who activates the host, and leaves it as it was', async () => {
  const host = await deploySlow();
  const told = await prod.cluster.drain({ host });
  await told.next();
  const ended = expect(drain(host)).rejects.toThrow(`draining ${host}: it was ended; the host is as before`);
  await prod.cluster.activate({ host });
  await ended;
  expect(phases.get(`id-${host}`)).toBe('kept');
  await until(webTasks, ({ wanted, running }) => wanted === 2 && running === 2);
  await until(ready, ({ nodes }) => nodes.every(({ availability }) => availability === 'active'));
});

test('a drain that is ended leaves a host cordoned that was so before', async () => {
  const host = await deploySlow();
  await prod.cluster.cordon({ host });
  const told = await prod.cluster.drain({ host });
  await told.next();
  const rest = (async () => {
    for await (const _ of told);
  })();
  const ended = expect(rest).rejects.toThrow(`draining ${host}: it was ended; the host is as before`);
  await prod.cluster.endDrain({ host });
  await ended;
  expect(phases.get(`id-${host}`)).toBe('cordoned');
  await prod.cluster.endDrain({ host });
  await until(webTasks, ({ wanted, running }) => wanted === 2 && running === 2);
});

test('a drain that a stop of the server cuts off goes on after the next start', async () => {
  const host = await deploySlow();
  const told = await prod.cluster.drain({ host });
  await told.next();
  await stage.restart();
  prod = stage.clientOf('prod');
  expect(phases.get(`id-${host}`)).toBe('draining');
  await until(
    async () => phases.get(`id-${host}`),
    (phase) => phase === 'drained',
  );
  await until(webTasks, ({ wanted, running }) => wanted === 2 && running === 2);
  const left = (await prod.containers.list({ stack: 'shop' })).filter((each) => each.state === 'running');
  expect(left.map((each) => each.host)).not.toContain(host);
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

const pinnedFile = (more = '') =>
  compose(`
services:
  agent:
    image: web:1
    ipc: host
${more}
`);

async function standing(): Promise<string[]> {
  const { serviceStates } = await prod.stacks.get({ name: 'shop' });
  const views = serviceStates.flatMap(({ containers }) => containers);
  return views.filter(({ state }) => state === 'running').map(({ host = '' }) => host);
}

function lose(name: string): void {
  fake.kill(name);
  away.add(name);
  for (const listener of listeners) listener(`id-${name}`);
}

function bring(name: string): void {
  fake.start(name);
  away.delete(name);
  for (const listener of listeners) listener(`id-${name}`);
}

test('hosts are asked what they have only where a stack has something there, or had', async () => {
  await ready();
  const lists = () =>
    fake.engines.flatMap(({ control }) => control.calls).filter(({ name }) => name === 'volumes.list');
  const asks = async (source: ReturnType<typeof compose>): Promise<boolean> => {
    const before = lists().length;
    await prod.stacks.plan({ name: 'shop', source });
    return lists().length > before;
  };
  const pinned = compose(`
services:
  web:
    image: web:1
  db:
    image: db:1
    privileged: true
`);
  expect(await asks(file('web:1'))).toBe(false);
  expect(await asks(pinned)).toBe(true);
  expect(await asks(compose('{services: {web: {image: web:1, volumes: [data:/data]}}, volumes: {data: }}'))).toBe(true);
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source: pinned }));
  expect(await asks(file('web:1'))).toBe(true);
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source: file('web:1') }));
  const left = await Promise.all(fake.engines.map((engine) => engine.containers.list({ all: true })));
  expect(left.flat().filter(({ Labels }) => Labels['com.docker.compose.project'] === 'shop')).toEqual([]);
});

test('a pinned container without data is made elsewhere after the loss of its host, and stands once when that is back', async () => {
  await ready();
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source: pinnedFile() }));
  const [first = ''] = await standing();
  lose(first);
  const second = await until(standing, (hosts) => hosts.some((host) => host !== first));
  expect(second).not.toContain(first);
  bring(first);
  const containers = await until(
    () => prod.containers.list({ stack: 'shop' }),
    (views) => views.length === 1 && views[0]?.state === 'running',
  );
  expect(containers[0]?.host).not.toBe(first);
});

test('one with data waits for its host, says so, and is moved on request only', async () => {
  await ready();
  const source = pinnedFile('    volumes: [data:/data]\nvolumes: {data: {}}');
  await succeed(prod, prod.stacks.deploy({ name: 'shop', source }));
  const [first = ''] = await standing();
  lose(first);
  await stage.restart();
  await until(
    () => prod.cluster.get(),
    ({ state }) => state !== 'none' && state !== 'blocked',
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const elsewhere = async () => (await standing()).filter((host) => host !== first);
  expect(await elsewhere()).toEqual([]);
  const { deployment } = await follow(prod, await prod.stacks.deploy({ name: 'shop', source }));
  expect(deployment.failure?.message).toMatch(
    new RegExp(`its host ${first} cannot be reached, and agent has data or devices there`),
  );
  const options = {
    move: ['agent'],
    pull: 'policy',
    build: false,
    forceRecreate: false,
    removeOrphans: false,
  } as const;
  await succeed(
    prod,
    prod.stacks.deploy({ name: 'shop', source, options: { ...options, move: ['agent'], timeout: 60 } }),
  );
  expect(await until(elsewhere, (hosts) => hosts.length === 1)).toHaveLength(1);
});

test('of many deploys nothing is left over: each changes a secret and a config, and the ones before go', async () => {
  await ready();
  const rotated = (turn: number) =>
    compose(
      `
services:
  web:
    image: web:${(turn % 2) + 1}
    secrets: [token]
    configs: [site]
secrets: {token: {file: ./token}}
configs: {site: {content: "turn ${turn}"}}
`,
      [{ path: 'token', text: `token ${turn}` }],
    );
  const manager = fake.engine('n1');
  for (let turn = 1; turn <= 40; turn += 1) {
    await succeed(prod, prod.stacks.deploy({ name: 'shop', source: rotated(turn) }));
    const [secrets, configs, services] = await Promise.all([
      manager.secrets.list(),
      manager.configs.list(),
      manager.services.list(),
    ]);
    expect([secrets.length, configs.length, services.length]).toEqual([1, 1, 1]);
  }
  await succeed(prod, prod.stacks.rollback({ name: 'shop' }));
  const [config] = await manager.configs.list();
  expect(Buffer.from(config?.Spec.Data ?? '', 'base64').toString()).toBe('turn 39');
  await succeed(prod, prod.stacks.remove({ name: 'shop' }));
  expect((await manager.secrets.list()).length + (await manager.configs.list()).length).toBe(0);
  expect((await manager.networks.list()).map(({ Name }) => Name)).not.toContain('shop_default');
}, 30_000);
