import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { execute } from '../src/execute/execute.ts';
import { collectObserved } from '../src/observe/collect.ts';
import { planDeploy } from '../src/plan/deploy.ts';
import { converge } from '../src/reconcile/converge.ts';
import type { ConvergenceEvent, ConvergenceParts } from '../src/reconcile/convergence.ts';
import { type FakeStage, fakeStage } from './fake-stage.ts';
import { makeProject } from './make-project.ts';

const parts = (stage: FakeStage): ConvergenceParts => ({
  observe: (desired, signal) => collectObserved(stage.engine, { project: 'shop', desired, signal }),
  plan: planDeploy,
  execute: (plan, options) => execute(plan, stage.engine, { ...options, settleMs: 0 }),
});
const slow = { healthcheck: { test: ['CMD', 'true'], interval: '10ms' } };

test('a deploy succeeds, a second one changes nothing', async () => {
  const stage = await fakeStage();
  const target = stage.desired(makeProject({ web: {} }));
  expect(await converge(parts(stage), { target, previous: null })).toEqual({
    outcome: 'succeeded',
    servedRevision: 1,
    changed: true,
  });
  expect(await converge(parts(stage), { target, previous: target })).toEqual({
    outcome: 'succeeded',
    servedRevision: 1,
    changed: false,
  });
});

test('a container that ended by itself with 0 counts as done, though nothing says that it is a one-shot', async () => {
  const stage = await fakeStage();
  await stage.addImage('hello:1', { config: { Cmd: ['hello'] }, behaviour: { exitAfter: 0, exitCode: 0 } });
  const target = stage.desired(makeProject({ hello: { image: 'hello:1' }, web: {} }));
  const settled = {
    ...parts(stage),
    execute: (plan, options) => execute(plan, stage.engine, { ...options, settleMs: 50 }),
  } satisfies ConvergenceParts;
  expect(await converge(settled, { target, previous: null })).toMatchObject({ outcome: 'succeeded' });
});

test.each([
  ['is taken while what was started last has yet to stay up', 100, ['look', 'look', 'executed']],
  ['is taken anew once it is a second old', 1_050, ['look', 'look', 'executed', 'look']],
])('the look that proves a deploy %s', async (_, settleMs, expected) => {
  const stage = await fakeStage();
  const order: string[] = [];
  const plain = parts(stage);
  const noted: ConvergenceParts = {
    ...plain,
    observe: (desired, signal) => {
      order.push('look');
      return plain.observe(desired, signal);
    },
    execute: async (plan, options) => {
      const result = await execute(plan, stage.engine, { ...options, settleMs });
      order.push('executed');
      return result;
    },
  };
  const target = stage.desired(makeProject({ web: {} }));
  const told: string[] = [];
  const onEvent = ({ type }: ConvergenceEvent): unknown => type !== 'execution' && told.push(type);
  expect(await converge(noted, { target, previous: null, onEvent })).toMatchObject({ outcome: 'succeeded' });
  expect(order).toEqual(expected);
  expect(told).toEqual(['planned', 'verifying']);
});

test('what that look found amiss is looked at once more after it', async () => {
  const stage = await fakeStage();
  let looks = 0;
  const plain = parts(stage);
  const wrongOnce: ConvergenceParts = {
    ...plain,
    observe: async (desired, signal) => {
      looks += 1;
      const observed = await plain.observe(desired, signal);
      return looks === 2 ? { ...observed, containers: [] } : observed;
    },
  };
  const target = stage.desired(makeProject({ web: {} }));
  expect(await converge(wrongOnce, { target, previous: null })).toMatchObject({ outcome: 'succeeded' });
  expect(looks).toBe(3);
});

test('cancelled or out of time, the revision before serves again', async () => {
  const stage = await fakeStage();
  await stage.addImage('slow:1', { config: { Cmd: ['serve'] }, behaviour: { healthyAfter: 60_000 } });
  const previous = stage.desired(makeProject({ web: {} }));
  await converge(parts(stage), { target: previous, previous: null });
  const before = await stage.containers();
  const target = stage.desired(makeProject({ web: { ...slow, image: 'slow:1' } }), { revision: 2 });
  const late = await converge(parts(stage), { target, previous, timeoutMs: 100 });
  expect(late).toMatchObject({ outcome: 'failed', servedRevision: 1, failure: { reason: 'timed-out' } });
  expect(await stage.containers()).toBe(before);

  const cancel = new AbortController();
  const events: ConvergenceEvent[] = [];
  const running = converge(parts(stage), {
    target,
    previous,
    signal: cancel.signal,
    onEvent: (event) => events.push(event),
  });
  await sleep(100);
  cancel.abort();
  expect(await running).toMatchObject({ outcome: 'cancelled', servedRevision: 1 });
  expect(await stage.containers()).toBe(before);
  expect(events.filter(({ type }) => type !== 'execution').map(({ type }) => type)).toEqual([
    'planned',
    'rolling-back',
    'planned',
    'verifying',
  ]);
});

test('a plan that cannot be made changes nothing and puts nothing back', async () => {
  const stage = await fakeStage();
  const previous = stage.desired(makeProject({ web: {} }));
  await converge(parts(stage), { target: previous, previous: null });
  stage.engine.control.clearCalls();
  const target = stage.desired(makeProject({ web: { image: 'app:2', container_name: 'x', scale: 2 } }), {
    revision: 2,
  });
  const result = await converge(parts(stage), { target, previous });
  expect(result).toMatchObject({ outcome: 'failed', servedRevision: 1, failure: { reason: 'plan' } });
  expect(stage.engine.control.calls.every(({ name }) => /list|inspect|info/.test(name))).toBe(true);
});

test('a rollback that fails too says so, and claims nothing', async () => {
  const stage = await fakeStage();
  const previous = stage.desired(makeProject({ web: {} }));
  await converge(parts(stage), { target: previous, previous: null });
  const refuse = (reason: string): void =>
    stage.engine.control.fail({ call: 'containers.start', code: 'server', reason });
  refuse('the runtime says no');
  const target = stage.desired(makeProject({ web: { image: 'app:2' } }), { revision: 2 });
  const onEvent = ({ type }: ConvergenceEvent): void => {
    if (type === 'rolling-back') refuse('the runtime says no again');
  };
  const result = await converge(parts(stage), { target, previous, onEvent });
  expect(result).toMatchObject({ outcome: 'failed', servedRevision: null });
  expect(result).toMatchObject({ rollbackFailure: { message: 'starting shop-web-1: the runtime says no again' } });
});

test('an engine that was away while the revision is put back is asked again until it answers', async () => {
  const stage = await fakeStage();
  await stage.addImage('slow:1', { config: { Cmd: ['serve'] }, behaviour: { healthyAfter: 60_000 } });
  const previous = stage.desired(makeProject({ web: {} }));
  await converge(parts(stage), { target: previous, previous: null });
  const before = await stage.containers();
  const target = stage.desired(makeProject({ web: { ...slow, image: 'slow:1' } }), { revision: 2 });
  const cancel = new AbortController();
  const running = converge(parts(stage), { target, previous, signal: cancel.signal });
  await sleep(80);
  stage.engine.control.disconnect();
  cancel.abort();
  await sleep(700);
  stage.engine.control.reconnect();
  expect(await running).toMatchObject({ outcome: 'cancelled', servedRevision: 1 });
  expect(await stage.containers()).toBe(before);
});
