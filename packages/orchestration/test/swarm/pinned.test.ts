import { describe, expect, test } from 'vitest';
import { describeOperation } from '../../src/model/plan.ts';
import { printPlan } from '../../src/plan/print.ts';
import { planSwarmDown } from '../../src/plan/swarm/down.ts';
import { planSwarmRestart } from '../../src/plan/swarm/restart.ts';
import { device, needs, PinnedStage, problemsOf } from './pinned-stage.ts';

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

test('a volume that tasks of the stack made is the stack’s: it is used, and removed with its data where that is asked', async () => {
  const stage = await PinnedStage.with({ one: {}, two: {} });
  const volume = { volumes: [{ type: 'volume' as const, source: 'data', target: '/data' }] };
  await stage.deploy(stage.desired({ db: {} }));
  const volumes = stage.hosts.get('two')?.engine.volumes;
  await volumes?.create({ Name: 'shop_data', Labels: { 'com.docker.stack.namespace': 'shop' } });
  await volumes?.create({ Name: 'theirs', Labels: { 'com.docker.stack.namespace': 'other' } });
  const plan = await stage.plan(stage.desired({ db: {}, tpu: { ...device, ...volume } }));
  expect(plan.notices).toEqual([]);
  const down = (name: string) => async () => planSwarmDown(await stage.observe(), { volumes: [{ host: 'two', name }] });
  expect(printPlan(await down('shop_data')())).toMatchInlineSnapshot(`
    "[1] service-remove shop_db — taking down was asked for
    [2] volume-remove shop_data on two — its removal, with its data, was asked for by name (after 1)
    [3] network-remove shop_default — taking down was asked for (after 1)
    "
  `);
  expect(await problemsOf(down('theirs')())).toEqual(["the volume theirs is not one of this project's"]);
});
