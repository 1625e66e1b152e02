import { mapBounded } from '@drover/base';
import type { ContainerSummary, Engine } from '@drover/engine';
import { composeLabel } from '../model/labels.ts';
import type { CheckedContainer } from '../model/operation.ts';
import type { ContainerWatch } from './container-watch.ts';
import { StepFailure } from './step-failure.ts';

export interface CheckRequest {
  readonly engine: Engine;
  readonly watch: ContainerWatch;
  readonly project: string;
  readonly containers: readonly YoungContainer[];
  /** Containers inspected at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
}

/** One to look at; its times are on the clock of `performance.now`. */
export interface YoungContainer extends CheckedContainer {
  readonly id: string;
  /** When it was started; undefined where it ran before. */
  readonly startedAt: number | undefined;
  /** When it has run for long enough, where it has no health check. */
  readonly settledAt: number;
}

/**
 * For how long after it has run for long enough a container that a list calls running may have ended already. An engine cleans up
 * after an end, for some 100 ms, more when it is busy, and lists it as running until then; an inspect waits for the cleaning up.
 */
export const unsureMs = 1000;

/** Looks once at everything that was started: it runs, or it has done its work. Answers those that have. */
export async function checkContainers(request: CheckRequest): Promise<readonly string[]> {
  await settle(request);
  const { engine, project, signal } = request;
  const filters = { label: [`${composeLabel.project}=${project}`] };
  const summaries = await engine.containers.list({ all: true, filters, signal, doing: `checking ${project}` });
  const byId = new Map(summaries.map((summary) => [summary.Id as string, summary]));
  const completed = await mapBounded(request.containers, request.parallel, async (checked) =>
    (await hasCompleted(request, checked, byId.get(checked.id))) ? [checked.id] : [],
  );
  return completed.flat();
}

/** Resolves when the youngest has run long enough, or as soon as one of them ends otherwise than it may. */
async function settle({ containers, watch, signal }: CheckRequest): Promise<void> {
  const young = containers.filter(({ checksHealth, startedAt }) => !checksHealth && startedAt !== undefined);
  const left = Math.max(0, ...young.map(({ settledAt }) => settledAt)) - performance.now();
  if (left <= 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, left);
  const stops = young.map(({ id, mayComplete }) => {
    const endIfEnded = (): void => {
      const { exitCode } = watch.seen(id);
      if (exitCode !== undefined && !(exitCode === 0 && mayComplete)) resolve();
    };
    endIfEnded();
    return watch.listen(id, endIfEnded);
  });
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
  for (const stop of stops) stop();
  signal.throwIfAborted();
}

async function hasCompleted(
  { engine, watch, signal }: CheckRequest,
  { id, container, mayComplete, startedAt, settledAt }: YoungContainer,
  summary: ContainerSummary | undefined,
): Promise<boolean> {
  const { name } = container;
  const fail = (why: string): never => {
    throw new StepFailure('exited', `checking ${name}: ${why}`, { containerId: id });
  };
  if (summary === undefined) return fail('the container is gone');
  const isSure = startedAt === undefined || performance.now() - settledAt > unsureMs;
  if (summary.State === 'running' && isSure && watch.seen(id).ends === 0) return false;
  const { State, RestartCount } = await engine.containers.inspect(id, { signal, doing: `checking ${name}` });
  switch (State.Status) {
    case 'running':
      // It ended because the plan stopped it, or it ended by itself and the engine started it again.
      return RestartCount > 0
        ? fail(`it ended ${RestartCount === 1 ? 'once' : `${RestartCount} times`} since it was started`)
        : false;
    case 'paused':
      return false;
    case 'exited':
      if (State.ExitCode === 0 && mayComplete) return true;
      return fail(`it ended with code ${State.ExitCode}${State.OOMKilled ? ', killed for want of memory' : ''}`);
    case 'restarting':
      return fail('it ends and is started again, over and over');
    default:
      return fail(`it is ${State.Status}`);
  }
}
