import type { Engine } from '../engine.ts';
import type { ContainerSummary } from '../model/container.ts';
import type { EngineEvent } from '../model/event.ts';
import type { EngineInfo } from '../model/system.ts';
import { AsyncQueue } from '../stream/queue.ts';
import { ListAfterEvents } from './list-after-events.ts';
import { listTouched } from './list-touched.ts';
import { watchedEvents } from './watched-events.ts';

/**
 * What whoever keeps the containers of an engine in memory has to hear, in order:
 * `connected` says everything anew; what was told before it no longer counts. An `event` comes at once. `listed` has the containers of
 * those events that were not covered yet, the oldest `covers` of them; an id in `ids` that is not in `containers` is gone, and
 * without `ids` these are all. `lost` says that the engine went away; `connected` follows when it is back.
 */
export type ContainerChange =
  | {
      readonly type: 'connected';
      readonly info: EngineInfo;
      readonly apiVersion: string;
      readonly containers: readonly ContainerSummary[];
    }
  | { readonly type: 'event'; readonly event: EngineEvent }
  | {
      readonly type: 'listed';
      readonly covers: number;
      readonly ids?: readonly string[];
      readonly containers: readonly ContainerSummary[];
    }
  | { readonly type: 'lost'; readonly error: Error };

/** Changes that wait for a slow reader before they are dropped and everything is told anew. */
const mostWaiting = 4096;

/** Watches the containers of an engine until the signal fires. Throws when the engine listens but does not answer. */
export async function* watchContainers(
  engine: Engine,
  options: { readonly signal: AbortSignal },
): AsyncGenerator<ContainerChange, void, undefined> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const teller = new ContainerTeller(engine, signal);
  const end = () => teller.changes.close();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) return;
  void teller.run();
  try {
    yield* teller.changes;
  } finally {
    stop.abort();
  }
}

/** INVARIANT: what a list from before a `connected` says is never told after it. */
class ContainerTeller {
  readonly changes = new AsyncQueue<ContainerChange>();
  readonly #engine: Engine;
  readonly #signal: AbortSignal;
  readonly #lists: ListAfterEvents;
  #connections = 0;
  #connecting: Promise<void> = Promise.resolve();

  constructor(engine: Engine, signal: AbortSignal) {
    this.#engine = engine;
    this.#signal = signal;
    this.#lists = new ListAfterEvents({
      list: (events, ids) => this.#list(events, ids),
      onGap: () => void this.#connect(),
      signal,
    });
  }

  async run(): Promise<void> {
    try {
      for await (const watched of this.#engine.events.watch({ signal: this.#signal, filters: watchedEvents })) {
        await this.#connecting;
        if (watched.type === 'relist' || this.changes.size >= mostWaiting) await this.#connect();
        else {
          this.changes.push(watched);
          if (watched.type === 'event') this.#lists.note(watched.event);
        }
      }
    } catch (error) {
      this.changes.close(error);
    }
  }

  // No event is told while this goes on, so that what is told after it belongs to it.
  #connect(): Promise<void> {
    this.#connections += 1;
    this.#lists.forget();
    this.changes.clear();
    this.#connecting = this.#connecting.then(() => this.#tellAll());
    return this.#connecting;
  }

  async #tellAll(): Promise<void> {
    const call = { signal: this.#signal };
    try {
      const [info, apiVersion, containers] = await Promise.all([
        this.#engine.system.info(call),
        this.#engine.apiVersion(call),
        this.#engine.containers.list({ all: true, ...call }),
      ]);
      this.changes.push({ type: 'connected', info, apiVersion, containers });
    } catch (error) {
      this.changes.close(error);
    }
  }

  async #list(events: readonly EngineEvent[], ids: readonly string[] | 'all'): Promise<void> {
    const connection = this.#connections;
    const containers = await listTouched(this.#engine, { events, ids, signal: this.#signal });
    if (connection !== this.#connections) return;
    this.changes.push({ type: 'listed', covers: events.length, ...(ids === 'all' ? {} : { ids }), containers });
  }
}
