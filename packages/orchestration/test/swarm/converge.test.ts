import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { converge } from '../../src/reconcile/converge.ts';
import type { ConvergenceEvent, ConvergenceResult } from '../../src/reconcile/convergence.ts';
import { cutOffAfter } from '../cut-off-engine.ts';
import { makeProject, type ServiceSketch } from '../make-project.ts';
import { FakeSwarmStage } from './fake-swarm-stage.ts';
import { laggingManager } from './lagging-manager.ts';

/** For a machine that is busy with other tests. */
const patiently = { timeout: 10_000 };

const nothing = 'nothing to do\n';
const secrets = { password: { name: 'shop_password', environment: 'PASSWORD' } };
const project = (services: Record<string, ServiceSketch>) => makeProject(services, { secrets });
const two = (level: string, web: ServiceSketch = {}) =>
  project({
    api: { environment: { LEVEL: level }, secrets: [{ source: 'password' }] },
    web: { scale: 2, environment: { LEVEL: level }, ...web },
  });
const sketch = (revision: number, password: string) => ({ revision, secrets: { password } });

const messageOf = (result: ConvergenceResult): string => ('failure' in result ? result.failure.message : '');

test('a deploy succeeds, a second one changes nothing, and what goes leaves nothing', async () => {
  const stage = new FakeSwarmStage();
  const target = await stage.desired(two('1'), sketch(1, 'first'));
  expect(await stage.converge(target, null)).toEqual({ outcome: 'succeeded', servedRevision: 1, changed: true });
  expect(await stage.converge(target, target)).toEqual({ outcome: 'succeeded', servedRevision: 1, changed: false });
  const second = await stage.desired(two('2'), sketch(2, 'second'));
  expect(await stage.converge(second, target)).toMatchObject({ outcome: 'succeeded', servedRevision: 2 });
  expect(await stage.plan(second)).toBe(nothing);
  expect((await stage.standing()).filter((line) => line.startsWith('shop_password'))).toHaveLength(1);
});

test('the look that proves a deploy is taken once, while tasks have yet to run on', async () => {
  const stage = new FakeSwarmStage();
  const order: string[] = [];
  const plain = stage.parts();
  const noted: typeof plain = {
    ...plain,
    observe: (desired, signal) => {
      order.push('look');
      return plain.observe(desired, signal);
    },
    execute: async (plan, options) => {
      const result = await plain.execute(plan, options);
      order.push('executed');
      return result;
    },
  };
  const target = await stage.desired(two('1'), sketch(1, 'first'));
  const onEvent = ({ type }: ConvergenceEvent): unknown => type === 'verifying' && order.push(type);
  expect(await converge(noted, { target, previous: null, onEvent })).toMatchObject({ outcome: 'succeeded' });
  expect(order).toEqual(['look', 'verifying', 'look', 'executed']);
});

test('what ends after everything was found good is told by how it ended, and what it wrote', async () => {
  const stage = new FakeSwarmStage();
  stage.publish('once:1', { behaviour: { logs: ['no database in 1 of first-password'] } });
  const once = { image: 'once:1', restart: 'no', scale: 1 } as ServiceSketch;
  const target = await stage.desired(two('1', once), sketch(1, 'first'));
  const plain = stage.parts();
  let looks = 0;
  const parts: typeof plain = {
    ...plain,
    observe: (desired, signal) => {
      looks += 1;
      // The look that is taken while tasks run on comes too early.
      return looks === 2 ? Promise.reject(new Error('away')) : plain.observe(desired, signal);
    },
    execute: async (plan, options) => {
      const result = await plain.execute(plan, options);
      const tasks = await stage.manager.tasks.list({ filters: { service: ['shop_web'] } });
      const [task] = tasks.filter(({ Status }) => Status.State === 'running');
      for (const engine of stage.swarm.engines)
        await engine.containers.kill(task?.Status.ContainerStatus?.ContainerID as never).catch(() => {});
      const states = async () => (await stage.manager.tasks.list({})).map(({ Status }) => Status.State);
      if (task !== undefined) await expect.poll(states, patiently).toContain('failed');
      return result;
    },
  };
  const result = await converge(parts, { target, previous: null, secrets: ['first-password'] });
  expect(result).toMatchObject({
    outcome: 'failed',
    servedRevision: null,
    failure: { reason: 'unstable', service: 'web', logs: ['no database in 1 of •••'] },
  });
  expect(messageOf(result)).toMatch(/^shop does not stay as it was deployed: shop_web\.1 on n\d ended with code 137$/);
});

describe('on any failure the whole stack goes back, with its secrets and digests', () => {
  const cases: readonly [string, ServiceSketch, (stage: FakeSwarmStage) => void, string, RegExp][] = [
    [
      'a crash loop',
      { image: 'crash:1' },
      (stage) => stage.publish('crash:1', { behaviour: { exitAfter: 5, exitCode: 3, logs: ['no database\n'] } }),
      'exited',
      /^waiting for shop_web to run: shop_web\.\d on n\d ended with code 3/,
    ],
    [
      'bad health',
      { image: 'sick:1', healthcheck: { test: ['CMD', 'true'], interval: '10ms', retries: 1 } },
      (stage) => stage.publish('sick:1', { behaviour: { healthyAfter: 'never' } }),
      'unhealthy',
      /failed its health check/,
    ],
    [
      'no host that fits',
      { deploy: { resources: {}, placement: { constraints: ['node.labels.zone == b'] } } } as ServiceSketch,
      () => {},
      'unplaced',
      /no host can run it: 3 are without node\.labels\.zone == ?b \(n1, n2, n3\)/,
    ],
  ];
  test.each(cases)('%s', async (_, web, prepare, reason, words) => {
    const stage = new FakeSwarmStage();
    prepare(stage);
    const previous = await stage.desired(two('1'), sketch(1, 'first'));
    await stage.converge(previous, null);
    const before = await stage.standing();
    const result = await stage.converge(await stage.desired(two('2', web), sketch(2, 'second')), previous);
    expect(result).toMatchObject({ outcome: 'failed', servedRevision: 1, failure: { reason, service: 'web' } });
    expect(messageOf(result)).toMatch(words);
    expect(await stage.standing()).toEqual(before);
    expect(await stage.plan(previous)).toBe(nothing);
  });

  test('no host that fits, while tasks of a lost host are wanted no more', async () => {
    const stage = new FakeSwarmStage();
    const previous = await stage.desired(two('1', { scale: 6 }), sketch(1, 'first'));
    await stage.converge(previous, null);
    stage.swarm.kill('n3');
    await expect
      .poll(async () => (await stage.manager.nodes.list()).map(({ Status }) => Status.State), patiently)
      .toContain('down');
    const nowhere = {
      deploy: { resources: {}, placement: { constraints: ['node.labels.zone == b'] } },
    } as ServiceSketch;
    const target = await stage.desired(two('2', { scale: 6, ...nowhere }), sketch(2, 'second'));
    const result = await stage.converge(target, previous, { timeoutMs: 20_000 });
    expect(result).toMatchObject({ outcome: 'failed', servedRevision: 1, failure: { reason: 'unplaced' } });
    expect(messageOf(result)).toMatch(/no host can run it: .*zone == ?b/);
  });

  test('an image that no host has', async () => {
    const stage = new FakeSwarmStage();
    const previous = await stage.desired(two('1'), sketch(1, 'first'));
    await stage.converge(previous, null);
    const before = await stage.standing();
    const target = await stage.desired(two('2'), sketch(2, 'second'));
    const image = {
      ref: 'gone:1',
      pinned: 'gone:1@sha256:0000000000000000000000000000000000000000000000000000000000000000',
    };
    const images = new Map([...target.images, ['web', image] as const]);
    const result = await stage.converge({ ...target, images }, previous);
    expect(result).toMatchObject({ outcome: 'failed', servedRevision: 1, failure: { reason: 'rejected' } });
    expect(messageOf(result)).toMatch(/could not be started: No such image: gone/);
    expect(await stage.standing()).toEqual(before);
  });
});

test('cancelled or out of time, the revision before serves again, and the end by the clock says what was waited for', async () => {
  const stage = new FakeSwarmStage();
  stage.publish('slow:1', { behaviour: { healthyAfter: 60_000 } });
  const web: ServiceSketch = {
    image: 'slow:1',
    healthcheck: { test: ['CMD', 'true'], interval: '10ms', retries: 9_999 },
  };
  const previous = await stage.desired(two('1'), sketch(1, 'first'));
  await stage.converge(previous, null);
  const before = await stage.standing();
  const target = await stage.desired(two('2', web), sketch(2, 'second'));
  const late = await stage.converge(target, previous, { timeoutMs: 400 });
  expect(late).toMatchObject({ outcome: 'failed', servedRevision: 1, failure: { reason: 'timed-out' } });
  expect(messageOf(late)).toMatch(/not done in time: [01] of 2 tasks of shop_web run/);
  expect(await stage.standing()).toEqual(before);

  const cancel = new AbortController();
  const running = stage.converge(target, previous, { signal: cancel.signal });
  await sleep(200);
  cancel.abort();
  expect(await running).toMatchObject({ outcome: 'cancelled', servedRevision: 1 });
  expect(await stage.standing()).toEqual(before);
});

test('killed after any number of calls, a deploy is taken up again, or the revision before is put back', async () => {
  for (let calls = 0; calls < 9; calls += 1) {
    for (const goesOn of [true, false]) {
      const stage = new FakeSwarmStage();
      const previous = await stage.desired(two('1'), sketch(1, 'first'));
      await stage.converge(previous, null);
      const before = await stage.standing();
      const target = await stage.desired(project({ ...two('2').services, extra: {} }), sketch(2, 'second'));
      const parts = stage.parts(cutOffAfter(stage.manager, calls));
      const observed = await parts.observe(target, AbortSignal.timeout(5_000));
      const killed = await parts.execute(parts.plan(target, observed, {}), {});
      const goal = goesOn ? target : previous;
      expect(await stage.converge(goal, null, { resumed: true }), `${calls} ${killed.outcome}`).toMatchObject({
        outcome: 'succeeded',
      });
      expect(await stage.plan(goal)).toBe(nothing);
      if (!goesOn) expect(await stage.standing()).toEqual(before);
    }
  }
}, 30_000);

test('managers that are away for a moment do not end a wait', async () => {
  const stage = new FakeSwarmStage();
  stage.publish('slow:1', { behaviour: { healthyAfter: 600 } });
  const web: ServiceSketch = {
    image: 'slow:1',
    healthcheck: { test: ['CMD', 'true'], interval: '10ms', retries: 999 },
  };
  const target = await stage.desired(two('1', web), sketch(1, 'first'));
  const running = converge(stage.parts(), { target, previous: null });
  await sleep(200);
  stage.swarm.engine('n1').control.disconnect();
  await sleep(300);
  stage.swarm.engine('n1').control.reconnect();
  expect(await running).toMatchObject({ outcome: 'succeeded' });
});

test('a host whose managers elect a leader is one that cannot be asked, and any other failure is told', async () => {
  const stage = new FakeSwarmStage();
  await stage.lookAtHosts();
  const { control } = stage.swarm.engine('n2');
  control.fail({ call: 'networks.list', code: 'no-leader', reason: 'elected right now' });
  expect([...((await stage.observe()).pinned?.keys() ?? [])]).toEqual(['n1', 'n3']);
  control.fail({ call: 'networks.list', code: 'server', reason: 'broken' });
  await expect(stage.observe()).rejects.toThrow('broken');
});

test('a pinned container is made on its host, and goes back with the stack', async () => {
  const stage = new FakeSwarmStage();
  await stage.lookAtHosts();
  stage.publish('crash:1', { behaviour: { exitAfter: 5, exitCode: 3 } });
  const wish = async (revision: number, level: string, web: ServiceSketch) => {
    const dev: ServiceSketch = { privileged: true, environment: { LEVEL: level } };
    return await stage.desired(makeProject({ dev, web }), { revision }, new Set(['dev']));
  };
  const containers = async (): Promise<string[]> => {
    const filters = { label: ['com.docker.compose.project=shop'] };
    const lists = await Promise.all(
      stage.swarm.engines.map((engine) => engine.containers.list({ all: true, filters })),
    );
    return lists.flatMap((list, index) => list.map(({ Id, State }) => `n${index + 1} ${Id} ${State}`));
  };
  const previous = await wish(1, '1', {});
  const made = await stage.converge(previous, null);
  expect(made).toMatchObject({ outcome: 'succeeded' });
  expect(await stage.plan(previous)).toBe(nothing);
  const before = await containers();
  expect(before).toHaveLength(1);
  const result = await stage.converge(await wish(2, '2', { image: 'crash:1' }), previous);
  expect(result).toMatchObject({ outcome: 'failed', servedRevision: 1 });
  expect('rollbackFailure' in result).toBe(false);
  expect(await containers()).toEqual(before);
  expect(await stage.plan(previous)).toBe(nothing);
});

test.each([
  ['goes on calling it running', { endsMs: 1_600 }],
  ['answers so late that a task has long run for long enough', { endsMs: 3_000, lookMs: 1_200 }],
] as const)('an end that its host told of is believed where a busy manager %s', async (_, lag) => {
  const stage = new FakeSwarmStage();
  stage.publish('crash:1', { behaviour: { exitAfter: 5, exitCode: 3, logs: ['no database\n'] } });
  const target = await stage.desired(makeProject({ web: { image: 'crash:1', restart: 'no' } }));
  const parts = stage.parts(laggingManager(stage.manager, lag));
  const result = await converge(parts, { target, previous: null });
  expect(result).toMatchObject({ outcome: 'failed', servedRevision: null, failure: { reason: 'exited' } });
  expect(messageOf(result)).toMatch(/^waiting for shop_web to run: shop_web\.1 on n\d ended with code 3$/);
});

test.each([
  ['three times', {}, /ended with code 3, [3-9] times$/],
  ['as often as its policy bears', { restart: 'on-failure:1' }, /ended with code 3, 2 times$/],
  ['once where it is not started again', { restart: 'no' }, /ended with code 3$/],
] as const)('a new service whose task ends is given up after %s, and leaves nothing', async (_, web, words) => {
  const stage = new FakeSwarmStage();
  stage.publish('crash:1', { behaviour: { exitAfter: 5, exitCode: 3, logs: ['no database\n'] } });
  const target = await stage.desired(makeProject({ api: {}, web: { image: 'crash:1', ...web } }));
  const result = await stage.converge(target, null, { timeoutMs: 4_000 });
  expect(result).toMatchObject({ outcome: 'failed', servedRevision: null, failure: { reason: 'exited' } });
  expect(messageOf(result)).toMatch(words);
  expect('failure' in result && result.failure.logs).toContain('no database');
  expect(await stage.standing()).toEqual([]);
});
