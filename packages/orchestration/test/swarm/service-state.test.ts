import type { ServiceInspect, TaskInspect } from '@drover/engine';
import { expect, test } from 'vitest';
import { judgeService } from '../../src/execute/swarm/service-state.ts';
import { TaskStarts } from '../../src/execute/swarm/task-starts.ts';

const template = { ContainerSpec: { Image: 'web:2' } };

const service = (update?: { State: string; Message: string }, policy: object = {}): ServiceInspect =>
  ({
    ID: 'web',
    Spec: { Name: 'app_web', TaskTemplate: { ...template, ...policy }, Mode: { Replicated: { Replicas: 2 } } },
    ...(update === undefined ? {} : { UpdateStatus: update }),
  }) as unknown as ServiceInspect;

const task = (id: string, slot: number, state: string, second: number, policy: object = {}): TaskInspect =>
  ({
    ID: id,
    Slot: slot,
    NodeID: 'n1',
    DesiredState: 'shutdown',
    Spec: { ...template, ...policy },
    Status: { State: state, Timestamp: `2026-01-01T00:00:0${second}Z`, Message: '' },
  }) as unknown as TaskInspect;

const judge = (of: ServiceInspect, tasks: readonly TaskInspect[]) =>
  judgeService({
    service: of,
    view: { services: new Map([['web', of]]), tasks: new Map([['web', tasks]]), running: new Map() },
    condition: 'running',
    endedBefore: new Set(),
    settleMs: 0,
    now: 0,
  });

const paused = (id: string) =>
  service({ State: 'paused', Message: `update paused due to failure or early termination of task ${id}` });

test.each([
  ['the task that Swarm names', 'a', [task('a', 1, 'failed', 1), task('b', 2, 'failed', 2)], 'a'],
  [
    'one that failed, where the named one was stopped',
    'b',
    [task('a', 1, 'failed', 1), task('b', 2, 'complete', 2)],
    'a',
  ],
  [
    'the latest that failed, where the named one is gone',
    'x',
    [task('a', 1, 'failed', 1), task('b', 2, 'failed', 2)],
    'b',
  ],
  ['one that ended well, where none failed', 'a', [task('a', 1, 'complete', 1)], 'a'],
])('an update that Swarm gave up is told by %s', (_, named, tasks, told) => {
  expect(judge(paused(named), tasks)).toMatchObject({ state: 'failed', why: 'update', task: { ID: told } });
});

test('a place whose tasks end over and over is told by one that failed', () => {
  const tasks = [task('a', 1, 'failed', 1), task('b', 1, 'failed', 2), task('c', 1, 'complete', 3)];
  expect(judge(service(), tasks)).toMatchObject({ state: 'failed', why: 'ended', task: { ID: 'b' }, times: 3 });
  expect(judge(service(), tasks.slice(1))).toMatchObject({ state: 'waiting' });
});

test('tasks that run have to run on for a while, and it is said until when', () => {
  const running = (id: string, slot: number) =>
    ({ ...task(id, slot, 'running', 1), DesiredState: 'running' }) as TaskInspect;
  const tasks = [running('a', 1), running('b', 2)];
  const at = (now: number) =>
    judgeService({
      service: service(),
      view: {
        services: new Map([['web', service()]]),
        tasks: new Map([['web', tasks]]),
        running: new Map([
          ['a', { since: 500, tookMs: 30 }],
          ['b', { since: 550, tookMs: 30 }],
        ]),
      },
      condition: 'running',
      endedBefore: new Set(),
      settleMs: 100,
      now,
    });
  expect(at(550)).toEqual({ state: 'waiting', done: 2, wanted: 2, settledAt: 650 });
  expect(at(649)).toMatchObject({ state: 'waiting', settledAt: 650 });
  expect(at(650)).toEqual({ state: 'done', done: 2, wanted: 2 });
});

test('tasks run for as long as is asked, also where Swarm watched their update for less', () => {
  const updated = service({ State: 'completed', Message: 'update completed' });
  const run = (id: string, slot: number) => ({ ...task(id, slot, 'running', 1), DesiredState: 'running' as const });
  const view = {
    services: new Map([['web', updated]]),
    tasks: new Map([['web', [run('a', 1), run('b', 2)]]]),
    running: new Map([
      ['a', { since: 1_000, tookMs: 0 }],
      ['b', { since: 3_000, tookMs: 0 }],
    ]),
  };
  const at = (now: number) =>
    judgeService({ service: updated, view, condition: 'running', endedBefore: new Set(), settleMs: 30_000, now });
  expect(at(32_000)).toEqual({ state: 'waiting', done: 2, wanted: 2, settledAt: 33_000 });
  expect(at(33_000)).toEqual({ state: 'done', done: 2, wanted: 2 });
});

test('how long a host took to start a task is told by looks, divided among those that it started at once', () => {
  const starts = new TaskStarts();
  const seen = (state: 'starting' | 'running', ids: readonly string[], now: number) =>
    starts.note(
      ids.map((id) => task(id, 1, state, 1)),
      now,
    );
  seen('starting', ['a', 'b', 'c'], 1_000);
  seen('running', ['a', 'b', 'c'], 4_000);
  expect(starts.running.get('a')).toEqual({ since: 4_000, tookMs: 1_000 });
  seen('starting', ['d'], 5_000);
  seen('running', ['d', 'e'], 8_000);
  expect(starts.running).toEqual(
    new Map([
      ['d', { since: 8_000, tookMs: 3_000 }],
      ['e', { since: 8_000, tookMs: 0 }],
    ]),
  );
});
