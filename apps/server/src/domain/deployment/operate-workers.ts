import type { Desired } from '@drover/orchestration';
import type { StackOperation } from '../orchestrator/orchestrator.ts';
import { secretValues, toDesired } from '../stack/desired.ts';
import type { DeploymentRun, Outcome, Worker } from './run.ts';
import type { WorkerParts } from './worker-parts.ts';

export function stopWorker(parts: WorkerParts): Worker<'stop'> {
  return (run, request) =>
    // Some services are stopped; the stack as such still runs.
    operate(parts, run, request, request.services === undefined ? { wanted: 'stopped' } : {});
}

export function startWorker(parts: WorkerParts): Worker<'start'> {
  return (run, request) => operate(parts, run, request, { wanted: 'running' });
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
    return await operate(parts, run, request, { wanted: 'running' });
  };
}

export function removeWorker(parts: WorkerParts): Worker<'remove'> {
  return async (run, request) => {
    const { stack } = run.record;
    const known = await parts.stacks.find(stack);
    const outcome = await operate(parts, run, request, {
      wanted: 'removed',
      ...(request.forget || known === undefined ? { forget: true } : {}),
    });
    if (outcome.state === 'succeeded' && request.forget) await forget(parts, stack);
    return outcome;
  };
}

async function operate(
  parts: WorkerParts,
  run: DeploymentRun,
  operation: StackOperation,
  success: Partial<Outcome>,
): Promise<Outcome> {
  const { stacks, orchestrator } = parts;
  const { stack } = run.record;
  const revision = (await stacks.find(stack))?.servingRevision;
  const content = revision === undefined ? undefined : await stacks.revisionContent(stack, revision);
  const serving = async (): Promise<Desired | undefined> =>
    revision === undefined || content === undefined ? undefined : await toDesired(parts, { stack, revision, content });
  return await orchestrator.operate(run, {
    operation,
    project: content?.project,
    serving,
    success,
    secrets: content === undefined ? [] : secretValues(content),
  });
}

async function forget({ stacks, orchestrator, files }: WorkerParts, stack: string): Promise<void> {
  const revisions = await stacks.revisions(stack);
  const draft = await stacks.draft(stack);
  for (const { number } of revisions) await orchestrator.images.drop({ stack, revision: number });
  await files.remove(stack, draft?.source);
}
