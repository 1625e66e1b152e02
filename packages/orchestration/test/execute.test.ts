import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ContainerWatch } from '../src/execute/container-watch.ts';
import { execute } from '../src/execute/execute.ts';
import { waitForContainer } from '../src/execute/wait.ts';
import type { OperationKind } from '../src/model/operation.ts';
import type { Plan } from '../src/model/plan.ts';
import type { ExecutionEvent } from '../src/model/progress.ts';
import { planRestart, planStop } from '../src/plan/operate.ts';
import { fakeStage } from './fake-stage.ts';
import { makeProject } from './make-project.ts';

const healthy = (on: string, required = true) => ({
  depends_on: { [on]: { condition: 'service_healthy' as const, required } },
});
const check = { healthcheck: { test: ['CMD', 'true'], retries: 2, interval: '10ms' } };

test('no more calls are under way than were allowed', async () => {
  const stage = await fakeStage({ latency: { '*': 3 } });
  const project = makeProject({ a: { scale: 12 } });
  await stage.deploy(stage.desired(project), {}, { parallel: 4 });
  expect(stage.engine.control.maxInFlight).toBeLessThanOrEqual(5);
  expect(stage.engine.control.maxInFlight).toBeGreaterThan(3);
});

test('an engine makes and starts no more containers at once than its processors do well', async () => {
  const mostAtOnce = async (processors: number | undefined): Promise<number> => {
    const stage = await fakeStage({ latency: { '*': 3 } });
    const labour = new Set<string>();
    let most = 0;
    const result = await stage.deploy(
      stage.desired(makeProject({ a: { scale: 30 } })),
      {},
      {
        processors,
        onEvent: ({ type, operation: { id, kind } }) => {
          if (type === 'done') labour.delete(id);
          else if (type === 'started' && /^container-(?:create|start)$/.test(kind)) labour.add(id);
          most = Math.max(most, labour.size);
        },
      },
    );
    expect(result.outcome).toBe('done');
    return most;
  };
  expect(await mostAtOnce(1)).toBe(3);
  expect(await mostAtOnce(undefined)).toBe(4);
  expect(await mostAtOnce(6)).toBe(8);
  expect(await mostAtOnce(64)).toBe(16);
});

test('containers that take their time to stop are stopped together, and restarted together', async () => {
  const stage = await fakeStage();
  await stage.addImage('slow:1', { config: { Cmd: ['serve'] }, behaviour: { stopTakes: 100 } });
  await stage.deploy(stage.desired(makeProject({ a: { image: 'slow:1', scale: 40 } })));
  const mostAtOnce = async (kind: OperationKind, plan: Plan): Promise<number> => {
    let underWay = 0;
    let most = 0;
    const result = await execute(plan, stage.engine, {
      onEvent: ({ type, operation }) => {
        if (operation.kind === kind) underWay += type === 'started' ? 1 : type === 'done' ? -1 : 0;
        most = Math.max(most, underWay);
      },
    });
    expect(result.outcome).toBe('done');
    return most;
  };
  expect(await mostAtOnce('container-restart', planRestart(await stage.observe()))).toBe(40);
  expect(await mostAtOnce('container-stop', planStop(await stage.observe()))).toBe(40);
});

test('a dependent starts the moment the health turns good, and every step is told in order', async () => {
  const stage = await fakeStage();
  await stage.addImage('slow:1', { config: { Cmd: ['serve'] }, behaviour: { healthyAfter: 150 } });
  const events: ExecutionEvent[] = [];
  const at = new Map<string, number>();
  const result = await stage.deploy(
    stage.desired(makeProject({ db: { ...check, image: 'slow:1' }, web: healthy('db') })),
    {},
    {
      onEvent: (event) => {
        events.push(event);
        at.set(`${event.type} ${event.operation.id}`, performance.now());
      },
    },
  );
  expect(result.outcome).toBe('done');
  const waited = at.get('done wait healthy db')! - at.get('done container-start shop-db-1')!;
  expect(waited).toBeGreaterThan(120);
  expect(at.get('started container-start shop-web-1')! - at.get('done wait healthy db')!).toBeLessThan(20);
  expect(events.map(({ type }) => type).filter((type) => type === 'done')).toHaveLength(result.done);
});

test('an unhealthy dependency ends the deploy at once, with the last lines that it wrote and no secret', async () => {
  const stage = await fakeStage();
  await stage.addImage('sick:1', {
    config: { Cmd: ['serve'] },
    behaviour: { healthyAfter: 'never', logs: Array.from({ length: 30 }, (_, line) => `line ${line} hunter2\n`) },
  });
  const desired = stage.desired(makeProject({ db: { ...check, image: 'sick:1' }, web: healthy('db') }));
  const events: ExecutionEvent[] = [];
  const result = await stage.deploy(desired, {}, { secrets: ['hunter2'], onEvent: (event) => events.push(event) });
  expect(result.failure).toMatchObject({ reason: 'unhealthy', service: 'db', container: 'shop-db-1' });
  expect(result.failure?.message).toBe('waiting for shop-db-1 to be healthy: its health check failed 2 times');
  expect(result.failure?.logs).toContain('line 29 •••');
  expect(result.failure?.logs?.length).toBeLessThanOrEqual(20);
  expect(JSON.stringify(events)).not.toContain('hunter2');
  expect(events.filter(({ type }) => type === 'skipped').map(({ operation }) => operation.id)).toEqual([
    'container-start shop-web-1',
    'check shop',
  ]);
});

test('a new container that fails while the old one still answers ends the deploy before the old one is stopped', async () => {
  const stage = await fakeStage();
  await stage.addImage('brief:1', {
    config: { Cmd: ['serve'] },
    behaviour: { healthyAfter: 5, exitAfter: 500, exitCode: 3 },
  });
  await stage.deploy(stage.desired(makeProject({ web: check })));
  const desired = stage.desired(makeProject({ web: { ...check, image: 'brief:1' } }), { revision: 2 });
  const result = await stage.deploy(desired, { overlapMs: 10_000 });
  expect(result.failure).toMatchObject({ reason: 'exited', service: 'web' });
  expect(result.failure?.message).toBe('shop-web-1 ended with code 3 soon after it was started');
  expect(await stage.containers()).toContain('shop-web-1 running app:1');
});

test('cancelling ends an overlap at once', async () => {
  const stage = await fakeStage();
  await stage.deploy(stage.desired(makeProject({ web: check })));
  const cancel = new AbortController();
  const desired = stage.desired(makeProject({ web: { ...check, image: 'app:2' } }), { revision: 2 });
  const result = await stage.deploy(
    desired,
    { overlapMs: 60_000 },
    {
      signal: cancel.signal,
      onEvent: ({ type, operation }) => {
        if (type === 'started' && operation.kind === 'monitor') cancel.abort();
      },
    },
  );
  expect(result.failure?.reason).toBe('cancelled');
  expect(await stage.containers()).toContain('shop-web-1 running app:1');
});

test('a dependency that is not required may fail', async () => {
  const stage = await fakeStage();
  await stage.addImage('sick:1', { config: { Cmd: ['serve'] }, behaviour: { healthyAfter: 'never' } });
  const desired = stage.desired(makeProject({ db: { ...check, image: 'sick:1' }, web: healthy('db', false) }));
  const events: ExecutionEvent[] = [];
  const result = await stage.deploy(desired, { wait: 'dependencies' }, { onEvent: (event) => events.push(event) });
  expect(result.outcome).toBe('done');
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'done',
      warnings: ['waiting for shop-db-1 to be healthy: its health check failed 2 times'],
    }),
  );
});

test.each([
  ['ends at once with an error', { exitAfter: 0, exitCode: 3 }, {}, 'checking shop-web-1: it ended with code 3'],
  [
    'cannot be started',
    { startError: 'exec: "serve": executable file not found in $PATH' },
    {},
    'starting shop-web-1: the image has no program serve',
  ],
])('a container that %s fails the deploy', async (_, behaviour, more, message) => {
  const stage = await fakeStage();
  await stage.addImage('bad:1', { config: { Cmd: ['serve'] }, behaviour });
  const result = await stage.deploy(
    stage.desired(makeProject({ web: { image: 'bad:1', ...more } })),
    {},
    { settleMs: 2_000 },
  );
  expect(result.failure?.message).toBe(message);
  expect(result.failure?.service ?? 'web').toBe('web');
});

test.each([20, 1_050])(
  'a container that ended fails the deploy while the engine still lists it as running, %s ms after its start',
  async (settleMs) => {
    const stage = await fakeStage();
    const behaviour = { exitAfter: 0, exitCode: 3 };
    await stage.addImage('bad:1', { config: { Cmd: ['serve'] }, behaviour });
    const plan = await stage.plan(stage.desired(makeProject({ web: { image: 'bad:1' } })));
    // As an engine does for some 100 ms, while it cleans up.
    const list: typeof stage.engine.containers.list = async (options) =>
      (await stage.engine.containers.list(options)).map((summary) => ({ ...summary, State: 'running' }));
    const watch: typeof stage.engine.events.watch = async function* (options) {
      for await (const item of stage.engine.events.watch(options))
        if (item.type !== 'event' || item.event.Action !== 'die') yield item;
    };
    const { containers, events } = stage.engine;
    const engine = { ...stage.engine, containers: { ...containers, list }, events: { ...events, watch } };
    const result = await execute(plan, engine, { settleMs });
    expect(result.failure?.message).toBe('checking shop-web-1: it ended with code 3');
  },
);

test('where a start took long, its program has longer to show that it ends', async () => {
  const stage = await fakeStage();
  await stage.addImage('bad:1', { config: { Cmd: ['serve'] }, behaviour: { exitAfter: 60, exitCode: 3 } });
  const plan = await stage.plan(stage.desired(makeProject({ web: { image: 'bad:1' } })));
  const start: typeof stage.engine.containers.start = async (id, options) => {
    await sleep(1_200);
    await stage.engine.containers.start(id, options);
  };
  const engine = { ...stage.engine, containers: { ...stage.engine.containers, start } };
  const result = await execute(plan, engine, { settleMs: 0 });
  expect(result.failure?.message).toBe('checking shop-web-1: it ended with code 3');
});

test('work that completes ends no watching of what has yet to show that it runs', async () => {
  const stage = await fakeStage();
  await stage.addImage('job:1', { config: { Cmd: ['work'] }, behaviour: { exitAfter: 20, exitCode: 0 } });
  await stage.addImage('bad:1', { config: { Cmd: ['serve'] }, behaviour: { exitAfter: 200, exitCode: 3 } });
  const project = makeProject({ job: { image: 'job:1' }, web: { image: 'bad:1' } });
  const begun = performance.now();
  const result = await stage.deploy(stage.desired(project), {}, { settleMs: 30_000 });
  expect(result.failure?.message).toBe('checking shop-web-1: it ended with code 3');
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('a port that something else took is said in words', async () => {
  const stage = await fakeStage();
  stage.engine.control.fail({
    call: 'containers.start',
    code: 'server',
    reason: 'driver failed programming external connectivity: Bind for 0.0.0.0:8080 failed: port is already allocated',
  });
  const result = await stage.deploy(
    stage.desired(makeProject({ web: { ports: [{ target: 80, published: '8080', protocol: 'tcp' }] } })),
  );
  expect(result.failure?.message).toBe('starting shop-web-1: port 8080 of the host is taken by something else');
});

test('two starts that reached for one port of a range try again', async () => {
  const stage = await fakeStage();
  stage.engine.control.fail({
    call: 'containers.start',
    code: 'server',
    reason: 'Bind for 0.0.0.0:8001 failed: port is already allocated',
  });
  const web = { scale: 2, ports: [{ target: 80, published: '8000-8010', protocol: 'tcp' }] };
  expect(await stage.deploy(stage.desired(makeProject({ web })))).toMatchObject({ outcome: 'done' });
});

test('a call whose answer was lost is found done when it is tried again', async () => {
  const stage = await fakeStage();
  for (const call of ['networks.create', 'containers.create', 'containers.start'] as const) {
    const desired = stage.desired(makeProject({ web: {} }));
    stage.engine.control.fail({ call, code: 'connection-lost', reason: 'the connection ended', takesEffect: true });
    const plan = await stage.plan(desired);
    expect((await execute(plan, stage.engine)).failure?.reason).toBe('unreachable');
    expect(await execute(plan, stage.engine)).toMatchObject({ outcome: 'done' });
    for (const { Id } of await stage.engine.containers.list({ all: true }))
      await stage.engine.containers.remove(Id, { force: true });
    for (const { Name } of await stage.engine.networks.list())
      if (Name === 'shop_default') await stage.engine.networks.remove(Name);
  }
});

test('cancelled, it begins nothing more, lets calls finish, and says so', async () => {
  const stage = await fakeStage({ latency: { 'containers.create': 200 } });
  const cancel = new AbortController();
  const running = stage.deploy(
    stage.desired(makeProject({ web: { scale: 4 } })),
    {},
    { signal: cancel.signal, parallel: 2 },
  );
  await sleep(100);
  cancel.abort();
  const result = await running;
  expect(result.failure).toEqual({ reason: 'cancelled', message: 'shop was cancelled' });
  const made = stage.engine.control.calls.filter(({ name }) => name === 'containers.create').length;
  expect((await stage.engine.containers.list({ all: true })).length).toBe(made);
  expect(made).toBeLessThan(4);
});

test('a wait for health ends with the signal, and a time-out is told from a cancellation', async () => {
  const stage = await fakeStage();
  await stage.addImage('slow:1', { config: { Cmd: ['serve'] }, behaviour: { healthyAfter: 60_000 } });
  const desired = stage.desired(makeProject({ db: { ...check, image: 'slow:1' } }));
  const result = await stage.deploy(desired, {}, { signal: AbortSignal.timeout(80) });
  expect(result.failure).toEqual({ reason: 'timed-out', message: 'shop was not done in time' });
});

test('hooks run after the start and before the stop; a failing post_start fails the deploy, a failing pre_stop does not', async () => {
  const stage = await fakeStage();
  const hooked = (code: number) => ({
    post_start: [{ command: ['sh', '-c', `echo up; exit ${code}`] }],
    pre_stop: [{ command: ['sh', '-c', 'exit 1'] }],
  });
  const failed = await stage.deploy(stage.desired(makeProject({ web: hooked(4) })));
  expect(failed.failure).toMatchObject({
    message: 'running post_start in shop-web-1: it ended with code 4',
    logs: expect.arrayContaining(['up']),
  });
  const events: ExecutionEvent[] = [];
  const onEvent = (event: ExecutionEvent): unknown => events.push(event);
  expect(
    await stage.deploy(
      stage.desired(makeProject({ web: { ...hooked(0), image: 'app:2' } }), { revision: 2 }),
      {},
      { onEvent },
    ),
  ).toMatchObject({ outcome: 'done' });
  expect(events).toContainEqual(
    expect.objectContaining({ warnings: ['running pre_stop in shop-web-1: it ended with code 1'] }),
  );
});

test('an engine that goes away while something is awaited, and stays away, ends the wait', async () => {
  const stage = await fakeStage();
  await stage.addImage('slow:1', { config: { Cmd: ['serve'] }, behaviour: { healthyAfter: 60_000 } });
  await stage.deploy(stage.desired(makeProject({ db: { ...check, image: 'slow:1' } })), { wait: 'dependencies' });
  const watch = ContainerWatch.start(stage.engine, 'shop');
  const { Id } = await stage.engine.containers.inspect('shop-db-1');
  const waiting = waitForContainer({
    engine: stage.engine,
    watch,
    containerId: Id,
    name: 'shop-db-1',
    condition: 'healthy',
    signal: AbortSignal.timeout(5_000),
    lostMs: 50,
  });
  const outcome = expect(waiting).rejects.toMatchObject({ reason: 'unreachable' });
  await sleep(50);
  stage.engine.control.disconnect();
  await outcome;
  watch.stop();
});

test('a container that ends over and over is given up at the eighth end, and not before', async () => {
  const stage = await fakeStage();
  await stage.addImage('slow:1', { config: { Cmd: ['serve'] }, behaviour: { healthyAfter: 60_000 } });
  await stage.deploy(stage.desired(makeProject({ db: { ...check, image: 'slow:1' } })), { wait: 'dependencies' });
  const watch = ContainerWatch.start(stage.engine, 'shop');
  const { Id } = await stage.engine.containers.inspect('shop-db-1');
  let ends = 0;
  const waiting = waitForContainer({
    engine: stage.engine,
    watch,
    containerId: Id,
    name: 'shop-db-1',
    condition: 'healthy',
    signal: AbortSignal.timeout(5_000),
  }).catch((error: Error) => `${error.message} after ${ends}`);
  await watch.ready;
  while (ends < 8) {
    ends += 1;
    await stage.engine.containers.restart(Id, { timeout: 0 });
    await sleep(20);
  }
  expect(await waiting).toBe('waiting for shop-db-1 to be healthy: it ended 8 times after 8');
  watch.stop();
});
