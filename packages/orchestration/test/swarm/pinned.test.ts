import { describe, expect, test } from 'vitest';
import { execute } from '../../src/execute/execute.ts';
import { PlanError } from '../../src/model/errors.ts';
import type { Observed } from '../../src/model/observed.ts';
import { describeOperation, type Plan } from '../../src/model/plan.ts';
import type { SwarmDesired } from '../../src/model/swarm/desired.ts';
import type { SwarmObserved } from '../../src/model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../src/model/swarm/plan-options.ts';
import { printPlan } from '../../src/plan/print.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { planSwarmDown } from '../../src/plan/swarm/down.ts';
import { planSwarmRestart } from '../../src/plan/swarm/restart.ts';
import { type FakeStage, fakeStage } from '../fake-stage.ts';
import { makeProject, type ServiceSketch } from '../make-project.ts';
import { makeNode, type NodeSketch } from './make-node.ts';
import { makeSwarmDesired, type SwarmSketch } from './make-swarm-desired.ts';
import { ModelSwarm } from './model-swarm.ts';

const needs = (on: string, condition = 'service_started') =>
  ({ depends_on: { [on]: { condition, required: true } } }) as ServiceSketch;
const device = { devices: [{ source: '/dev/tpu', target: '/dev/tpu', permissions: 'rwm' }] };

/** A Swarm in memory whose hosts have fake engines. */
class PinnedStage {
  readonly swarm = new ModelSwarm();
  readonly hosts = new Map<string, FakeStage>();
  readonly away = new Set<string>();

  static async with(hosts: Readonly<Record<string, NodeSketch>>): Promise<PinnedStage> {
    const stage = new PinnedStage();
    for (const [name, sketch] of Object.entries(hosts)) {
      stage.hosts.set(name, await fakeStage());
      stage.swarm.nodes.push(makeNode(name, sketch));
    }
    return stage;
  }

  desired(services: Record<string, ServiceSketch>, sketch: SwarmSketch & Partial<SwarmDesired> = {}): SwarmDesired {
    const project = makeProject(services);
    const [any] = this.hosts.values();
    const local = any?.desired(project).images;
    const images = Object.fromEntries(
      [...(local ?? [])].map(([name, image]) => [name, { local: image, ...sketch.images?.[name as never] }]),
    );
    return { ...makeSwarmDesired(project, { ...sketch, images }), ...(sketch.placed ? { placed: sketch.placed } : {}) };
  }

  async observe(): Promise<SwarmObserved> {
    const pinned = new Map<string, Observed>();
    for (const [name, { observe }] of this.hosts) if (!this.away.has(name)) pinned.set(name, await observe());
    return {
      ...this.swarm.observe(),
      hosts: new Map([...this.hosts.keys()].map((name) => [`id-${name}`, name])),
      pinned,
    };
  }

  async plan(desired: SwarmDesired, options?: SwarmPlanOptions): Promise<Plan> {
    return planSwarmDeploy(desired, await this.observe(), options);
  }

  /** The managers' part first, then each host's own. */
  async apply(plan: Plan): Promise<void> {
    const part = (host: string | undefined) => {
      const operations = plan.operations.filter((operation) => operation.host === host);
      const own = new Set(operations.map(({ id }) => id));
      return {
        ...plan,
        operations: operations.map((each) => ({ ...each, dependsOn: each.dependsOn.filter((id) => own.has(id)) })),
      };
    };
    const { operations } = part(undefined);
    const later = operations.filter(({ kind }) => kind.endsWith('-remove'));
    this.swarm.apply({
      ...plan,
      operations: operations.filter((each) => !later.includes(each)).map((each) => ({ ...each, dependsOn: [] })),
    });
    for (const [host, { engine }] of this.hosts) {
      await engine.networks.create({ Name: 'shop_default', Driver: 'bridge' }).catch(() => undefined);
      expect((await execute(part(host), engine, { settleMs: 0 })).failure).toBeUndefined();
    }
    this.swarm.apply({ ...plan, operations: later.map((each) => ({ ...each, dependsOn: [] })) });
  }

  async deploy(desired: SwarmDesired, options?: SwarmPlanOptions): Promise<string> {
    const plan = await this.plan(desired, options);
    await this.apply(plan);
    expect(printPlan(await this.plan(desired))).toBe('nothing to do\n');
    return printPlan(plan).replace(/[0-9a-f]{12}_/g, 'OLD_');
  }

  async where(): Promise<string> {
    const found = await Promise.all(
      [...this.hosts].map(async ([name, { containers }]) => `${name}: ${await containers()}`),
    );
    return found.join('\n');
  }
}

const problemsOf = async (call: Promise<unknown>): Promise<string[]> =>
  call.then(
    () => [],
    (thrown) => (thrown instanceof PlanError ? thrown.problems.map(({ message }) => message) : [String(thrown)]),
  );

describe('a service that Swarm cannot run', () => {
  test('runs as a container on one host, between what it needs and what needs it', async () => {
    const stage = await PinnedStage.with({ one: {}, two: {} });
    const desired = stage.desired({ db: {}, tpu: { ...device, ...needs('db') }, web: needs('tpu') });
    expect(await stage.deploy(desired)).toMatchInlineSnapshot(`
      "[1] network-create shop_default — network is missing
      [2] container-create shop-tpu-1 on one — container is missing (after 1)
      [3] service-create shop_db — service is missing (after 1)
      [4] service-wait running shop_db — its tasks must run (after 3)
      [5] container-start shop-tpu-1 on one — container is missing (after 2, 4)
      [6] check shop on one — what was started must still run (after 5)
      [7] service-create shop_web — service is missing (after 1, 5)
      [8] service-wait running shop_web — its tasks must run (after 7)
      "
    `);
    expect(await stage.where()).toMatchInlineSnapshot(`
      "one: shop-tpu-1 running app:1
      two: "
    `);
  });

  test('is reached by its name on the stack’s network, under the labels of both tools', async () => {
    const stage = await PinnedStage.with({ one: {} });
    const { operations } = await stage.plan(stage.desired({ tpu: device }));
    const create = operations.find(({ kind }) => kind === 'container-create');
    expect(create === undefined ? undefined : describeOperation(create)).toMatchObject({ host: 'one', service: 'tpu' });
    expect(create).toMatchObject({
      host: 'one',
      body: {
        Labels: { 'com.docker.stack.namespace': 'shop', 'com.docker.compose.service': 'tpu' },
        HostConfig: { NetworkMode: 'shop_default' },
        NetworkingConfig: { EndpointsConfig: { shop_default: { Aliases: ['shop-tpu-1', 'tpu'] } } },
      },
    });
  });

  test('goes where its constraints say, and stays there while others have less to do', async () => {
    const stage = await PinnedStage.with({ one: {}, two: { labels: { tpu: 'yes' } } });
    const placement = { constraints: ['node.labels.tpu==yes'] };
    const tpu = { ...device, deploy: { resources: {}, placement } };
    await stage.deploy(stage.desired({ tpu }));
    expect(await stage.where()).toBe('one: \ntwo: shop-tpu-1 running app:1');
    await stage.deploy(stage.desired({ tpu: device }, { revision: 2 }));
    expect(await stage.where()).toBe('one: \ntwo: shop-tpu-1 running app:1');
  });

  test('is replaced on its host, with what shares its network', async () => {
    const stage = await PinnedStage.with({ one: {}, two: {} });
    const side = { network_mode: 'service:tpu' };
    await stage.deploy(stage.desired({ tpu: device, side }));
    const plan = await stage.deploy(stage.desired({ tpu: { ...device, image: 'app:2' }, side }, { revision: 2 }));
    expect(plan).toMatchInlineSnapshot(`
      "[1] container-create OLD_shop-tpu-1 on one — image changed: app:1 → app:2
      [2] container-create OLD_shop-side-1 on one — the container whose network it shares is another one (after 1)
      [3] gate prepared shop on one — everything new is made before anything stops (after 1, 2)
      [4] container-stop shop-tpu-1 on one — OLD_shop-tpu-1 takes its place (after 1, 3)
      [5] container-start OLD_shop-tpu-1 on one — image changed: app:1 → app:2 (after 1, 4)
      [6] container-stop shop-side-1 on one — OLD_shop-side-1 takes its place (after 2, 3, 5)
      [7] container-start OLD_shop-side-1 on one — the container whose network it shares is another one (after 2, 5, 6)
      [8] check shop on one — what was started must still run (after 7)
      [9] container-remove shop-tpu-1 on one — OLD_shop-tpu-1 takes its place (after 4, 8)
      [10] container-remove shop-side-1 on one — OLD_shop-side-1 takes its place (after 6, 8)
      [11] container-rename OLD_shop-tpu-1 on one — shop-tpu-1 is its name (after 8, 9)
      [12] container-rename OLD_shop-side-1 on one — shop-side-1 is its name (after 8, 10)
      "
    `);
    expect(await stage.where()).toBe('one: shop-side-1 running app:1\nshop-tpu-1 running app:2\ntwo: ');
  });

  test('moves by itself only where it leaves nothing behind', async () => {
    const stage = await PinnedStage.with({ one: {}, two: {} });
    await stage.deploy(stage.desired({ tpu: device }));
    stage.away.add('one').add('two');
    expect(await problemsOf(stage.plan(stage.desired({ tpu: device })))).toMatchInlineSnapshot(`
      [
        "tpu runs as a container pinned to one host, and Drover reaches the engine of no host",
      ]
    `);
    stage.away.delete('two');
    const placed = new Map([
      ['tpu', 'one'],
      ['calc', 'one'],
    ]);
    expect(await problemsOf(stage.plan(stage.desired({ tpu: device }, { placed })))).toMatchInlineSnapshot(`
      [
        "tpu runs as a container pinned to one host; its host one cannot be reached, and tpu has data or devices there: bring the host back, or ask for the move",
      ]
    `);
    const moved = await stage.plan(stage.desired({ tpu: device }, { placed }), { move: new Set(['tpu']) });
    expect(moved.operations.filter(({ kind }) => kind === 'container-create').map(({ host }) => host)).toEqual(['two']);
    const calc = await stage.plan(stage.desired({ calc: { cpuset: '0' } }, { placed }));
    expect(calc.notices.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "calc: the host one cannot be reached; another one is chosen",
      ]
    `);
  });

  test('says which hosts cannot have it and why', async () => {
    const stage = await PinnedStage.with({ one: { availability: 'drain' }, two: {} });
    const placement = { constraints: ['node.labels.tpu==yes'] };
    const desired = stage.desired({ tpu: { ...device, deploy: { resources: {}, placement } } });
    expect(await problemsOf(stage.plan(desired))).toMatchInlineSnapshot(`
      [
        "tpu runs as a container pinned to one host, and no host can run it: 1 is not ready and active (one); 1 is without node.labels.tpu==yes (two)",
      ]
    `);
  });

  test('on every host where it is global', async () => {
    const stage = await PinnedStage.with({ one: {}, two: {} });
    await stage.deploy(stage.desired({ tpu: { ...device, deploy: { mode: 'global', resources: {}, placement: {} } } }));
    expect(await stage.where()).toBe('one: shop-tpu-1 running app:1\ntwo: shop-tpu-1 running app:1');
  });
});

test('a service changes hands between Swarm and a host', async () => {
  const stage = await PinnedStage.with({ one: {} });
  await stage.deploy(stage.desired({ tpu: {} }));
  expect(await stage.deploy(stage.desired({ tpu: device }, { revision: 2 }))).toMatchInlineSnapshot(`
    "[1] service-remove shop_tpu — tpu becomes a container pinned to a host
    [2] container-create shop-tpu-1 on one — container is missing
    [3] container-start shop-tpu-1 on one — container is missing (after 1, 2)
    [4] check shop on one — what was started must still run (after 3)
    "
  `);
  expect(stage.swarm.services.size).toBe(0);
  expect(await stage.deploy(stage.desired({ tpu: {} }, { revision: 3 }))).toMatchInlineSnapshot(`
    "[1] container-stop shop-tpu-1 on one — the service tpu runs elsewhere now
    [2] gate cleared shop on one — what may be in the way is stopped (after 1)
    [3] service-create shop_tpu — service is missing (after 1)
    [4] service-wait running shop_tpu — its tasks must run (after 3)
    [5] gate tasks shop — what is new must be found good before anything old goes (after 4)
    [6] container-remove shop-tpu-1 on one — the service tpu runs elsewhere now (after 1, 2, 5)
    "
  `);
  expect(await stage.where()).toBe('one: ');
});

test('down and restart act on the hosts too', async () => {
  const stage = await PinnedStage.with({ one: {}, two: {} });
  await stage.deploy(stage.desired({ tpu: device, web: {} }));
  expect(printPlan(planSwarmRestart(await stage.observe()))).toMatchInlineSnapshot(`
    "[1] service-update shop_web — a restart was asked for
    [2] service-wait running shop_web — its tasks must run again (after 1)
    [3] container-restart shop-tpu-1 on one — restarting was asked for
    [4] check shop on one — what was started must still run (after 3)
    "
  `);
  const named = planSwarmRestart(await stage.observe(), { services: ['tpu'] });
  expect(named.operations.map(({ kind }) => kind)).toEqual(['container-restart', 'check']);
  const plan = planSwarmDown(await stage.observe());
  expect(printPlan(plan)).toMatchInlineSnapshot(`
    "[1] service-remove shop_web — taking down was asked for
    [2] container-stop shop-tpu-1 on one — taking down was asked for
    [3] container-remove shop-tpu-1 on one — taking down was asked for (after 2)
    [4] network-remove shop_default — taking down was asked for (after 1, 3)
    "
  `);
  await stage.apply(plan);
  expect(await stage.where()).toBe('one: \ntwo: ');
});
