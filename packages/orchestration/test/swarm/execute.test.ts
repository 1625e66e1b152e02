import type { Engine, ServiceSpec } from '@drover/engine';
import { createFakeEngine } from '@drover/engine/fake';
import { expect, test } from 'vitest';
import { execute } from '../../src/execute/execute.ts';
import type { Operation } from '../../src/model/operation.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { ExecutionEvent } from '../../src/model/progress.ts';
import { collectSwarmObserved } from '../../src/observe/swarm/collect.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { planSwarmDown } from '../../src/plan/swarm/down.ts';
import { makeProject } from '../make-project.ts';
import { FakeSwarmStage } from './fake-swarm-stage.ts';

const secrets = { password: { name: 'shop_password', environment: 'PASSWORD' } };
const many = (count: number, level: string) =>
  makeProject(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `s${index}`,
        { environment: { LEVEL: level }, secrets: [{ source: 'password' }] },
      ]),
    ),
    { secrets },
  );
const settled = { settleMs: 10, swarm: {} };

async function planOf(stage: FakeSwarmStage, count: number, level: string, revision = 1): Promise<Plan> {
  const desired = await stage.desired(many(count, level), { revision, secrets: { password: 'first' } });
  return planSwarmDeploy(desired, await collectSwarmObserved(stage.manager, { project: 'shop' }));
}

test('all waits of a plan share one list of tasks, at a bounded pace, and tell how far they are', async () => {
  const stage = new FakeSwarmStage();
  stage.publish('app:1', { behaviour: { healthyAfter: 5 } });
  const plan = await planOf(stage, 20, '1');
  const { control } = stage.swarm.engine('n1');
  control.clearCalls();
  const events: ExecutionEvent[] = [];
  const begun = performance.now();
  const result = await execute(plan, stage.manager, { ...settled, onEvent: (event) => events.push(event) });
  expect(result.failure?.message).toBeUndefined();
  const lists = control.calls.filter(({ name }) => name === 'tasks.list').length;
  expect(lists).toBeGreaterThan(0);
  expect(lists).toBeLessThanOrEqual(3 + (performance.now() - begun) / 25);
  expect(lists).toBeLessThan(20);
  const told = events.flatMap((event) => (event.type === 'progress' ? [event.text] : []));
  expect(told).toContain('shop_s7: 1 of 1 tasks run');
});

test('how many calls an observation takes does not depend on how much stands', async () => {
  const stage = new FakeSwarmStage();
  const { control } = stage.swarm.engine('n1');
  const counts: number[] = [];
  for (const count of [1, 12]) {
    await execute(await planOf(stage, count, '1'), stage.manager, settled);
    control.clearCalls();
    const observed = await collectSwarmObserved(stage.manager, { project: 'shop' });
    expect(observed.services).toHaveLength(count);
    expect([...observed.tasks.values()].map(({ running }) => running)).toEqual(Array.from({ length: count }, () => 1));
    counts.push(control.calls.length);
  }
  expect(counts).toEqual([6, 6]);
});

test('a plan that is carried out twice comes to the same as once', async () => {
  const stage = new FakeSwarmStage();
  const made = await planOf(stage, 2, '1');
  expect((await execute(made, stage.manager, settled)).failure?.message).toBeUndefined();
  const before = await stage.standing();
  expect((await execute(made, stage.manager, settled)).failure?.message).toBeUndefined();
  expect(await stage.standing()).toEqual(before);

  const changed = await planOf(stage, 2, '2', 2);
  expect((await execute(changed, stage.manager, settled)).failure?.message).toBeUndefined();
  const after = await stage.standing();
  expect((await execute(changed, stage.manager, settled)).failure?.message).toBeUndefined();
  expect(await stage.standing()).toEqual(after);

  const down = planSwarmDown(await collectSwarmObserved(stage.manager, { project: 'shop' }));
  expect((await execute(down, stage.manager, settled)).failure?.message).toBeUndefined();
  expect((await execute(down, stage.manager, settled)).failure?.message).toBeUndefined();
  expect(await stage.standing()).toEqual([]);
});

test("an update goes on after Swarm's own notes about a service, and not over somebody else's change", async () => {
  const stage = new FakeSwarmStage();
  await execute(await planOf(stage, 1, '1'), stage.manager, settled);
  const observed = await collectSwarmObserved(stage.manager, { project: 'shop' });
  const [service] = await stage.manager.services.list();
  const touch = (labels: object): Promise<unknown> =>
    stage.manager.services.update(service!.ID, service!.Version.Index, {
      ...service!.Spec,
      Labels: { ...service!.Spec.Labels, ...labels },
    });
  // The same spec again raises the version and nothing else.
  await touch({});
  const desired = await stage.desired(many(1, '2'), { revision: 2, secrets: { password: 'first' } });
  const plan = planSwarmDeploy(desired, observed);
  const result = await execute(plan, stage.manager, { ...settled, swarm: { observed } });
  expect(result.failure?.message).toBeUndefined();

  const again = await collectSwarmObserved(stage.manager, { project: 'shop' });
  const [current] = await stage.manager.services.list();
  await stage.manager.services.update(current!.ID, current!.Version.Index, {
    ...current!.Spec,
    Labels: { ...current!.Spec.Labels, mine: 'yes' },
  });
  const third = planSwarmDeploy(
    await stage.desired(many(1, '3'), { revision: 3, secrets: { password: 'first' } }),
    again,
  );
  const refused = await execute(third, stage.manager, { ...settled, swarm: { observed: again } });
  expect(refused.failure?.message).toMatch(/^updating service shop_s0: somebody else changed it at the same time/);
});

test('a service of the same name that is not the stack’s is not taken', async () => {
  const stage = new FakeSwarmStage();
  const plan = await planOf(stage, 1, '1');
  const foreign: ServiceSpec = { Name: 'shop_s0', TaskTemplate: { ContainerSpec: { Image: 'app:1' } } };
  await stage.manager.services.create(foreign);
  const { failure } = await execute(plan, stage.manager, settled);
  expect(failure?.message).toMatch(/^creating service shop_s0: name conflicts/);
});

test('a service is removed though the host of one of its tasks is lost', async () => {
  const stage = new FakeSwarmStage();
  const desired = await stage.desired(makeProject({ web: { scale: 3 } }));
  expect(await stage.converge(desired, null)).toMatchObject({ outcome: 'succeeded' });
  stage.swarm.kill('n3');
  const down = planSwarmDown(await collectSwarmObserved(stage.manager, { project: 'shop' }), { networks: false });
  expect((await execute(down, stage.manager, settled)).failure?.message).toBeUndefined();
  expect((await stage.manager.services.list()).length).toBe(0);
}, 15_000);

test('operations that name a host go to its engine, and one that cannot be had is named', async () => {
  const [manager, host] = [createFakeEngine(), createFakeEngine()];
  host.control.addImage('app:1', { config: { Cmd: ['serve'] } });
  const base = { causes: [], impact: 'created', dependsOn: [] } as const;
  const operations: readonly Operation[] = [
    {
      ...base,
      id: 'make',
      kind: 'container-create',
      target: 'shop-dev-1',
      host: 'n2',
      name: 'shop-dev-1',
      body: { Image: 'app:1' },
    },
    {
      ...base,
      id: 'start',
      kind: 'container-start',
      target: 'shop-dev-1',
      host: 'n2',
      dependsOn: ['make'],
      container: { createdBy: 'make', name: 'shop-dev-1' },
    },
  ];
  const plan: Plan = { project: 'shop', operations, services: [], notices: [] };
  const engineOf = (name: string): Engine => {
    if (name !== 'n2') throw new Error(`the host ${name} is not connected`);
    return host;
  };
  expect((await execute(plan, manager, { engineOf })).outcome).toBe('done');
  expect((await host.containers.list()).map(({ Names }) => Names[0])).toEqual(['/shop-dev-1']);
  expect(await manager.containers.list({ all: true })).toEqual([]);
  const away: Plan = { ...plan, operations: operations.map((operation) => ({ ...operation, host: 'n9' })) };
  expect((await execute(away, manager, { engineOf })).failure).toMatchObject({
    message: 'the host n9 is not connected',
    host: 'n9',
  });
});
