import { expect, test } from 'vitest';
import { describeOperation } from '../../src/model/plan.ts';
import { printPlan } from '../../src/plan/print.ts';
import type { RunPlan, RunRequest } from '../../src/plan/run.ts';
import { planSwarmRun } from '../../src/plan/swarm/run.ts';
import { device, needs, PinnedStage, problemsOf } from './pinned-stage.ts';

const slug = '0123456789ab';
const volume = { volumes: [{ type: 'volume' as const, source: 'data', target: '/data' }] };

async function planOf(
  stage: PinnedStage,
  services: Parameters<PinnedStage['desired']>[0],
  request: Partial<RunRequest> & Pick<RunRequest, 'service'>,
): Promise<RunPlan> {
  return planSwarmRun(stage.desired(services), await stage.observe(), { slug, ...request });
}

function hostOf({ container, create }: RunPlan): string | undefined {
  return container.operations.find(({ id }) => id === create)?.host;
}

test('a run is a container of one host on the stack’s network, without the name of its service', async () => {
  const stage = await PinnedStage.with({ one: {}, two: {} });
  await stage.deploy(stage.desired({ web: {} }));
  const run = await planOf(stage, { web: {} }, { service: 'web', command: ['migrate'] });
  expect(run.name).toBe(`shop-web-run-${slug}`);
  expect(printPlan(run.dependencies)).toBe('nothing to do\n');
  expect(printPlan(run.container)).toBe(`[1] container-create ${run.name} on one — a run was asked for\n`);
  const [create] = run.container.operations;
  expect(create === undefined ? undefined : describeOperation(create)).toMatchObject({ host: 'one', service: 'web' });
  expect(create).toMatchObject({
    id: run.create,
    body: {
      Cmd: ['migrate'],
      Labels: { 'com.docker.stack.namespace': 'shop', 'com.docker.compose.oneoff': 'True' },
      HostConfig: { NetworkMode: 'shop_default', RestartPolicy: { Name: 'no' } },
      NetworkingConfig: { EndpointsConfig: { shop_default: {} } },
    },
  });
});

test('what it depends on and is missing is made before; what stands stays as it is', async () => {
  const stage = await PinnedStage.with({ one: {} });
  await stage.deploy(stage.desired({ db: {} }));
  const services = { db: { image: 'app:2' }, cache: needs('db'), web: needs('cache'), other: {} };
  const { dependencies, container } = await planOf(stage, services, { service: 'web' });
  expect(printPlan(dependencies)).toMatchInlineSnapshot(`
    "[1] service-create shop_cache — service is missing
    [2] service-wait running shop_cache — its tasks must run (after 1)
    "
  `);
  expect(printPlan(container)).toMatchInlineSnapshot(`
    "[1] container-create shop-web-run-0123456789ab on one — a run was asked for
    "
  `);
  const alone = await planOf(stage, services, { service: 'web', withoutDependencies: true });
  expect(alone.dependencies.operations).toEqual([]);
});

test('of a stack that does not stand yet, the network is made first', async () => {
  const stage = await PinnedStage.with({ one: {} });
  const { container } = await planOf(stage, { web: {} }, { service: 'web' });
  expect(printPlan(container)).toMatchInlineSnapshot(`
    "[1] network-create shop_default — network is missing
    [2] container-create shop-web-run-0123456789ab on one — a run was asked for (after 1)
    "
  `);
});

test('it runs where the volumes of the service are, where its constraints allow, and beside what it shares something with', async () => {
  const stage = await PinnedStage.with({ one: {}, two: { labels: { disk: 'fast' } }, three: {} });
  await stage.hosts.get('three')?.engine.volumes.create({
    Name: 'shop_data',
    Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.volume': 'data' },
  });
  expect(hostOf(await planOf(stage, { db: volume }, { service: 'db' }))).toBe('three');
  const fast = { deploy: { resources: {}, placement: { constraints: ['node.labels.disk==fast'] } } };
  expect(hostOf(await planOf(stage, { db: fast }, { service: 'db' }))).toBe('two');
  const tpu = { ...device, ...fast };
  const side = { network_mode: 'service:tpu' };
  await stage.deploy(stage.desired({ tpu, side }));
  expect(hostOf(await planOf(stage, { tpu, side }, { service: 'side' }))).toBe('two');
});

test('a run is in nobody’s way: a deploy, a restart and the place of a pinned service do not know it', async () => {
  const stage = await PinnedStage.with({ one: {}, two: {} });
  const services = { web: {}, tpu: { ...device, deploy: { resources: {}, placement: {} } } };
  const desired = stage.desired(services);
  await stage.deploy(desired);
  const run = await planOf(stage, services, { service: 'web' });
  await stage.apply(run.container);
  expect(await stage.where()).toContain(run.name);
  expect(printPlan(await stage.plan(desired))).toBe('nothing to do\n');
  expect(await stage.restart(['web'])).not.toContain('container-');
});

test('what cannot run says why', async () => {
  const stage = await PinnedStage.with({ one: {} });
  const nowhere = { deploy: { resources: {}, placement: { constraints: ['node.labels.disk==fast'] } } };
  expect(await problemsOf(planOf(stage, { web: nowhere }, { service: 'web' }))).toMatchInlineSnapshot(`
    [
      "a run of web is a container of one host, and no host can run it: 1 is without node.labels.disk==fast (one)",
    ]
  `);
  expect(await problemsOf(planOf(stage, { web: {} }, { service: 'wob' }))).toEqual(['there is no service wob']);
  stage.swarm.addNetwork('shop_default', { Labels: { 'com.docker.stack.namespace': 'shop' } });
  expect(await problemsOf(planOf(stage, { web: {} }, { service: 'web' }))).toMatchInlineSnapshot(`
    [
      "the network shop_default exists with other settings (attachable changed: false → true), and a Swarm changes no network while services are on it: give it another "name", or take the stack down first",
    ]
  `);
});
