import { setTimeout as sleep } from 'node:timers/promises';
import { type ContainerInspect, type Engine, EngineError, isAway, isEngineError } from '@drover/engine';
import type { WaitCondition } from '../model/operation.ts';
import type { ContainerWatch } from './container-watch.ts';
import { StepFailure } from './step-failure.ts';

export interface WaitRequest {
  readonly engine: Engine;
  readonly watch: ContainerWatch;
  readonly containerId: string;
  readonly name: string;
  readonly condition: WaitCondition;
  readonly signal: AbortSignal;
  /** How long the events may stay away before the wait is given up, in milliseconds; default 10 000. */
  readonly lostMs?: number;
}

/**
 * A container that is restarted this often while its health is awaited will not make it. The engine waits twice as long before
 * each restart, 13 s by then; the two after that would take 40 s more, in which the version before could serve.
 */
const endsTolerated = 8;

/** Waits until the container's health check passes, or it ended with code 0. Rejects as soon as that cannot come any more. */
export async function waitForContainer(request: WaitRequest): Promise<void> {
  const { watch, containerId, signal } = request;
  let changed = Promise.withResolvers<void>();
  const wake = (): void => changed.resolve();
  const stopListening = watch.listen(containerId, wake);
  signal.addEventListener('abort', wake, { once: true });
  try {
    await watch.ready;
    let awaySince: number | undefined;
    for (let asked = false; ; asked = true) {
      signal.throwIfAborted();
      changed = Promise.withResolvers();
      let away = watch.lost;
      try {
        if (await isReached(request, asked)) return;
      } catch (thrown) {
        if (!isAway(thrown)) throw thrown;
        away = thrown;
      }
      awaySince = away === undefined ? undefined : (awaySince ?? performance.now());
      await (awaySince === undefined ? changed.promise : waitForReturn(request, changed.promise, awaySince, away));
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', wake);
  }
}

/** An engine that restarts comes back in seconds; one that does not is no engine to wait for. */
async function waitForReturn(
  { name, lostMs = 10_000 }: WaitRequest,
  changed: Promise<void>,
  since: number,
  away: Error | undefined,
): Promise<void> {
  const left = since + lostMs - performance.now();
  if (left <= 0) {
    const why = away instanceof EngineError ? away.reason : (away?.message ?? 'the engine does not answer');
    throw new StepFailure('unreachable', `waiting for ${name}: ${why}`);
  }
  const timer = new AbortController();
  await Promise.race([changed, sleep(left, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}

/** Asks the engine once, and later only where the events do not tell. */
async function isReached(request: WaitRequest, asked: boolean): Promise<boolean> {
  const { watch, containerId, condition } = request;
  const seen = watch.seen(containerId);
  if (seen.certain && seen.exitCode === undefined) {
    if (condition === 'healthy' && seen.health === 'healthy') return true;
    if (asked && seen.health !== 'unhealthy') return false;
  }
  return judge(request, await inspect(request), seen.ends);
}

async function inspect({ engine, containerId, name, signal }: WaitRequest): Promise<ContainerInspect> {
  try {
    return await engine.containers.inspect(containerId, { signal, doing: `waiting for ${name}` });
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found'))
      throw new StepFailure('exited', `waiting for ${name}: the container is gone`);
    throw thrown;
  }
}

function judge(
  { condition, name, containerId }: WaitRequest,
  { State, Config }: ContainerInspect,
  ends: number,
): boolean {
  const ended = State.Status === 'exited' || State.Status === 'dead';
  if (condition === 'completed') {
    if (!ended || (State.StartedAt.startsWith('0001') && State.Status !== 'dead')) return false;
    if (State.ExitCode === 0) return true;
    throw new StepFailure('exited', `waiting for ${name} to complete: ${endedWith(State)}`, { containerId });
  }
  if (ended) throw new StepFailure('exited', `waiting for ${name} to be healthy: ${endedWith(State)}`, { containerId });
  if (ends >= endsTolerated) {
    throw new StepFailure('exited', `waiting for ${name} to be healthy: it ended ${ends} times`, { containerId });
  }
  if (State.Status === 'restarting' || State.Status === 'created') return false;
  const { Health } = State;
  if (Health === undefined || Health === null || Health.Status === 'none') {
    throw new StepFailure('unhealthy', `waiting for ${name} to be healthy: it has no health check`, { containerId });
  }
  switch (Health.Status) {
    case 'healthy':
      return true;
    case 'starting':
      return false;
    case 'unhealthy': {
      const probe = Health.Log?.at(-1);
      const times = Config.Healthcheck?.Retries || 3;
      throw new StepFailure('unhealthy', `waiting for ${name} to be healthy: its health check failed ${times} times`, {
        containerId,
        evidence: probe === undefined ? [] : probeLines(probe.ExitCode, probe.Output),
      });
    }
    default:
      return Health.Status satisfies never;
  }
}

function endedWith(state: ContainerInspect['State']): string {
  const memory = state.OOMKilled ? ', killed for want of memory' : '';
  const why = state.Error === '' ? '' : `: ${state.Error}`;
  return `it ended with code ${state.ExitCode}${memory}${why}`;
}

function probeLines(exitCode: number, output: string): string[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return [`health check ended with code ${exitCode}`, ...lines.slice(-5).map((line) => `health check: ${line}`)];
}
