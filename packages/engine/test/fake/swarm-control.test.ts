import type { ServiceSpec } from '@drover/engine';
import { createFakeEngine, createFakeSwarm, type FakeSwarm } from '@drover/engine/fake';
import { expect, it } from 'vitest';
import { until } from '../contract/swarm/subject.ts';

function swarmOf(nodes: number, managers = 1): FakeSwarm {
  const swarm = createFakeSwarm({ nodes, managers, engineLabels: { n1: { zone: 'a' }, n2: { zone: 'b' } } });
  swarm.addImage('web', { config: { Cmd: ['serve'] } });
  return swarm;
}

function web(change: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    Name: 'web',
    EndpointSpec: { Mode: 'dnsrr' },
    ...change,
    TaskTemplate: { ContainerSpec: { Image: 'web' }, ...change.TaskTemplate },
  };
}

const running = async (swarm: FakeSwarm, engine = 'n1') =>
  (await swarm.engine(engine).tasks.list({ filters: { 'desired-state': ['running'] } })).filter(
    (task) => task.Status.State === 'running',
  );

it('runs the tasks of a lost node elsewhere, and ends what is left there once it is back', async () => {
  const swarm = swarmOf(3);
  const manager = swarm.engine('n1');
  await manager.services.create(web({ Mode: { Replicated: { Replicas: 3 } } }));
  await until(
    () => running(swarm),
    (tasks) => tasks.length === 3,
  );
  const lost = (await manager.nodes.list({ filters: { name: ['n3'] } }))[0];
  swarm.kill('n3');
  await expect(swarm.engine('n3').containers.list()).rejects.toMatchObject({ code: 'unreachable' });
  const moved = await until(
    () => running(swarm),
    (tasks) => tasks.length === 3 && tasks.every(({ NodeID }) => NodeID !== lost?.ID),
  );
  expect(moved.map(({ Slot }) => Slot).sort()).toEqual([1, 2, 3]);
  expect((await manager.nodes.inspect('n3')).Status.State).toBe('down');
  const left = (await manager.tasks.list({ filters: { node: ['n3'] } }))[0];
  expect(left).toMatchObject({ DesiredState: 'shutdown', Status: { State: 'running' } });
  swarm.start('n3');
  await until(
    () => manager.tasks.inspect(left?.ID ?? ''),
    (task) => task.Status.State === 'shutdown',
  );
  expect((await manager.nodes.inspect('n3')).Status.State).toBe('ready');
  expect(await running(swarm)).toHaveLength(3);
});

it('keeps the containers of a node that is cut off, and leaves none twice once it is healed', async () => {
  const swarm = swarmOf(2);
  await swarm.engine('n1').services.create(web({ Mode: { Replicated: { Replicas: 2 } } }));
  await until(
    () => running(swarm),
    (tasks) => tasks.length === 2,
  );
  swarm.cut('n2');
  await until(
    () => running(swarm),
    (tasks) => tasks.length === 2 && new Set(tasks.map(({ NodeID }) => NodeID)).size === 1,
  );
  expect(await swarm.engine('n2').containers.list()).toHaveLength(1);
  swarm.heal('n2');
  await until(
    () => swarm.engine('n2').containers.list(),
    (containers) => containers.length === 0,
  );
  expect(await running(swarm)).toHaveLength(2);
});

it('answers nobody without a quorum, chooses a new leader with one, and is made anew from one manager', async () => {
  const swarm = swarmOf(3, 3);
  const leaderOf = async (name: string) =>
    (await swarm.engine(name).nodes.list()).find((node) => node.ManagerStatus?.Leader)?.Description.Hostname;
  expect(await leaderOf('n2')).toBe('n1');
  swarm.kill('n1');
  expect(await leaderOf('n2')).not.toBe('n1');
  swarm.cut('n3');
  await expect(swarm.engine('n2').services.list()).rejects.toMatchObject({ code: 'no-leader', status: 500 });
  await expect(swarm.engine('n3').services.list()).rejects.toMatchObject({ code: 'no-leader' });
  await swarm.engine('n2').swarm.init({ ForceNewCluster: true });
  expect(await leaderOf('n2')).toBe('n2');
  expect(await swarm.engine('n2').nodes.list({ filters: { role: ['manager'] } })).toHaveLength(1);
});

it('locks a manager of a Swarm with autolock when it starts again', async () => {
  const swarm = swarmOf(1);
  const manager = swarm.engine('n1');
  const { Version, Spec } = await manager.swarm.inspect();
  await manager.swarm.update(Version.Index, { ...Spec, EncryptionConfig: { AutoLockManagers: true } });
  const key = await manager.swarm.unlockKey();
  swarm.kill('n1');
  swarm.start('n1');
  await expect(manager.services.list()).rejects.toMatchObject({ code: 'swarm-locked' });
  expect((await manager.system.info()).Swarm.LocalNodeState).toBe('locked');
  await expect(manager.swarm.unlock('SWMKEY-1-wrong')).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(manager.swarm.leave()).rejects.toMatchObject({ code: 'swarm-locked' });
  await manager.swarm.unlock(key);
  expect(await manager.services.list()).toEqual([]);
});

it('starts the new task before the old one ends where the order says so', async () => {
  const swarm = swarmOf(1);
  const manager = swarm.engine('n1');
  const { ID } = await manager.services.create(web({ UpdateConfig: { Order: 'start-first', Parallelism: 1 } }));
  await until(
    () => running(swarm),
    (tasks) => tasks.length === 1,
  );
  const { Version, Spec } = await manager.services.inspect(ID);
  const most: number[] = [];
  const stop = new AbortController();
  const events = await manager.events.open({ filters: { type: ['container'] }, signal: stop.signal });
  const TaskTemplate = { ...Spec.TaskTemplate, ForceUpdate: 1 };
  await manager.services.update(ID, Version.Index, { ...Spec, TaskTemplate });
  for await (const event of events) {
    most.push((await manager.containers.list()).length);
    if (event.Action === 'die') break;
  }
  stop.abort();
  expect(Math.max(...most)).toBe(2);
});

it('replaces as many at once as the update says, and spreads over what the preference says', async () => {
  const swarm = swarmOf(2);
  const manager = swarm.engine('n1');
  swarm.addImage('web', { config: { Cmd: ['serve'] }, behaviour: { stopTakes: 60 } });
  const Placement = { Preferences: [{ Spread: { SpreadDescriptor: 'engine.labels.zone' } }] };
  const spec = web({
    Mode: { Replicated: { Replicas: 4 } },
    UpdateConfig: { Parallelism: 2, Delay: 1e9 },
    TaskTemplate: { ContainerSpec: { Image: 'web' }, Placement },
  });
  const { ID } = await manager.services.create(spec);
  const tasks = await until(
    () => running(swarm),
    (list) => list.length === 4,
  );
  const perNode = Map.groupBy(tasks, ({ NodeID }) => NodeID);
  expect([...perNode.values()].map((list) => list.length)).toEqual([2, 2]);
  const { Version, Spec } = await manager.services.inspect(ID);
  await manager.services.update(ID, Version.Index, {
    ...Spec,
    TaskTemplate: { ...Spec.TaskTemplate, ForceUpdate: 1 },
  });
  let fewest = 4;
  await until(
    async () => {
      fewest = Math.min(fewest, (await running(swarm)).length);
      return await manager.services.inspect(ID);
    },
    ({ UpdateStatus }) => UpdateStatus?.State === 'completed',
  );
  expect(fewest).toBe(2);
  expect(new Set((await running(swarm)).map((task) => task.ID)).size).toBe(4);
});

it('lays secrets and configs into the container', async () => {
  const swarm = swarmOf(1);
  const manager = swarm.engine('n1');
  const SecretID = await manager.secrets.create({ Name: 'pass', Data: Buffer.from('word').toString('base64') });
  const File = { Name: 'pass', UID: '0', GID: '0', Mode: 0o400 };
  const ContainerSpec = { Image: 'web', Secrets: [{ SecretID, SecretName: 'pass', File }] };
  await manager.services.create(web({ TaskTemplate: { ContainerSpec } }));
  const [task] = await until(
    () => running(swarm),
    (tasks) => tasks.length === 1,
  );
  const container = task?.Status.ContainerStatus?.ContainerID ?? '';
  const stat = await manager.containers.statArchive(container, '/run/secrets/pass');
  expect(stat).toMatchObject({ size: 4, mode: 0o400 });
});

it('pulls by digest, with the credentials of the service', async () => {
  const swarm = swarmOf(2);
  const manager = swarm.engine('n1');
  const credentials = { username: 'ann', password: 'secret' };
  swarm.publishImage('private:1', { config: { Cmd: ['serve'] }, credentials });
  const { Descriptor } = await manager.distribution.inspect('private:1', { registryAuth: credentials });
  const task = {
    ContainerSpec: { Image: `private:1@${Descriptor.digest}` },
    Placement: { Constraints: ['node.hostname==n2'] },
  };
  await manager.services.create(web({ TaskTemplate: task }));
  const [rejected] = await until(
    () => manager.tasks.list({ filters: { service: ['web'] } }),
    ([first]) => first?.Status.State === 'rejected',
  );
  expect(rejected?.Status.Err).toMatch(/^No such image: private/);
  const { ID, Version, Spec } = await manager.services.inspect('web');
  await manager.services.update(ID, Version.Index, Spec, { registryAuth: credentials });
  const [task2] = await until(
    () => running(swarm),
    (tasks) => tasks.length === 1,
  );
  expect(task2?.Spec.ContainerSpec?.Image).toBe(`private:1@${Descriptor.digest}`);
  expect(await swarm.engine('n2').images.list()).toHaveLength(2);
});

it('gives the tasks of a node up for good when it has been lost for a day', async () => {
  const swarm = createFakeSwarm({ nodes: 2, timeScale: 0.000_001 });
  swarm.addImage('web', { config: { Cmd: ['serve'] } });
  const manager = swarm.engine('n1');
  await manager.services.create(web({ Mode: { Replicated: { Replicas: 2 } } }));
  await until(
    () => running(swarm),
    (tasks) => tasks.length === 2,
  );
  swarm.kill('n2');
  const [orphan] = await until(
    async () => (await manager.tasks.list()).filter((task) => task.Status.State === 'orphaned'),
    (tasks) => tasks.length === 1,
  );
  expect(orphan?.DesiredState).toBe('shutdown');
});

it('gives containers beside the services a place on attachable overlay networks only', async () => {
  const swarm = swarmOf(2);
  const [manager, worker] = [swarm.engine('n1'), swarm.engine('n2')];
  await manager.networks.create({ Name: 'open', Driver: 'overlay', Attachable: true });
  await manager.networks.create({ Name: 'closed', Driver: 'overlay' });
  expect((await worker.networks.list()).map(({ Name }) => Name)).not.toContain('open');
  const { Id } = await worker.containers.create({ Image: 'web', HostConfig: { NetworkMode: 'open' } });
  await worker.containers.start(Id);
  expect((await worker.networks.list()).map(({ Name }) => Name)).toContain('open');
  await expect(manager.networks.remove('open')).rejects.toMatchObject({ code: 'bad-request' });
  const closed = await manager.containers.create({ Image: 'web', HostConfig: { NetworkMode: 'closed' } });
  await expect(manager.containers.start(closed.Id)).rejects.toMatchObject({
    reason: expect.stringContaining('network closed not manually attachable'),
  });
});

it('makes the nth call of a kind fail, as for all calls', async () => {
  const swarm = swarmOf(1);
  const manager = swarm.engine('n1');
  manager.control.fail({ call: 'services.create', code: 'no-leader', reason: 'elected right now' });
  await expect(manager.services.create(web())).rejects.toMatchObject({
    message: 'creating service web: elected right now',
  });
  await manager.services.create(web());
});

it('is at rest once nothing changes, and keeps up with hundreds of tasks', async () => {
  const swarm = swarmOf(10);
  const manager = swarm.engine('n1');
  const before = process.cpuUsage();
  for (let index = 0; index < 20; index += 1)
    await manager.services.create({ ...web({ Mode: { Replicated: { Replicas: 20 } } }), Name: `web-${index}` });
  await until(
    () => running(swarm),
    (tasks) => tasks.length === 400,
  );
  expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
  const rest = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(process.cpuUsage(rest).user).toBeLessThan(100_000);
});

it('makes a Swarm of a single fake engine, too', async () => {
  const engine = createFakeEngine();
  engine.control.addImage('web', { config: { Cmd: ['serve'] } });
  await engine.swarm.init({ AdvertiseAddr: '192.0.2.1' });
  await engine.services.create(web());
  await until(
    () => engine.containers.list(),
    (containers) => containers.length === 1,
  );
});
