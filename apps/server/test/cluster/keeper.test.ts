import { createFakeSwarm, type FakeSwarm } from '@drover/engine/fake';
import type { WantedCluster } from '@drover/orchestration';
import { afterEach, expect, test } from 'vitest';
import { createManagerEngine } from '../../src/domain/cluster/manager-engine.ts';
import { ClusterStage } from './cluster-stage.ts';

let stage: ClusterStage;
let swarm: FakeSwarm;

afterEach(() => stage?.end());

async function open(nodes: number, managers = 0, wanted: Partial<WantedCluster> = {}): Promise<void> {
  swarm = createFakeSwarm({ nodes, managers });
  swarm.addImage('web', { config: { Cmd: ['serve'] } });
  const members = swarm.engines.map((engine, index) => {
    const name = `n${index + 1}`;
    return { name, engine, address: swarm.addressOf(name) };
  });
  stage = new ClusterStage(members, { managers: { mode: 'automatic' }, replaceManagerAfterMs: 20, ...wanted }, 30);
  stage.keeper.start();
  await stage.until('a settled Swarm', ({ state, nodes: list }) => state === 'ready' && list.length === nodes);
}

const roles = (role: string) => stage.keeper.view.nodes.filter((node) => node.role === role).map(({ name }) => name);

async function lose(name: string): Promise<void> {
  swarm.kill(name);
  stage.host(name).reachable = false;
  stage.keeper.wake();
}

test('hosts become a Swarm, and new ones join it', async () => {
  await open(4, 0, { heartbeatMs: 2_000 });
  expect(roles('manager')).toEqual(['n1', 'n2', 'n3']);
  expect(stage.keeper.view).toMatchObject({
    leader: 'n1',
    heartbeatMs: 2_000,
    quorum: { words: '3 of 3 managers reachable; 1 may be lost' },
  });
  expect(stage.wanted.clusterId).toBe(stage.keeper.view.clusterId);
});

test('a Swarm that stands is adopted as it is', async () => {
  await open(3, 1, { managers: { mode: 'adopted' } });
  expect(roles('manager')).toEqual(['n1']);
  expect(stage.logged).toEqual([]);
});

test('a lost manager is replaced, and what was asked meanwhile is answered by another one', async () => {
  await open(4);
  await lose('n1');
  const { ID } = await stage.keeper.manager.services.create({
    Name: 'web',
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: { ContainerSpec: { Image: 'web' } },
  });
  expect((await stage.keeper.manager.services.inspect(ID)).Spec.Name).toBe('web');
  await stage.until(
    'a replacement',
    ({ warnings }) => roles('manager').join() === 'n2,n3,n4' && warnings.includes('n1 (worker) is away'),
  );
  swarm.start('n1');
  stage.host('n1').reachable = true;
  await stage.until('all nodes', ({ nodes }) => nodes.every(({ state }) => state === 'ready'));
  expect(roles('manager')).toEqual(['n2', 'n3', 'n4']);
});

test('what may have been carried out is not asked of another manager again', async () => {
  await open(3);
  for (const name of ['n1', 'n2', 'n3'])
    swarm.engine(name).control.fail({
      call: 'services.create',
      code: 'connection-lost',
      reason: 'the connection ended',
      takesEffect: true,
    });
  const spec = {
    Name: 'web',
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: { ContainerSpec: { Image: 'web' } },
  } as const;
  await expect(stage.keeper.manager.services.create(spec)).rejects.toMatchObject({ code: 'connection-lost' });
  expect(await stage.keeper.manager.services.list()).toHaveLength(1);
});

test.each(['no-leader', 'not-a-manager', 'unreachable'] as const)('after %s another manager is asked', async (code) => {
  await open(3);
  swarm.engine('n1').control.fail({ call: 'configs.create', code, reason: 'not now' });
  await stage.keeper.manager.configs.create({ Name: 'motd', Data: 'eA==' });
  expect((await stage.keeper.manager.configs.list()).map(({ Spec }) => Spec.Name)).toEqual(['motd']);
});

test('the one that answered is asked on, until another one is named as the best', async () => {
  const fakes = createFakeSwarm({ nodes: 3, managers: 3 });
  const all = fakes.engines.map((engine, index) => ({ id: `n${index + 1}`, engine }));
  let source = all;
  const manager = createManagerEngine(() => source);
  const asked = async (): Promise<readonly string[]> => {
    const before = fakes.engines.map(({ control }) => control.calls.length);
    await manager.nodes.list();
    return all.flatMap(({ id, engine }, index) => (engine.control.calls.length > before[index]! ? [id] : []));
  };
  fakes.engine('n1').control.fail({ call: 'nodes.list', code: 'no-leader', reason: 'not now' });
  expect(await asked()).toEqual(['n1', 'n2']);
  expect(await asked()).toEqual(['n2']);
  source = all.toReversed();
  expect(await asked()).toEqual(['n3']);
});

test('a read that a manager is silent over is asked of another one; a write is not', async () => {
  const fakes = createFakeSwarm({ nodes: 2, managers: 2 });
  const source = () => fakes.engines.map((engine, index) => ({ id: `n${index + 1}`, engine }));
  const manager = createManagerEngine(source, { quickMs: 20 });
  fakes.engine('n1').control.setLatency({ '*': 400 });
  const began = performance.now();
  expect(await manager.nodes.list()).toHaveLength(2);
  expect(performance.now() - began).toBeLessThan(300);
  fakes.engine('n2').control.setLatency({ '*': 400 });
  await manager.configs.create({ Name: 'motd', Data: 'eA==' });
  expect(
    fakes.engines.flatMap(({ control }) => control.calls).filter(({ name }) => name === 'configs.create'),
  ).toHaveLength(1);
});

test('a lost quorum is said, is recovered only where that is called for, and the others join anew', async () => {
  await open(3);
  await expect(stage.keeper.recover('n1')).rejects.toThrow('the Swarm has a leader: there is nothing to recover');
  await stage.keeper.manager.configs.create({ Name: 'kept', Data: 'eA==' });
  await lose('n2');
  await lose('n3');
  const lost = await stage.until('the loss', ({ state }) => state === 'blocked');
  expect(lost.warnings.join()).toContain('the quorum of the Swarm is lost');
  await expect(stage.keeper.recover('n2')).rejects.toThrow('it is no manager that can be reached; choose n1');
  await stage.keeper.recover('n1');
  await stage.until('a leader', ({ leader }) => leader === 'n1');
  for (const name of ['n2', 'n3']) {
    swarm.start(name);
    stage.host(name).reachable = true;
  }
  const whole = await stage.until(
    'three managers',
    ({ quorum, nodes }) => quorum?.reachable === 3 && nodes.length === 3,
  );
  expect(whole.warnings).toEqual([]);
  expect((await stage.keeper.manager.configs.list()).map(({ Spec }) => Spec.Name)).toEqual(['kept']);
});

test('the key of an autolocked Swarm is kept and used, and never shown', async () => {
  await open(3, 0, { autolock: true });
  expect(stage.unlockKey).toMatch(/^SWMKEY-1-/);
  const first = stage.unlockKey;
  await lose('n2');
  swarm.start('n2');
  stage.host('n2').reachable = true;
  stage.keeper.wake();
  await stage.until('an unlocked manager', ({ quorum, state }) => quorum?.reachable === 3 && state === 'ready');
  stage.wanted = { ...stage.wanted, rotate: ['unlock-key'] };
  stage.keeper.wake();
  await expect.poll(() => stage.unlockKey).not.toBe(first);
  stage.wanted = { ...stage.wanted, rotate: [] };
  const shown = [...stage.logged, JSON.stringify(stage.keeper.view)].join('\n');
  expect(shown).not.toContain(first);
  expect(shown).not.toContain(stage.unlockKey);
});

test('a host that leaves is demoted, leaves, and goes from the list', async () => {
  await open(4);
  stage.wanted = { ...stage.wanted, leaving: ['n1'] };
  stage.keeper.wake();
  await stage.until('three nodes', ({ nodes }) => nodes.map(({ name }) => name).join() === 'n2,n3,n4');
  expect(roles('manager')).toEqual(['n2', 'n3', 'n4']);
  expect((await swarm.engine('n1').system.info()).Swarm.LocalNodeState).toBe('inactive');
});

test('a drain starts tasks elsewhere first, and puts the number of tasks back', async () => {
  await open(3);
  const { manager } = stage.keeper;
  const { ID } = await manager.services.create({
    Name: 'web',
    EndpointSpec: { Mode: 'dnsrr' },
    Mode: { Replicated: { Replicas: 3 } },
    UpdateConfig: { Order: 'start-first' },
    TaskTemplate: { ContainerSpec: { Image: 'web' } },
  });
  const running = async () =>
    (await manager.tasks.list({ filters: { 'desired-state': ['running'] } })).filter(
      ({ Status }) => Status.State === 'running',
    );
  await expect.poll(async () => (await running()).length).toBe(3);
  const preview = await stage.keeper.previewDrain('n3');
  expect(preview).toMatchObject({ host: 'n3', moves: [{ service: 'web', tasks: 1, how: 'start-first' }], stuck: [] });
  let fewest = 3;
  const watching = new AbortController();
  const watch = (async () => {
    while (!watching.signal.aborted) {
      fewest = Math.min(fewest, (await running()).length);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  await stage.keeper.drain('n3', () => {
    stage.host('n3').availability = 'drain';
  });
  watching.abort();
  await watch;
  expect(fewest).toBe(3);
  const { Spec } = await manager.services.inspect(ID);
  expect(Spec.Mode).toEqual({ Replicated: { Replicas: 3 } });
  expect(Spec.Labels ?? {}).toEqual({});
  await expect.poll(async () => (await running()).length).toBe(3);
  await stage.until('a drained node', ({ nodes }) => nodes.find(({ name }) => name === 'n3')?.availability === 'drain');
});

test('the health check of an image counts too', async () => {
  await open(2);
  const { manager } = stage.keeper;
  swarm.addImage('checked', { config: { Cmd: ['serve'], Healthcheck: { Test: ['CMD', 'true'], Interval: 1e7 } } });
  for (const [Name, Image] of [
    ['plain', 'web'],
    ['checked', 'checked'],
  ] as const)
    await manager.services.create({
      Name,
      EndpointSpec: { Mode: 'dnsrr' },
      TaskTemplate: { ContainerSpec: { Image } },
    });
  const running = async () => (await manager.tasks.list()).filter(({ Status }) => Status.State === 'running').length;
  await expect.poll(running).toBe(2);
  const previews = await Promise.all(['n1', 'n2'].map((name) => stage.keeper.previewDrain(name)));
  const moves = previews.flatMap((preview) => preview.moves.map(({ service, how }) => `${service} ${how}`)).sort();
  expect(moves).toEqual(['checked start-first', 'plain stop-first']);
});

test('a drain that cannot be done leaves everything as it was, and says why', async () => {
  await open(2);
  const { manager } = stage.keeper;
  const { ID } = await manager.services.create({
    Name: 'web',
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: { ContainerSpec: { Image: 'web' }, Placement: { Constraints: ['node.hostname==n2'] } },
  });
  await expect.poll(async () => (await manager.tasks.list())[0]?.Status.State).toBe('running');
  await expect(stage.keeper.drain('n2', () => {})).rejects.toThrow(
    'draining n2: no other host can take all tasks of web (n1: ruled out by node.hostname==n2)',
  );
  expect((await manager.nodes.inspect('n2')).Spec.Availability).toBe('active');
  expect((await manager.services.inspect(ID)).Spec.Mode).toMatchObject({ Replicated: { Replicas: 1 } });
});
