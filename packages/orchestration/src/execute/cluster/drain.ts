import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@drover/base';
import { type Engine, isEngineError, type ServiceSpec, type TaskInspect } from '@drover/engine';
import type { DrainMove, DrainPreview } from '../../model/cluster/drain.ts';
import { changeNode } from './change-node.ts';
import { ClusterStepError } from './step-error.ts';

export interface DrainRequest {
  /** Any manager. */
  readonly manager: Engine;
  readonly preview: DrainPreview;
  /** Whether tasks that no other host can take are stopped all the same. */
  readonly stopStuck?: boolean;
  /** Ends it: everything is as before then. */
  readonly signal?: AbortSignal | undefined;
  /** Breaks it off: everything is left as it stands, and another drain of the same node goes on from there. */
  readonly breakOff?: AbortSignal | undefined;
  /** Milliseconds until everything runs elsewhere; default 300 000. Then everything is as before. */
  readonly timeoutMs?: number;
  /** What happens, in words. */
  readonly onProgress?: (message: string) => void;
}

/** On a service whose number of tasks is raised meanwhile: the number before, so that it can be put back whatever happens. */
export const replicasBeforeLabel = 'io.drover.replicas-before-drain';

/** The Engine API has no events of tasks. */
const lookMs = 300;
const defaultTimeoutMs = 300_000;
const attempts = 5;

/**
 * Empties a node. Services of which two tasks may stand at once are replaced before they stop: the node is paused, as many tasks
 * are added as run on it, and once these run (with a health check: are healthy) it is drained, and the numbers are put back. Forcing
 * an update instead would make all tasks of a service anew, also on the other hosts. On failure everything is as before. One that was
 * broken off, or that ended with its process, is gone on with by draining the node again.
 */
export async function executeDrain(request: DrainRequest): Promise<void> {
  const { manager, preview, signal, breakOff, timeoutMs = defaultTimeoutMs, onProgress } = request;
  const { host, nodeId, moves, stuck } = preview;
  const doing = `draining ${host}`;
  if (stuck.length > 0 && request.stopStuck !== true) {
    const which = stuck.map(({ service, reasons }) => `${service} (${reasons.join('; ')})`).join(', ');
    throw new ClusterStepError('refused', `${doing}: no other host can take all tasks of ${which}`);
  }
  const timeout = AbortSignal.timeout(timeoutMs);
  const within = AbortSignal.any([timeout, signal, breakOff].filter((each) => each !== undefined));
  const call = { signal: within, doing };
  const first = moves.filter(({ how }) => how === 'start-first');
  const before = (await manager.nodes.inspect(nodeId, call)).Spec.Availability ?? 'active';
  try {
    await setAvailability(manager, nodeId, 'pause', call);
    for (const move of first) {
      onProgress?.(`starting ${move.tasks} of ${move.service} elsewhere`);
      await addTasks(manager, move, call);
    }
    await Promise.all(first.map((move) => untilOthersRun(manager, nodeId, move, within)));
    onProgress?.(`stopping what runs on ${host}`);
    await setAvailability(manager, nodeId, 'drain', call);
    await restoreAll(manager, first, call);
    await untilEmpty(manager, nodeId, within);
  } catch (thrown) {
    breakOff?.throwIfAborted();
    await putBack(request, first, before);
    signal?.throwIfAborted();
    if (!timeout.aborted) throw thrown;
    const seconds = Math.round(timeoutMs / 1000);
    throw new ClusterStepError(
      'not-done',
      `${doing}: its tasks do not all run elsewhere after ${seconds} s; it is as before`,
      {
        cause: thrown,
      },
    );
  }
}

interface Call {
  readonly signal?: AbortSignal | undefined;
  readonly doing: string;
}

async function setAvailability(
  manager: Engine,
  nodeId: string,
  availability: 'active' | 'pause' | 'drain',
  call: Call,
) {
  await changeNode(
    manager,
    nodeId,
    ({ Spec }) => (Spec.Availability === availability ? undefined : { ...Spec, Availability: availability }),
    call,
  );
}

async function addTasks(manager: Engine, { serviceId, tasks }: DrainMove, call: Call): Promise<void> {
  await changeService(manager, serviceId, call, (spec) => {
    const replicas = spec.Mode?.Replicated?.Replicas ?? 1;
    // A drain that was cut off has raised it already.
    if (spec.Labels?.[replicasBeforeLabel] !== undefined) return undefined;
    const labels = { ...spec.Labels, [replicasBeforeLabel]: String(replicas) };
    return { ...spec, Labels: labels, Mode: { Replicated: { Replicas: replicas + tasks } } };
  });
}

/** Puts the number of tasks back where a drain has raised it. */
export async function restoreReplicas(manager: Engine, serviceId: string, call: Call): Promise<void> {
  await changeService(manager, serviceId, call, (spec) => {
    const { [replicasBeforeLabel]: before, ...labels } = spec.Labels ?? {};
    if (before === undefined) return undefined;
    return { ...spec, Labels: labels, Mode: { Replicated: { Replicas: Number(before) } } };
  });
}

async function restoreAll(manager: Engine, moves: readonly DrainMove[], call: Call): Promise<void> {
  for (const { serviceId } of moves) await restoreReplicas(manager, serviceId, call);
}

async function changeService(
  manager: Engine,
  serviceId: string,
  call: Call,
  change: (spec: ServiceSpec) => ServiceSpec | undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const service = await manager.services.inspect(serviceId, call);
      const spec = change(service.Spec);
      if (spec !== undefined) await manager.services.update(serviceId, service.Version.Index, spec, call);
      return;
    } catch (thrown) {
      // A service that was removed meanwhile needs nothing.
      if (isEngineError(thrown, 'not-found')) return;
      if (attempt === attempts || !isEngineError(thrown, 'version-conflict')) throw thrown;
    }
  }
}

/** Waits until as many tasks as there were run on other nodes; Swarm calls one with a health check running once it is healthy. */
async function untilOthersRun(manager: Engine, nodeId: string, move: DrainMove, signal: AbortSignal): Promise<void> {
  for (;;) {
    const service = await manager.services.inspect(move.serviceId, { signal }).catch((thrown: unknown) => {
      if (isEngineError(thrown, 'not-found')) return undefined;
      throw thrown;
    });
    if (service === undefined) return;
    const wanted = Number(service.Spec.Labels?.[replicasBeforeLabel] ?? service.Spec.Mode?.Replicated?.Replicas ?? 0);
    const tasks = await runningTasks(manager, { service: [move.serviceId] }, signal);
    if (tasks.filter(({ NodeID, Status }) => NodeID !== nodeId && Status.State === 'running').length >= wanted) return;
    await sleep(lookMs, undefined, { signal });
  }
}

async function untilEmpty(manager: Engine, nodeId: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const tasks = await manager.tasks.list({ filters: { node: [nodeId] }, signal });
    if (!tasks.some(({ Status }) => Status.State === 'running')) return;
    await sleep(lookMs, undefined, { signal });
  }
}

function runningTasks(
  manager: Engine,
  filters: { readonly [name: string]: readonly string[] },
  signal: AbortSignal,
): Promise<readonly TaskInspect[]> {
  return manager.tasks.list({ filters: { ...filters, 'desired-state': ['running'] }, signal });
}

/** By calls of its own, since the signal of the drain has fired already. */
async function putBack(
  { manager, preview, onProgress }: DrainRequest,
  moves: readonly DrainMove[],
  availability: 'active' | 'pause' | 'drain',
): Promise<void> {
  const call = { doing: `taking the drain of ${preview.host} back`, signal: AbortSignal.timeout(30_000) };
  try {
    await setAvailability(manager, preview.nodeId, availability, call);
    await restoreAll(manager, moves, call);
  } catch (thrown) {
    onProgress?.(messageOf(thrown));
  }
}
