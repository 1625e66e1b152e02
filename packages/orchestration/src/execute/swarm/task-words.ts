import type { ContainerInspect, Engine, ServiceInspect, TaskInspect } from '@drover/engine';
import { meaningOf } from '../explain.ts';
import { lastLines } from '../last-lines.ts';

const exit = /^task: non-zero exit \((-?\d+)\)(?:: )?(.*)$/s;

/** How a task ended, in words: `ended with code 1`. `actualCode` is what its container ended with, where that was asked. */
export function taskWords({ Status }: TaskInspect, actualCode = 0): string {
  const told = (Status.Err ?? '').trim();
  if (Status.State === 'rejected') return `could not be started: ${meaningOf(told)}`;
  if (/unhealthy container/.test(told)) return 'failed its health check';
  if (Status.State === 'complete') return `ended with code ${actualCode}`;
  const [, said = '0', cause = told] = exit.exec(told) ?? [];
  // A task that ends as it starts may tell its code in words only.
  const code = Status.ContainerStatus?.ExitCode || Number(said);
  if (cause === '') return `ended with code ${code}`;
  return code === 0 ? `failed: ${meaningOf(cause)}` : `ended with code ${code}: ${meaningOf(cause)}`;
}

/** `shop_web.2`, as `docker service ps` calls it; of a service on every host, its name and host. */
export function taskName(service: ServiceInspect, task: TaskInspect): string {
  return task.Slot ? `${service.Spec.Name}.${task.Slot}` : service.Spec.Name;
}

/**
 * The code that the container of a task ended with, by its host; undefined where the host cannot tell. Managers may call a task
 * complete whose container ended with another code as it started.
 */
export async function exitCodeOnHost(host: Engine | undefined, task: TaskInspect): Promise<number | undefined> {
  return (await stateOnHost(host, task))?.ExitCode;
}

/**
 * Whether the container of a task has ended, by its host, which knows it before any manager and answers only once it has cleaned up.
 * A host that cannot tell is no witness: false.
 */
export async function hasEndedOnHost(host: Engine | undefined, task: TaskInspect): Promise<boolean> {
  const state = await stateOnHost(host, task);
  return state?.Status === 'exited' || state?.Status === 'dead';
}

async function stateOnHost(
  host: Engine | undefined,
  { Status }: TaskInspect,
): Promise<ContainerInspect['State'] | undefined> {
  const container = Status.ContainerStatus?.ContainerID;
  if (host === undefined || !container) return undefined;
  try {
    return (await host.containers.inspect(container, { signal: AbortSignal.timeout(hostMs) })).State;
  } catch {
    // The container or its host is gone; what the manager says is all that is known then.
    return undefined;
  }
}

const linesKept = 20;
const lineLength = 1_000;

/** How long a host may take to tell of a container, in milliseconds. */
const hostMs = 5_000;

/** A task that was just started may take its host a moment to tell of. */
const logMs = 5_000;

export interface TaskLogRequest {
  readonly manager: Engine;
  /** The engine of the task's host, where it can be asked. */
  readonly host: Engine | undefined;
  readonly task: TaskInspect;
}

/** The last lines that a task wrote, by way of the manager, else from its host; none when they cannot be had in time. */
export async function lastTaskLines({ manager, host, task }: TaskLogRequest): Promise<readonly string[]> {
  const container = task.Status.ContainerStatus?.ContainerID;
  if (container === undefined || container === '') return [];
  // The host's own engine tells at once; a manager first asks the host's agent to publish.
  const own = host === undefined ? [] : await lastLines(host, container);
  if (own.length > 0) return own;
  const lines: string[] = [];
  try {
    const options = { tail: linesKept, signal: AbortSignal.timeout(logMs) };
    for await (const { text } of manager.tasks.logs(task.ID, options)) {
      lines.push(text.slice(0, lineLength));
      if (lines.length > linesKept) lines.shift();
    }
  } catch {
    // The failure itself is told; that its log cannot be read is no news beside it.
  }
  return lines;
}
