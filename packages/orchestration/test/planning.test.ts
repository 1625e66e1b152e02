import { describe, expect, test } from 'vitest';
import type { Plan } from '../src/model/plan.ts';
import type { PlanOptions } from '../src/model/plan-options.ts';
import { planDeploy } from '../src/plan/deploy.ts';
import { printPlan } from '../src/plan/print.ts';
import { type FakeStage, fakeStage } from './fake-stage.ts';
import { makeProject, type ServiceSketch } from './make-project.ts';

/** The plan's text without ids that differ from run to run. */
const text = (plan: Plan): string => printPlan(plan).replace(/[0-9a-f]{12}_/g, 'OLD_');

const health = { healthcheck: { test: ['CMD', 'true'] } };
const needs = (on: string, more: object = {}) => ({
  depends_on: { [on]: { condition: 'service_started' as const, required: true, ...more } },
});
const update = (order: string | undefined, parallelism: number, more: object = {}) => ({
  deploy: {
    resources: {},
    placement: {},
    update_config: { parallelism, ...(order === undefined ? {} : { order }), ...more },
  },
});

/** What it takes to go from some services to others. */
async function planBetween(
  before: Record<string, ServiceSketch>,
  after: Record<string, ServiceSketch>,
  between: (stage: FakeStage) => Promise<void> = async () => {},
  options: PlanOptions = {},
): Promise<Plan> {
  const stage = await fakeStage();
  await stage.addImage('job:1', { config: { Cmd: ['work'] }, behaviour: { exitAfter: 1, exitCode: 0 } });
  const first = await stage.deploy(stage.desired(makeProject(before)));
  expect(first.failure).toBeUndefined();
  await between(stage);
  const desired = stage.desired(makeProject(after), { revision: 2 });
  const plan = await stage.plan(desired, options);
  expect(await stage.deploy(desired, options)).toMatchObject({ outcome: 'done' });
  expect(printPlan(await stage.plan(desired))).toBe('nothing to do\n');
  return plan;
}

test('a container that names another one is made after it, where its service depends on that', async () => {
  const stage = await fakeStage();
  const borrower = { volumes_from: ['container:store'], ...needs('middle') };
  const project = makeProject({ borrower, middle: needs('store'), store: { container_name: 'store' } });
  const { operations } = await stage.plan(stage.desired(project));
  const create = operations.find(({ id }) => id === 'container-create shop-borrower-1');
  expect(create?.dependsOn).toContain('container-create store');
});

describe('replacing', () => {
  test('start-first where it is safe: the old containers stop once the new ones are healthy', async () => {
    const plan = await planBetween({ web: { ...health, scale: 2 } }, { web: { ...health, scale: 2, image: 'app:2' } });
    expect(text(plan)).toMatchInlineSnapshot(`
      "[1] container-create OLD_shop-web-1 — image changed: app:1 → app:2
      [2] container-create OLD_shop-web-2 — image changed: app:1 → app:2
      [3] gate prepared shop — everything new is made before anything stops (after 1, 2)
      [4] container-start OLD_shop-web-1 — image changed: app:1 → app:2 (after 1)
      [5] container-start OLD_shop-web-2 — image changed: app:1 → app:2 (after 2)
      [6] wait healthy 1,2 web — the health check of what replaces web must pass (after 4, 5)
      [7] container-stop shop-web-1 — OLD_shop-web-1 takes its place (after 1, 3, 6)
      [8] container-stop shop-web-2 — OLD_shop-web-2 takes its place (after 2, 3, 6)
      [9] check shop — what was started must still run (after 7, 8)
      [10] container-remove shop-web-1 — OLD_shop-web-1 takes its place (after 7, 9)
      [11] container-remove shop-web-2 — OLD_shop-web-2 takes its place (after 8, 9)
      [12] container-rename OLD_shop-web-1 — shop-web-1 is its name (after 9, 10)
      [13] container-rename OLD_shop-web-2 — shop-web-2 is its name (after 9, 11)
      "
    `);
  });

  test('in batches where the file says so', async () => {
    const web = { ...health, ...update('start-first', 1), scale: 2 };
    expect(text(await planBetween({ web }, { web: { ...web, image: 'app:2' } }))).toMatchInlineSnapshot(`
      "[1] container-create OLD_shop-web-1 — image changed: app:1 → app:2
      [2] container-create OLD_shop-web-2 — image changed: app:1 → app:2
      [3] gate prepared shop — everything new is made before anything stops (after 1, 2)
      [4] container-start OLD_shop-web-1 — image changed: app:1 → app:2 (after 1)
      [5] wait healthy 1 web — the health check of what replaces web must pass (after 4)
      [6] container-stop shop-web-1 — OLD_shop-web-1 takes its place (after 1, 3, 5)
      [7] container-start OLD_shop-web-2 — image changed: app:1 → app:2 (after 2, 5, 6)
      [8] wait healthy 2 web — the health check of what replaces web must pass (after 7)
      [9] container-stop shop-web-2 — OLD_shop-web-2 takes its place (after 2, 3, 8)
      [10] check shop — what was started must still run (after 9)
      [11] container-remove shop-web-1 — OLD_shop-web-1 takes its place (after 6, 10)
      [12] container-remove shop-web-2 — OLD_shop-web-2 takes its place (after 9, 10)
      [13] container-rename OLD_shop-web-1 — shop-web-1 is its name (after 10, 11)
      [14] container-rename OLD_shop-web-2 — shop-web-2 is its name (after 10, 12)
      "
    `);
  });

  test('old and new containers overlap, so that callers with an address a moment old find the new ones', async () => {
    const plan = await planBetween({ web: health }, { web: { ...health, image: 'app:2' } }, undefined, {
      overlapMs: 20,
    });
    expect(text(plan)).toMatchInlineSnapshot(`
      "[1] container-create OLD_shop-web-1 — image changed: app:1 → app:2
      [2] gate prepared shop — everything new is made before anything stops (after 1)
      [3] container-start OLD_shop-web-1 — image changed: app:1 → app:2 (after 1)
      [4] wait healthy 1 web — the health check of what replaces web must pass (after 3)
      [5] monitor 1 web — old and new containers of web both answer for 0.02 s, so that callers find the new ones (after 4)
      [6] container-stop shop-web-1 — OLD_shop-web-1 takes its place (after 1, 2, 5)
      [7] check shop — what was started must still run (after 6)
      [8] container-remove shop-web-1 — OLD_shop-web-1 takes its place (after 6, 7)
      [9] container-rename OLD_shop-web-1 — shop-web-1 is its name (after 7, 8)
      "
    `);
  });

  test('they overlap for two seconds where nothing else is said', async () => {
    const stage = await fakeStage();
    await stage.deploy(stage.desired(makeProject({ web: health })));
    const desired = stage.desired(makeProject({ web: { ...health, image: 'app:2' } }), { revision: 2 });
    const { operations } = planDeploy(desired, await stage.observe(desired));
    expect(operations.filter(({ kind }) => kind === 'monitor')).toMatchObject([{ ms: 2000 }]);
  });

  test('the file says how long a batch is monitored and what lies between batches', async () => {
    const web = { ...health, scale: 2, ...update('stop-first', 1, { monitor: '10ms', delay: '5ms' }) };
    expect(text(await planBetween({ web }, { web: { ...web, image: 'app:2' } }))).toMatchInlineSnapshot(`
      "[1] container-create OLD_shop-web-1 — image changed: app:1 → app:2
      [2] container-create OLD_shop-web-2 — image changed: app:1 → app:2
      [3] gate prepared shop — everything new is made before anything stops (after 1, 2)
      [4] container-stop shop-web-1 — OLD_shop-web-1 takes its place (after 1, 3)
      [5] container-start OLD_shop-web-1 — image changed: app:1 → app:2 (after 1, 4)
      [6] wait healthy 1 web — the health check of what replaces web must pass (after 5)
      [7] monitor 1 web — what replaces web must run for 0.01 s (after 6)
      [8] monitor delay 2 web — 0.005 s lie between the batches of web (after 4, 7)
      [9] container-stop shop-web-2 — OLD_shop-web-2 takes its place (after 2, 3, 8)
      [10] container-start OLD_shop-web-2 — image changed: app:1 → app:2 (after 2, 8, 9)
      [11] wait healthy 2 web — the health check of what replaces web must pass (after 10)
      [12] monitor 2 web — what replaces web must run for 0.01 s (after 11)
      [13] check shop — what was started must still run (after 12)
      [14] container-remove shop-web-1 — OLD_shop-web-1 takes its place (after 4, 13)
      [15] container-remove shop-web-2 — OLD_shop-web-2 takes its place (after 9, 13)
      [16] container-rename OLD_shop-web-1 — shop-web-1 is its name (after 13, 14)
      [17] container-rename OLD_shop-web-2 — shop-web-2 is its name (after 13, 15)
      "
    `);
  });

  test.each([
    ['a writable volume', { volumes: [{ type: 'volume' as const, target: '/data', volume: {} }] }],
    ['a fixed port', { ports: [{ target: 80, published: '80', protocol: 'tcp' }] }],
    ['a name', { container_name: 'web' }],
    ['a device', { devices: [{ source: '/dev/null', target: '/dev/null', permissions: 'r' }] }],
    ['an address', { networks: { default: { ipv4_address: '172.20.0.9' } } }],
    ['no health check', { healthcheck: { test: ['NONE'] } }],
    ['the wish of the author', update('stop-first', 0)],
  ])('stop-first with %s', async (_, more) => {
    const plan = await planBetween({ web: { ...health, ...more } }, { web: { ...health, ...more, image: 'app:2' } });
    const kinds = plan.operations.map(({ kind }) => kind);
    expect(kinds.indexOf('container-stop')).toBeLessThan(kinds.indexOf('container-start'));
  });

  test('a fixed port goes before the wish to start first, with a notice', async () => {
    const web = { ...health, ...update('start-first', 0), ports: [{ target: 80, published: '80', protocol: 'tcp' }] };
    const plan = await planBetween({ web }, { web: { ...web, image: 'app:2' } });
    expect(plan.notices.map(({ message }) => message)).toEqual([
      'web cannot be replaced start-first, since it publishes a fixed port; the old container stops first',
    ]);
  });

  test('dependents that ask for it stop before and start after what they depend on', async () => {
    const web = needs('db', { restart: true });
    expect(text(await planBetween({ db: {}, web }, { db: { image: 'app:2' }, web }))).toMatchInlineSnapshot(`
      "[1] container-create OLD_shop-db-1 — image changed: app:1 → app:2
      [2] gate prepared shop — everything new is made before anything stops (after 1)
      [3] container-stop shop-web-1 — db is replaced, and it asks to be restarted then (after 2)
      [4] container-stop shop-db-1 — OLD_shop-db-1 takes its place (after 1, 2, 3)
      [5] container-start OLD_shop-db-1 — image changed: app:1 → app:2 (after 1, 4)
      [6] container-start shop-web-1 — db is replaced, and it asks to be restarted then (after 3, 5)
      [7] check shop — what was started must still run (after 6)
      [8] container-remove shop-db-1 — OLD_shop-db-1 takes its place (after 4, 7)
      [9] container-rename OLD_shop-db-1 — shop-db-1 is its name (after 7, 8)
      "
    `);
  });

  test('a container that shares the network of a replaced one is replaced too, in one plan', async () => {
    const side = { network_mode: 'service:web' };
    const plan = await planBetween({ web: {}, side }, { web: { image: 'app:2' }, side });
    expect(plan.services).toMatchInlineSnapshot(`
      [
        {
          "causes": [
            "the container whose network it shares is another one",
          ],
          "change": "recreated",
          "service": "side",
        },
        {
          "causes": [
            "image changed: app:1 → app:2",
          ],
          "change": "recreated",
          "service": "web",
        },
      ]
    `);
  });

  test('every kind of change is named, and no value that may be secret', async () => {
    const plan = await planBetween(
      {
        web: {
          environment: { OLD: 'x', PASSWORD: 'hunter1' },
          labels: { a: '1' },
          command: ['run', 'hunter1'],
          ports: [{ target: 80, published: '8080', protocol: 'tcp' }],
          restart: 'always',
          mem_limit: '1000000',
        },
      },
      {
        web: {
          environment: { NEW: 'x', PASSWORD: 'hunter2' },
          labels: { a: '2' },
          command: ['run', 'hunter2'],
          ports: [{ target: 80, published: '8081', protocol: 'tcp' }],
          restart: 'unless-stopped',
          mem_limit: '2000000',
          networks: { default: { aliases: ['www'] } },
          healthcheck: { test: ['CMD', 'true'] },
        },
      },
    );
    expect(plan.services[0]?.causes).toMatchInlineSnapshot(`
      [
        "environment NEW added",
        "environment OLD removed",
        "environment PASSWORD changed",
        "command changed",
        "health check changed",
        "restart policy changed: always → unless-stopped",
        "memory limit changed: 1000000 → 2000000",
        "port 8080:80/tcp removed",
        "port 8081:80/tcp added",
        "aliases on network shop_default changed",
        "label a changed",
      ]
    `);
  });
});

describe('what stands', () => {
  test('a stopped container is started, an ended one-shot stays, a paused one goes on', async () => {
    const services = { web: {}, api: {}, job: { image: 'job:1', restart: 'no' } };
    const plan = await planBetween(services, services, async ({ engine }) => {
      await engine.containers.stop('shop-web-1', { timeout: 0 });
      await engine.containers.pause('shop-api-1');
    });
    expect(text(plan)).toMatchInlineSnapshot(`
      "[1] container-unpause shop-api-1 — container is paused
      [2] container-start shop-web-1 — container is stopped
      [3] check shop — what was started must still run (after 1, 2)
      "
    `);
  });

  test('what docker update changed is updated back', async () => {
    const services = { web: { mem_limit: '100000000', restart: 'always' } };
    const plan = await planBetween(services, services, async ({ engine }) => {
      await engine.containers.update('shop-web-1', { Memory: 50_000_000, RestartPolicy: { Name: 'no' } });
    });
    expect(text(plan)).toMatchInlineSnapshot(`
      "[1] container-update shop-web-1 — restart policy was changed outside: no → always; memory limit was changed outside: 50000000 → 100000000
      "
    `);
  });

  test('a container that was taken off its network is connected again', async () => {
    const services = { web: { networks: { default: { aliases: ['www'] } } } };
    const plan = await planBetween(services, services, async ({ engine }) => {
      await engine.networks.disconnect('shop_default', 'shop-web-1');
    });
    expect(text(plan)).toMatchInlineSnapshot(`
      "[1] network-connect shop_default shop-web-1 — container is not on the network shop_default
      "
    `);
  });

  test('scaling keeps what stands, fills gaps, and takes the highest numbers away', async () => {
    const withoutTheFirst = async ({ engine }: FakeStage) => engine.containers.remove('shop-web-1', { force: true });
    const web = (scale: number) => ({ web: { scale } });
    expect(text(await planBetween(web(3), web(2), withoutTheFirst))).toBe('nothing to do\n');
    expect((await planBetween(web(3), web(3), withoutTheFirst)).operations[0]?.id).toBe('container-create shop-web-1');
    expect((await planBetween(web(1), web(2))).services).toEqual([
      { service: 'web', change: 'scaled', causes: ['containers: 1 → 2'] },
    ]);
    expect(text(await planBetween(web(3), web(1)))).toMatchInlineSnapshot(`
      "[1] container-stop shop-web-3 — 1 of web are wanted
      [2] container-remove shop-web-3 — 1 of web are wanted (after 1)
      [3] container-stop shop-web-2 — 1 of web are wanted
      [4] container-remove shop-web-2 — 1 of web are wanted (after 3)
      "
    `);
  });

  test('a service that is gone is stopped before others start, and removed in the end', async () => {
    expect(text(await planBetween({ old: {}, web: {} }, { web: { image: 'app:2' } }))).toMatchInlineSnapshot(`
      "[1] container-create OLD_shop-web-1 — image changed: app:1 → app:2
      [2] gate prepared shop — everything new is made before anything stops (after 1)
      [3] container-stop shop-old-1 — the service old is not in the project (after 2)
      [4] gate cleared shop — what may be in the way is stopped (after 3)
      [5] container-stop shop-web-1 — OLD_shop-web-1 takes its place (after 1, 2)
      [6] container-start OLD_shop-web-1 — image changed: app:1 → app:2 (after 1, 4, 5)
      [7] check shop — what was started must still run (after 6)
      [8] container-remove shop-old-1 — the service old is not in the project (after 3, 7)
      [9] container-remove shop-web-1 — OLD_shop-web-1 takes its place (after 5, 7)
      [10] container-rename OLD_shop-web-1 — shop-web-1 is its name (after 7, 9)
      "
    `);
  });

  test('a container without its name, since a deploy died before the last step, is renamed', async () => {
    const plan = await planBetween({ web: {} }, { web: {} }, async ({ engine }) => {
      await engine.containers.rename('shop-web-1', '0123456789ab_shop-web-1');
    });
    expect(text(plan)).toMatchInlineSnapshot(`
      "[1] container-rename OLD_shop-web-1 — shop-web-1 is its name
      "
    `);
  });

  test('only what was asked for, with what it depends on', async () => {
    const stage = await fakeStage();
    const desired = stage.desired(makeProject({ db: {}, web: needs('db'), other: {} }));
    expect((await stage.plan(desired, { services: ['web'] })).services.map(({ service }) => service)).toEqual([
      'db',
      'web',
    ]);
    const alone = await stage.plan(desired, { services: ['web'], withoutDependencies: true });
    expect(alone.services.map(({ service }) => service)).toEqual(['web']);
  });

  test('a thousand services are planned in well under a second, new or standing', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `s${String(index).padStart(4, '0')}`);
    const project = makeProject(
      Object.fromEntries(names.map((name, index) => [name, index === 0 ? {} : needs(names[index - 1] as string)])),
    );
    const stage = await fakeStage();
    const desired = stage.desired(project);
    const observed = await stage.observe(desired);
    const begun = performance.now();
    const plan = planDeploy(desired, observed);
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect(plan.operations).toHaveLength(2002);
  });
});

test('a container waits for the volume that it binds by name, and for the one that it mounts', async () => {
  const stage = await fakeStage();
  const volumes = ['plain', 'subtle'].map((source) => ({
    type: 'volume' as const,
    source,
    target: `/${source}`,
    volume: source === 'subtle' ? { nocopy: true as const } : {},
  }));
  const project = makeProject({ web: { volumes } }, { volumes: { plain: {}, subtle: {} } });
  const plan = await stage.plan(stage.desired(project));
  const create = plan.operations.find(({ kind }) => kind === 'container-create');
  expect(create?.dependsOn).toEqual(['network-create shop_default', 'volume-create plain', 'volume-create subtle']);
});
