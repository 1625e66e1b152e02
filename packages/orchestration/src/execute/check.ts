import type { ContainerSummary, Engine } from '@drover/engine';
import { composeLabel } from '../model/labels.ts';
import type { CheckedContainer } from '../model/operation.ts';
import type { ContainerWatch } from './container-watch.ts';
import { StepFailure } from './step-failure.ts';

export interface CheckRequest {
  readonly engine: Engine;
  readonly watch: ContainerWatch;
  readonly project: string;
  readonly containers: readonly (CheckedContainer & { readonly id: string })[];
  readonly signal: AbortSignal;
}

/** Looks once at everything that was started: it runs, or it has done its work. Answers those that have. */
export async function checkContainers(request: CheckRequest): Promise<readonly string[]> {
  const { engine, project, signal } = request;
  const filters = { label: [`${composeLabel.project}=${project}`] };
  const summaries = await engine.containers.list({ all: true, filters, signal, doing: `checking ${project}` });
  const byId = new Map(summaries.map((summary) => [summary.Id as string, summary]));
  const completed: string[] = [];
  for (const checked of request.containers) {
    if (await hasCompleted(request, checked, byId.get(checked.id))) completed.push(checked.id);
  }
  return completed;
}

async function hasCompleted(
  { engine, watch, signal }: CheckRequest,
  { id, container, mayComplete }: CheckRequest['containers'][number],
  summary: ContainerSummary | undefined,
): Promise<boolean> {
  const { name } = container;
  const fail = (why: string): never => {
    throw new StepFailure('exited', `checking ${name}: ${why}`, { containerId: id });
  };
  if (summary === undefined) return fail('the container is gone');
  switch (summary.State) {
    case 'running': {
      if (watch.seen(id).ends === 0) return false;
      // It ended because the plan stopped it, or it ended by itself and the engine started it again.
      const { RestartCount } = await engine.containers.inspect(id, { signal, doing: `checking ${name}` });
      return RestartCount > 0
        ? fail(`it ended ${RestartCount === 1 ? 'once' : `${RestartCount} times`} since it was started`)
        : false;
    }
    case 'paused':
      return false;
    case 'exited': {
      const { State } = await engine.containers.inspect(id, { signal, doing: `checking ${name}` });
      if (State.ExitCode === 0 && mayComplete) return true;
      return fail(`it ended with code ${State.ExitCode}${State.OOMKilled ? ', killed for want of memory' : ''}`);
    }
    case 'restarting':
      return fail('it ends and is started again, over and over');
    default:
      return fail(`it is ${summary.State}`);
  }
}
