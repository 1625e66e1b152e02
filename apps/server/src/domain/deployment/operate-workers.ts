import type { Project } from '@drover/compose';
import {
  dropImages,
  type ExecutionResult,
  type Observed,
  type Plan,
  planDown,
  planRestart,
  planStart,
  planStop,
  type SelectionOptions,
} from '@drover/orchestration';
import { planView } from '../plan-view.ts';
import { secretValues } from '../stack/desired.ts';
import type { RevisionContent } from '../stack/revision.ts';
import { executePlan, observe, reportExecution, trustEvents } from './converge-run.ts';
import { failureView } from './failure.ts';
import type { DeploymentRun, Outcome, Worker } from './run.ts';
import { type WorkerParts, workSignal } from './worker-parts.ts';

interface Selection {
  readonly services?: readonly string[];
  readonly timeout?: number;
}

export function stopWorker(parts: WorkerParts): Worker<'stop'> {
  return (run, request) =>
    operate(parts, run, {
      plan: (observed, project) => planStop(observed, selection(request), project),
      // Some services are stopped; the stack as such still runs.
      success: request.services === undefined ? { wanted: 'stopped' } : {},
    });
}

export function startWorker(parts: WorkerParts): Worker<'start'> {
  return (run, request) =>
    operate(parts, run, {
      plan: (observed, project) => planStart(observed, selection(request), project),
      success: { wanted: 'running' },
    });
}

export function restartWorker(parts: WorkerParts): Worker<'restart'> {
  return async (run, request) => {
    // Doing it once more would be a second restart that nobody asked for.
    if (run.resumed)
      return {
        state: 'failed',
        failure: {
          reason: 'interrupted',
          message: `restarting ${run.record.stack}: Drover ended while it ran, and some containers may not have been restarted`,
        },
      };
    return await operate(parts, run, {
      plan: (observed, project) => planRestart(observed, selection(request), project),
      success: { wanted: 'running' },
    });
  };
}

export function removeWorker(parts: WorkerParts): Worker<'remove'> {
  return async (run, request) => {
    const { stack } = run.record;
    const known = await parts.stacks.find(stack);
    const outcome = await operate(parts, run, {
      plan: (observed, project) =>
        planDown(
          observed,
          { ...selection(request), volumes: standingVolumes(run, observed, request.volumes) },
          project,
        ),
      success: { wanted: 'removed', ...(request.forget || known === undefined ? { forget: true } : {}) },
    });
    if (outcome.state === 'succeeded' && request.forget) await forget(parts, stack);
    return outcome;
  };
}

interface Operation {
  readonly plan: (observed: Observed, project: Project | undefined) => Plan;
  readonly success: Partial<Outcome>;
}

async function operate(parts: WorkerParts, run: DeploymentRun, { plan, success }: Operation): Promise<Outcome> {
  const { host } = parts;
  const signal = workSignal(run);
  const content = await servingContent(parts, run.record.stack);
  run.report({ type: 'phase', phase: 'plan' });
  const observed = await observe(host, run.record.stack, undefined, { trusts: trustEvents, signal });
  const planned = plan(observed, content?.project);
  run.report({ type: 'plan', purpose: 'forward', plan: planView(planned) });
  if (planned.operations.length === 0) return { state: 'succeeded', ...success };
  run.report({ type: 'phase', phase: 'execute' });
  const secrets = content === undefined ? [] : secretValues(content);
  const result = await executePlan(run, host, planned, signal, (event) => reportExecution(run, event), secrets);
  return outcomeOf(result, success);
}

function outcomeOf({ failure }: ExecutionResult, success: Partial<Outcome>): Outcome {
  if (failure === undefined) return { state: 'succeeded', ...success };
  return { state: failure.reason === 'cancelled' ? 'cancelled' : 'failed', failure: failureView(failure) };
}

async function servingContent({ stacks }: WorkerParts, name: string): Promise<RevisionContent | undefined> {
  const serving = (await stacks.find(name))?.servingRevision;
  return serving === undefined ? undefined : await stacks.revisionContent(name, serving);
}

function selection({ services, timeout }: Selection): SelectionOptions {
  return {
    ...(services === undefined ? {} : { services }),
    ...(timeout === undefined ? {} : { stopTimeout: timeout }),
  };
}

// After a crash some of them may be gone already.
function standingVolumes({ resumed }: DeploymentRun, observed: Observed, names: readonly string[]): readonly string[] {
  if (!resumed) return names;
  return names.filter((name) => observed.volumes.some(({ Name }) => Name === name));
}

async function forget({ stacks, host, files }: WorkerParts, stack: string): Promise<void> {
  const revisions = await stacks.revisions(stack);
  const draft = await stacks.draft(stack);
  for (const { number } of revisions) await dropImages({ engine: host.engine, stack, revision: number });
  await files.remove(stack, draft?.source);
}
