import type { Engine, TaskInspect } from '@drover/engine';
import { expect, test } from 'vitest';
import { exitCodeOnHost, hasEndedOnHost, taskWords } from '../../src/execute/swarm/task-words.ts';

type Status = Partial<TaskInspect['Status']>;

const exit = (ExitCode: number): Status => ({ ContainerStatus: { ContainerID: 'c', PID: 0, ExitCode } }) as Status;

test.each<[string, Status, string]>([
  ['an end with a code', { State: 'failed', Err: 'task: non-zero exit (3)', ...exit(3) }, 'ended with code 3'],
  ['one that only its words tell', { State: 'failed', Err: 'task: non-zero exit (3)' }, 'ended with code 3'],
  [
    'one with a cause',
    { State: 'failed', Err: 'task: non-zero exit (137): out of memory', ...exit(137) },
    'ended with code 137: out of memory',
  ],
  ['an end without a fault', { State: 'complete', ...exit(0) }, 'ended with code 0'],
  [
    'a failed health check',
    { State: 'failed', Err: 'task: non-zero exit (143): dockerexec: unhealthy container', ...exit(143) },
    'failed its health check',
  ],
  ['a refusal', { State: 'rejected', Err: 'No such image: app:9' }, 'could not be started: No such image: app:9'],
  ['a failure without a code', { State: 'failed', Err: 'network is gone' }, 'failed: network is gone'],
])('%s', (_, status, words) => {
  expect(taskWords({ Status: { Timestamp: '', Message: '', State: 'failed', ...status } } as TaskInspect)).toBe(words);
});

test('a task has ended where its host says so; a host that cannot tell is no witness', async () => {
  const task = { Status: { Timestamp: '', Message: '', State: 'running', ...exit(0) } } as TaskInspect;
  const told = (inspect: () => Promise<unknown>) =>
    hasEndedOnHost({ containers: { inspect } } as unknown as Engine, task);
  const inState = (Status: string) => told(async () => ({ State: { Status } }));
  expect(await Promise.all(['exited', 'dead', 'running', 'paused'].map(inState))).toEqual([true, true, false, false]);
  expect(await told(() => Promise.reject(new Error('no such container')))).toBe(false);
  expect(await hasEndedOnHost(undefined, task)).toBe(false);
});

test('what a manager calls complete is told with the code that the host saw', async () => {
  const task = { Status: { Timestamp: '', Message: '', State: 'complete', ...exit(0) } } as TaskInspect;
  const host = (inspect: () => Promise<unknown>) => ({ containers: { inspect } }) as unknown as Engine;
  const seen = await exitCodeOnHost(
    host(async () => ({ State: { ExitCode: 3 } })),
    task,
  );
  expect(taskWords(task, seen)).toBe('ended with code 3');
  const gone = await exitCodeOnHost(
    host(() => Promise.reject(new Error('no such container'))),
    task,
  );
  expect(taskWords(task, gone)).toBe('ended with code 0');
  expect(await exitCodeOnHost(undefined, task)).toBeUndefined();
});
