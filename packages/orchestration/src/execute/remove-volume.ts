import { type ContainerSummary, isEngineError } from '@drover/engine';
import type { OperationOf } from '../model/operation.ts';
import { stackLabel } from '../model/swarm/labels.ts';
import type { Run } from './run.ts';

/** Swarm removes the containers of a service that is gone a moment later; this is how long they may hold a volume, in milliseconds. */
const releaseMs = 30_000;

const taskLabel = 'com.docker.swarm.task.id';

/** Removes a volume with its data, as soon as tasks that have ended let go of it. One that is gone is removed. */
export async function removeVolume(run: Run, { name }: OperationOf<'volume-remove'>): Promise<undefined> {
  const doing = `removing volume ${name}`;
  const patience = AbortSignal.timeout(releaseMs);
  for (;;) {
    try {
      await run.engine.volumes.remove(name, { signal: run.hard, doing });
      return;
    } catch (thrown) {
      if (isEngineError(thrown, 'not-found')) return;
      if (!isEngineError(thrown, 'conflict') || !(await waitForTasks(run, name, patience))) throw thrown;
    }
  }
}

/** Waits until the containers of the stack's tasks that hold the volume are gone; false where nobody can tell when it will be free. */
async function waitForTasks(run: Run, name: string, patience: AbortSignal): Promise<boolean> {
  const options = { signal: AbortSignal.any([patience, run.soft]), doing: `waiting for what holds ${name}` };
  const isTask = ({ Labels, State }: ContainerSummary): boolean =>
    Labels[taskLabel] !== undefined && Labels[stackLabel.namespace] === run.project && State !== 'running';
  try {
    const holders = await run.engine.containers.list({ ...options, all: true, filters: { volume: [name] } });
    if (!holders.every(isTask)) return false;
    await Promise.all(holders.map(({ Id }) => gone(run, Id, options)));
    return true;
  } catch (thrown) {
    if (patience.aborted) return false;
    throw thrown;
  }
}

async function gone(
  { engine }: Run,
  id: ContainerSummary['Id'],
  options: { readonly signal: AbortSignal; readonly doing: string },
): Promise<void> {
  try {
    await engine.containers.wait(id, { ...options, condition: 'removed' });
  } catch (thrown) {
    if (!isEngineError(thrown, 'not-found')) throw thrown;
  }
}
