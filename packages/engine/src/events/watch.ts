import type { EventOptions, WatchOptions } from '../api/events.ts';
import { EngineError } from '../engine-error.ts';
import type { EngineEvent, WatchedEvent } from '../model/event.ts';
import { AsyncQueue } from '../stream/queue.ts';
import { Attempts, type AttemptTiming, attemptTiming } from './attempts.ts';

/** How a watch comes back after a loss. */
export interface WatchTiming extends AttemptTiming {
  /** Events that wait for a slow consumer before they are dropped and it is told to list again. */
  readonly queueLimit: number;
}

const defaultTiming: WatchTiming = { ...attemptTiming, queueLimit: 4096 };

/** Keys of recent events, which a resumed stream may send once more: the real engine keeps 256 for `since`. */
const rememberedKeys = 512;

/** Failures that no new attempt mends. */
const lasting: ReadonlySet<string> = new Set(['bad-request', 'unauthorized', 'forbidden', 'unsupported', 'not-found']);

type Open = (options: EventOptions) => Promise<AsyncIterable<EngineEvent>>;

/**
 * Watches events over any number of connections of `open`.
 * The engine drops events for a reader that is 100 ms late, so a pump reads as fast as they come into a bounded queue.
 */
export async function* watchEvents(
  open: Open,
  options: WatchOptions,
  timing: Partial<WatchTiming> = {},
): AsyncGenerator<WatchedEvent, void, undefined> {
  const queue = new AsyncQueue<WatchedEvent>();
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const end = () => {
    queue.clear();
    queue.close();
  };
  signal.addEventListener('abort', end, { once: true });
  const pump = new EventPump(open, { ...options, signal }, queue, { ...defaultTiming, ...timing });
  if (signal.aborted) return;
  void pump.run();
  try {
    yield* queue;
  } finally {
    signal.removeEventListener('abort', end);
    stop.abort();
  }
}

/**
 * INVARIANTS: a `relist` is queued after the engine answered and before the events of that connection; after an
 * overflow nothing that was dropped is missing from what a list made after the `relist` shows.
 */
class EventPump {
  readonly #open: Open;
  readonly #options: WatchOptions & { readonly signal: AbortSignal };
  readonly #queue: AsyncQueue<WatchedEvent>;
  readonly #queueLimit: number;
  readonly #attempts: Attempts;
  readonly #seen = new Set<string>();
  #lastTime: string | null = null;
  #connectedBefore = false;

  constructor(
    open: Open,
    options: WatchOptions & { readonly signal: AbortSignal },
    queue: AsyncQueue<WatchedEvent>,
    timing: WatchTiming,
  ) {
    this.#open = open;
    this.#options = options;
    this.#queue = queue;
    this.#queueLimit = timing.queueLimit;
    this.#attempts = new Attempts(timing);
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      const error = await this.#connectOnce();
      if (signal.aborted) return;
      if (error instanceof EngineError ? lasting.has(error.code) : error !== null) {
        this.#queue.close(error);
        return;
      }
      if (this.#attempts.failures === 0)
        this.#push({ type: 'lost', error: error ?? new Error('the engine ended the stream of events') });
      await this.#attempts.wait(signal, this.#options.liveness);
    }
  }

  /** One connection, to its end; answers why it ended. */
  async #connectOnce(): Promise<Error | null> {
    try {
      const { until: _until, liveness: _liveness, ...options } = this.#options;
      const since = this.#lastTime === null ? options.since : secondsOf(this.#lastTime);
      const events = await this.#open({ ...options, since });
      this.#attempts.succeeded();
      this.#push({ type: 'relist', reason: this.#connectedBefore ? 'reconnected' : 'start' });
      this.#connectedBefore = true;
      for await (const event of events) this.#take(event);
      return null;
    } catch (thrown) {
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  #take(event: EngineEvent): void {
    const key = `${event.timeNano} ${event.Type} ${event.Action} ${event.Actor.ID} ${event.Actor.Attributes.container ?? ''}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (this.#seen.size > rememberedKeys) this.#seen.delete(this.#seen.values().next().value as string);
    this.#lastTime = event.timeNano;
    this.#push({ type: 'event', event });
  }

  #push(watched: WatchedEvent): void {
    if (this.#queue.size >= this.#queueLimit) {
      this.#queue.clear();
      this.#queue.push({ type: 'relist', reason: 'overflow' });
    }
    this.#queue.push(watched);
  }
}

/** Nanoseconds in digits as the `seconds.fraction` that `since` takes. */
function secondsOf(timeNano: string): string {
  const digits = timeNano.padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
