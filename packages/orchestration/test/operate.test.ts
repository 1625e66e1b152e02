import { describe, expect, test } from 'vitest';
import { execute } from '../src/execute/execute.ts';
import type { Plan } from '../src/model/plan.ts';
import { planDown } from '../src/plan/down.ts';
import { planRestart, planStart, planStop } from '../src/plan/operate.ts';
import { printPlan } from '../src/plan/print.ts';
import { planRun } from '../src/plan/run.ts';
import { type FakeStage, fakeStage } from './fake-stage.ts';
import { makeProject } from './make-project.ts';

const needs = (on: string, condition: 'service_started' | 'service_healthy' = 'service_started', restart = false) => ({
  depends_on: { [on]: { condition, required: true, ...(restart ? { restart: true as const } : {}) } },
});
const project = makeProject(
  {
    db: {
      healthcheck: { test: ['CMD', 'true'] },
      volumes: [{ type: 'volume', source: 'data', target: '/data', volume: {} }],
    },
    api: { ...needs('db', 'service_healthy', true), scale: 2, pre_stop: [{ command: ['true'] }] },
    web: needs('api'),
  },
  { volumes: { data: { name: 'shop_data' } } },
);

async function deployedStage(): Promise<FakeStage> {
  const stage = await fakeStage();
  expect(await stage.deploy(stage.desired(project))).toMatchObject({ outcome: 'done' });
  return stage;
}

async function carriedOut(stage: FakeStage, plan: Plan): Promise<string> {
  const { failure } = await execute(plan, stage.engine, { settleMs: 0 });
  expect(failure?.message).toBeUndefined();
  return printPlan(plan);
}

describe('operating', () => {
  test('stop goes against the order of the dependencies, with hooks; start goes with it', async () => {
    const stage = await deployedStage();
    expect(await carriedOut(stage, planStop(await stage.observe(), {}, project))).toMatchInlineSnapshot(`
      "[1] container-stop shop-web-1 — stopping was asked for
      [2] hook-run pre_stop 1 shop-api-1 — stopping was asked for (after 1)
      [3] container-stop shop-api-1 — stopping was asked for (after 2)
      [4] hook-run pre_stop 1 shop-api-2 — stopping was asked for (after 1)
      [5] container-stop shop-api-2 — stopping was asked for (after 4)
      [6] gate free db — what db waits for is done (after 3, 5)
      [7] container-stop shop-db-1 — stopping was asked for (after 6)
      "
    `);
    expect(printPlan(planStop(await stage.observe()))).toBe('nothing to do\n');
    expect(await carriedOut(stage, planStart(await stage.observe()))).toMatchInlineSnapshot(`
      "[1] container-start shop-db-1 — starting was asked for
      [2] wait healthy db — the health check of db must pass (after 1)
      [3] container-start shop-api-1 — starting was asked for (after 2)
      [4] container-start shop-api-2 — starting was asked for (after 2)
      [5] gate started api — api is started (after 3, 4)
      [6] container-start shop-web-1 — starting was asked for (after 5)
      [7] check shop — what was started must still run (after 6)
      "
    `);
    expect(printPlan(await stage.plan(stage.desired(project)))).toBe('nothing to do\n');
  });

  test('a restart takes those along that ask for it', async () => {
    const stage = await deployedStage();
    const plan = planRestart(await stage.observe(), { services: ['db'], stopTimeout: 1 });
    expect(await carriedOut(stage, plan)).toMatchInlineSnapshot(`
      "[1] container-restart shop-db-1 — restarting was asked for
      [2] wait healthy db — the health check of db must pass (after 1)
      [3] container-restart shop-api-1 — db is restarted (after 2)
      [4] container-restart shop-api-2 — db is restarted (after 2)
      [5] check shop — what was started must still run (after 3, 4)
      "
    `);
    expect(plan.services.map(({ service, change }) => `${service} ${change}`)).toEqual([
      'api restarted',
      'db restarted',
    ]);
  });

  test('a service without containers is no service to operate', async () => {
    const stage = await deployedStage();
    const observed = await stage.observe();
    expect(() => planStop(observed, { services: ['none'] })).toThrow(
      'planning shop: the service none has no containers',
    );
  });
});

describe('taking down', () => {
  test('removes containers and networks, dependents first, and keeps every volume', async () => {
    const stage = await deployedStage();
    expect(await carriedOut(stage, planDown(await stage.observe()))).toMatchInlineSnapshot(`
      "[1] container-stop shop-web-1 — taking down was asked for
      [2] container-stop shop-api-1 — taking down was asked for (after 1)
      [3] container-stop shop-api-2 — taking down was asked for (after 1)
      [4] gate free db — what db waits for is done (after 2, 3)
      [5] container-stop shop-db-1 — taking down was asked for (after 4)
      [6] container-remove shop-web-1 — taking down was asked for (after 1)
      [7] container-remove shop-api-1 — taking down was asked for (after 2)
      [8] container-remove shop-api-2 — taking down was asked for (after 3)
      [9] container-remove shop-db-1 — taking down was asked for (after 5)
      [10] network-remove shop_default — taking down was asked for (after 6, 7, 8, 9)
      "
    `);
    expect(await stage.containers()).toBe('');
    expect((await stage.engine.volumes.list()).Volumes.map(({ Name }) => Name)).toEqual(['shop_data']);
  });

  test('without grace it kills at once, and removes a volume that is named', async () => {
    const stage = await deployedStage();
    const plan = planDown(await stage.observe(), { stopTimeout: 0, volumes: ['shop_data'] });
    expect(await carriedOut(stage, plan)).toMatchInlineSnapshot(`
      "[1] container-remove shop-web-1 — taking down was asked for
      [2] container-remove shop-api-1 — taking down was asked for (after 1)
      [3] container-remove shop-api-2 — taking down was asked for (after 1)
      [4] gate free db — what db waits for is done (after 2, 3)
      [5] container-remove shop-db-1 — taking down was asked for (after 4)
      [6] network-remove shop_default — taking down was asked for (after 1, 2, 3, 5)
      [7] volume-remove shop_data — its removal, with its data, was asked for by name (after 5)
      "
    `);
    expect(plan.operations.at(-1)).toMatchObject({ kind: 'volume-remove', impact: 'data-loss' });
    expect((await stage.engine.volumes.list()).Volumes).toEqual([]);
  });

  test('never a volume of somebody else', async () => {
    const stage = await deployedStage();
    await stage.engine.volumes.create({ Name: 'precious' });
    const observed = await stage.observe();
    expect(() => planDown(observed, { volumes: ['precious'] })).toThrow(
      'the volume precious is not one of this project',
    );
  });

  test('takes one-off containers and leftovers along, and leaves a network that somebody else uses', async () => {
    const stage = await deployedStage();
    const run = planRun(stage.desired(project), await stage.observe(), { service: 'web', slug: '0123456789ab' });
    await carriedOut(stage, run.container);
    const { Id } = await stage.engine.containers.create(
      { Image: 'app:1', HostConfig: { NetworkMode: 'shop_default' } },
      { name: 'guest' },
    );
    await stage.engine.containers.start(Id);
    await carriedOut(stage, planDown(await stage.observe(), { stopTimeout: 0 }));
    expect(await stage.containers()).toBe('guest running app:1');
  });
});

describe('a one-off container', () => {
  test('brings up what it depends on, publishes nothing, and has a name of its own', async () => {
    const stage = await fakeStage();
    const services = makeProject({
      db: {},
      web: { ...needs('db'), ports: [{ target: 80, published: '80', protocol: 'tcp' }], restart: 'always' },
    });
    const desired = stage.desired(services);
    const request = {
      service: 'web',
      slug: '0123456789ab',
      command: ['sh', '-c', 'exit 3'],
      environment: { A: 'b' },
      tty: true,
    };
    const run = planRun(desired, await stage.observe(desired), request);
    expect(run.dependencies.services.map(({ service }) => service)).toEqual(['db']);
    expect(run.name).toBe('shop-web-run-0123456789ab');
    await carriedOut(stage, run.dependencies);
    const result = await execute(run.container, stage.engine);
    const made = await stage.engine.containers.inspect(result.created.get(run.create) ?? '');
    expect(made.State.Status).toBe('created');
    expect(made.Config).toMatchObject({ Cmd: ['sh', '-c', 'exit 3'], Tty: true });
    expect(made.Config.Labels).toMatchObject({
      'com.docker.compose.oneoff': 'True',
      'com.docker.compose.slug': '0123456789ab',
    });
    expect(made.HostConfig.PortBindings).toEqual({});
    expect(made.HostConfig.RestartPolicy?.Name).toBe('no');
    expect(printPlan(await stage.plan(desired, { services: ['db'] }))).toBe('nothing to do\n');
    expect((await stage.plan(desired)).operations.some(({ target }) => target === run.name)).toBe(false);
  });

  test('starts what it depends on and never replaces it, though the file says otherwise by now', async () => {
    const stage = await fakeStage();
    await stage.deploy(stage.desired(makeProject({ db: {}, web: needs('db') })));
    const db = await stage.engine.containers.inspect('shop-db-1');
    await stage.engine.containers.stop(db.Id);
    const desired = stage.desired(makeProject({ db: { image: 'app:2' }, web: needs('db') }), { revision: 2 });
    const request = { service: 'web', slug: '0123456789ab' };
    const run = planRun(desired, await stage.observe(desired), request);
    await carriedOut(stage, run.dependencies);
    const after = await stage.engine.containers.inspect('shop-db-1');
    expect([after.Id, after.State.Status]).toEqual([db.Id, 'running']);
  });
});
