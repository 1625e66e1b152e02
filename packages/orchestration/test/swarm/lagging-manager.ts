import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, TaskInspect } from '@drover/engine';

export interface Lag {
  /** For how long it goes on calling a task running that has ended, in milliseconds. */
  readonly endsMs: number;
  /** How long the second list of tasks takes in which one runs, in milliseconds. */
  readonly lookMs?: number;
}

/** A manager as an overloaded machine has it: it hears of ends late, and may be slow to answer. */
export function laggingManager(engine: Engine, { endsMs, lookMs = 0 }: Lag): Engine {
  const endedAt = new Map<string, number>();
  let looksAtRunning = 0;
  const asItHeard = (task: TaskInspect): TaskInspect => {
    if (!/^(?:failed|complete)$/.test(task.Status.State)) return task;
    const since = endedAt.get(task.ID) ?? performance.now();
    endedAt.set(task.ID, since);
    if (performance.now() - since >= endsMs) return task;
    return { ...task, DesiredState: 'running', Status: { ...task.Status, State: 'running' } };
  };
  const list: Engine['tasks']['list'] = async (options) => {
    if (looksAtRunning === 1) await sleep(lookMs);
    const tasks = (await engine.tasks.list(options)).map(asItHeard);
    if (tasks.some(({ Status }) => Status.State === 'running')) looksAtRunning += 1;
    return tasks;
  };
  return { ...engine, tasks: { ...engine.tasks, list }, apiVersion: (options) => engine.apiVersion(options) };
}
