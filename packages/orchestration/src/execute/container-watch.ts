import type { Engine, EngineEvent } from '@drover/engine';
import { composeLabel } from '../model/labels.ts';

/** What the events of a container told since the watch began. */
export interface SeenState {
  readonly health?: 'healthy' | 'unhealthy' | 'starting';
  /** The exit code of the last end; absent while it runs since the last start. */
  readonly exitCode?: number;
  readonly ends: number;
  /** false: something may have been missed, so only the engine itself knows. */
  readonly certain: boolean;
}

const nothingSeen: SeenState = { ends: 0, certain: false };

/**
 * One event stream for a whole execution.
 *
 * INVARIANTS
 * - A listener hears of every change of its container after it was added, or is told that something may be missing.
 * - `ready` settles once the engine listens for us: what happens after that is never missed silently.
 * - A state is `certain` only when the container's start was seen by this watch and nothing may have been missed since.
 */
export class ContainerWatch {
  readonly #seen = new Map<string, SeenState>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #stop = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  #lost: Error | undefined;

  /** Begins to watch the containers of a project. */
  static start(engine: Engine, project: string): ContainerWatch {
    const watch = new ContainerWatch();
    void watch.#run(engine, project);
    return watch;
  }

  /** A watch that sees nothing, for plans that wait for nothing. */
  static idle(): ContainerWatch {
    const watch = new ContainerWatch();
    watch.#ready.resolve();
    return watch;
  }

  /** Resolves when the engine listens, or cannot be reached. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Why the stream is down at the moment, if it is. */
  get lost(): Error | undefined {
    return this.#lost;
  }

  seen(containerId: string): SeenState {
    return this.#seen.get(containerId) ?? nothingSeen;
  }

  /** Calls back after every change, until the answer is called. */
  listen(containerId: string, changed: () => void): () => void {
    const listeners = this.#listeners.get(containerId) ?? new Set();
    listeners.add(changed);
    this.#listeners.set(containerId, listeners);
    return () => {
      listeners.delete(changed);
      if (listeners.size === 0) this.#listeners.delete(containerId);
    };
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(engine: Engine, project: string): Promise<void> {
    const filters = { type: ['container'], label: [`${composeLabel.project}=${project}`] };
    try {
      for await (const item of engine.events.watch({ filters, signal: this.#stop.signal })) {
        switch (item.type) {
          case 'event':
            this.#take(item.event);
            break;
          case 'relist':
            this.#lost = undefined;
            this.#doubt();
            this.#ready.resolve();
            break;
          case 'lost':
            this.#lost = item.error;
            this.#ready.resolve();
            this.#doubt();
            break;
          default:
            item satisfies never;
        }
      }
    } catch (thrown) {
      this.#lost = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#doubt();
    } finally {
      this.#ready.resolve();
    }
  }

  #take({ Action, Actor }: EngineEvent): void {
    const before = this.seen(Actor.ID);
    const after = nextState(before, Action, Actor.Attributes.exitCode);
    if (after === before) return;
    this.#seen.set(Actor.ID, after);
    for (const changed of [...(this.#listeners.get(Actor.ID) ?? [])]) changed();
  }

  #doubt(): void {
    for (const [id, state] of this.#seen) this.#seen.set(id, { ...state, certain: false });
    for (const listeners of [...this.#listeners.values()]) for (const changed of [...listeners]) changed();
  }
}

function nextState(before: SeenState, action: string, exitCode: string | undefined): SeenState {
  switch (action) {
    case 'start':
      return { ends: before.ends, certain: true };
    case 'die':
      return { ...before, ends: before.ends + 1, exitCode: Number(exitCode ?? -1) };
    case 'health_status: healthy':
      return { ...before, health: 'healthy' };
    case 'health_status: unhealthy':
      return { ...before, health: 'unhealthy' };
    case 'destroy':
      return { ...before, certain: false };
    default:
      return before;
  }
}
