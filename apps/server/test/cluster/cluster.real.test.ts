import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '@drover/engine';
import { createLab, type EngineName, type Lab } from '@drover/lab';
import type { WantedCluster } from '@drover/orchestration';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ClusterStage, membersOf } from './cluster-stage.ts';

const engines: readonly EngineName[] = ['28', '28', '28', '28', '20.10'];

let lab: Lab;
let stage: ClusterStage;

beforeAll(async () => {
  lab = await createLab({ hosts: engines.map((engine) => ({ engine })), images: ['busybox', 'echo'] });
  stage = new ClusterStage(membersOf(lab), {
    managers: { mode: 'fixed', count: 3 },
    heartbeatMs: 2_000,
    replaceManagerAfterMs: 3_000,
  });
});

afterAll(async () => {
  await stage?.end();
  await lab?.down();
});

const second = 1e9;

/** Pulls an image on every host and answers its name with its digest, as Drover pins it. */
async function pull(image: string): Promise<string> {
  const names = await Promise.all(
    lab.hosts.map(async (host) => {
      expect(await host.exec(['docker', 'pull', '--quiet', image])).toMatchObject({ exitCode: 0 });
      return await host.exec(['docker', 'image', 'inspect', '--format', '{{index .RepoDigests 0}}', image]);
    }),
  );
  return names[0]!.stdout.trim();
}

/** Asks the service over and over, each time by a connection and a look-up of its own. */
async function startClient(engine: Engine) {
  const script = 'while true; do wget -q -T 5 -O /dev/null http://web:8080/ && echo ok || echo lost; done';
  const { Id } = await engine.containers.create({
    Image: 'busybox',
    Cmd: ['sh', '-c', script],
    HostConfig: { NetworkMode: 'app' },
  });
  await engine.containers.start(Id);
  return {
    async end() {
      const chunks: string[] = [];
      for await (const { data } of engine.containers.logs(Id)) chunks.push(Buffer.from(data).toString());
      await engine.containers.remove(Id, { force: true });
      const lines = chunks.join('').trim().split('\n');
      return { requests: lines.length, lost: lines.filter((line) => line !== 'ok') };
    },
  };
}

/** Counts again and again; `end` answers the smallest number. */
function watchFewest(count: () => Promise<number>) {
  let fewest = Number.POSITIVE_INFINITY;
  const stop = new AbortController();
  const watching = (async () => {
    while (!stop.signal.aborted) {
      fewest = Math.min(fewest, await count());
      await sleep(50);
    }
  })();
  return {
    async end() {
      stop.abort();
      await watching;
      return fewest;
    },
  };
}

const managers = () => stage.keeper.view.nodes.filter(({ role }) => role === 'manager').map(({ name }) => name);

describe('the Swarm of five hosts', () => {
  it('is made with three managers, of the newest engines, and an older one as a worker', async () => {
    stage.keeper.start();
    const view = await stage.until('a Swarm', ({ state, nodes }) => state === 'ready' && nodes.length === 5);
    expect(view).toMatchObject({
      leader: 'n1',
      heartbeatMs: 2_000,
      autolock: false,
      quorum: { managers: 3, reachable: 3, words: '3 of 3 managers reachable; 1 may be lost' },
      warnings: [],
    });
    expect(managers()).toEqual(['n1', 'n2', 'n3']);
    const { Swarm } = await stage.engines.get('n5')!.system.info();
    expect(Swarm).toMatchObject({ LocalNodeState: 'active', ControlAvailable: false });
  });

  it('never shows its tokens and its key', async () => {
    const { JoinTokens } = await stage.keeper.manager.swarm.inspect();
    const shown = [...stage.logged, JSON.stringify(stage.keeper.view)].join('\n');
    for (const secret of [JoinTokens.Manager, JoinTokens.Worker]) expect(shown).not.toContain(secret);
  });

  it('follows the availability and the labels of a host', async () => {
    stage.host('n5').labels = { disk: 'ssd' };
    stage.host('n5').availability = 'pause';
    stage.keeper.wake();
    await stage.until(
      'a paused node',
      ({ nodes }) => nodes.find(({ name }) => name === 'n5')?.availability === 'pause',
    );
    const node = (await stage.keeper.manager.nodes.list()).find(({ Description }) => Description.Hostname === 'n5');
    expect(node?.Spec).toMatchObject({ Labels: { disk: 'ssd' }, Availability: 'pause' });
    stage.host('n5').availability = 'active';
    stage.keeper.wake();
  });

  it('drains a host under load without a lost request and without fewer healthy tasks than wanted', async () => {
    const { manager } = stage.keeper;
    const image = await pull('echo:v1');
    await pull('busybox');
    await manager.networks.create({ Name: 'app', Driver: 'overlay', Attachable: true });
    await manager.services.create({
      Name: 'web',
      EndpointSpec: { Mode: 'dnsrr' },
      Mode: { Replicated: { Replicas: 2 } },
      TaskTemplate: {
        ContainerSpec: {
          Image: image,
          // It answers until its grace period is over, as a server does that ends in good order.
          Env: ['ECHO_IGNORE_TERM=1'],
          StopGracePeriod: 2 * second,
          Healthcheck: {
            Test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8080/health'],
            Interval: second / 2,
          },
        },
        Networks: [{ Target: 'app' }],
      },
    });
    const healthy = async () => {
      const tasks = await manager.tasks.list({ filters: { service: ['web'], 'desired-state': ['running'] } });
      return tasks.filter(({ Status }) => Status.State === 'running');
    };
    await expect.poll(async () => (await healthy()).length, { timeout: 30_000 }).toBe(2);
    const on = new Set<string | undefined>((await healthy()).map(({ NodeID }) => NodeID));
    const { name } = stage.keeper.view.nodes.filter(({ nodeId }) => on.has(nodeId)).at(-1)!;
    const client = await startClient(stage.engines.get(name === 'n1' ? 'n2' : 'n1')!);
    const preview = await stage.keeper.previewDrain(name);
    expect(preview).toMatchObject({ moves: [{ service: 'web', tasks: 1, how: 'start-first' }], stuck: [] });
    const watch = watchFewest(async () => (await healthy()).length);
    await stage.keeper.drain(name, () => {
      stage.host(name).availability = 'drain';
    });
    const { requests, lost } = await client.end();
    expect(await watch.end()).toBe(2);
    expect(lost).toEqual([]);
    expect(requests).toBeGreaterThan(20);
    expect((await healthy()).every(({ NodeID }) => NodeID !== preview.nodeId)).toBe(true);
    await manager.services.remove('web');
    stage.host(name).availability = 'active';
    stage.keeper.wake();
    await stage.until('an active node', ({ nodes }) => nodes.every(({ availability }) => availability === 'active'));
  });

  it('goes on when the leader is lost: another leads, a worker takes its place, and a call waits for it', async () => {
    await lab.host('n1').kill();
    stage.host('n1').reachable = false;
    stage.keeper.wake();
    const answered = stage.keeper.manager.nodes.list();
    await stage.until(
      'another leader',
      ({ leader, warnings }) => (leader === 'n2' || leader === 'n3') && warnings.includes('n1 (manager) is away'),
    );
    expect(await answered).toHaveLength(5);
    await stage.keeper.manager.configs.create({ Name: 'meanwhile', Data: 'eA==' });
    await stage.until('a replacement', () => managers().join() === 'n2,n3,n4');
    expect(stage.keeper.view.quorum).toMatchObject({ managers: 3, reachable: 3 });
  });

  it('takes a host that comes back as a worker', async () => {
    await lab.host('n1').start();
    stage.host('n1').reachable = true;
    stage.keeper.wake();
    await stage.until('all nodes', ({ nodes }) => nodes.every(({ state }) => state === 'ready'));
    // Until it has heard of it, it takes itself for a manager.
    await expect
      .poll(async () => (await stage.engines.get('n1')!.system.info()).Swarm.ControlAvailable, { timeout: 30_000 })
      .toBe(false);
    expect(managers()).toEqual(['n2', 'n3', 'n4']);
  });

  it('takes an engine from 28 on in by managers that are as new, while an older one manages', async () => {
    const n1 = stage.engines.get('n1')!;
    const join = vi.spyOn(n1.swarm, 'join');
    const want = (wanted: Partial<WantedCluster>): void => {
      stage.wanted = { ...stage.wanted, ...wanted };
      stage.keeper.wake();
    };
    want({ managers: { mode: 'fixed', count: 5 } });
    await stage.until('five managers', ({ quorum }) => quorum?.reachable === 5);
    want({ managers: { mode: 'adopted' }, leaving: ['n1'] });
    await stage.until('four nodes', ({ nodes }) => nodes.every(({ name }) => name !== 'n1'));
    want({ leaving: [] });
    await stage.until('five nodes', ({ nodes }) => nodes.filter(({ state }) => state === 'ready').length === 5);
    expect(managers()).toEqual(['n2', 'n3', 'n4', 'n5']);
    const newer = ['n2', 'n3', 'n4'].map((name) => stage.host(name).address);
    expect(join.mock.calls.map(([{ RemoteAddrs }]) => [...(RemoteAddrs ?? [])].sort())).toEqual([newer]);
  });
});
