import type { TaskInspect } from '@drover/engine';

/** A task that runs. */
export interface RunningTask {
  /** When it was first seen to run, on the clock of `performance.now`. */
  readonly since: number;
  /** How long it was seen to start, in milliseconds, divided among those that its host started at once. */
  readonly tookMs: number;
}

/** What looks at the tasks of a stack tell of their starts, which have no events. */
export class TaskStarts {
  readonly #running = new Map<string, RunningTask>();
  readonly #starting = new Map<string, { readonly since: number; atOnce: number }>();

  /** By the task's id. */
  get running(): ReadonlyMap<string, RunningTask> {
    return this.#running;
  }

  /** Takes what was seen at `now`. */
  note(tasks: readonly TaskInspect[], now: number): void {
    const inState = (state: string): readonly TaskInspect[] => tasks.filter(({ Status }) => Status.State === state);
    const [starting, running] = [inState('starting'), inState('running')];
    for (const { ID } of running) {
      if (this.#running.has(ID)) continue;
      const start = this.#starting.get(ID);
      this.#running.set(ID, { since: now, tookMs: start === undefined ? 0 : (now - start.since) / start.atOnce });
    }
    for (const onHost of Map.groupBy(starting, ({ NodeID }) => NodeID).values()) {
      for (const { ID } of onHost) {
        const known = this.#starting.get(ID) ?? { since: now, atOnce: 1 };
        known.atOnce = Math.max(known.atOnce, onHost.length);
        this.#starting.set(ID, known);
      }
    }
    keepOnly(this.#running, running);
    keepOnly(this.#starting, starting);
  }
}

function keepOnly(map: Map<string, unknown>, tasks: readonly TaskInspect[]): void {
  const ids = new Set<string>(tasks.map(({ ID }) => ID));
  for (const id of map.keys()) if (!ids.has(id)) map.delete(id);
}
