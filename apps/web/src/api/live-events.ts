import type { ChangeEvent } from '@drover/contract';
import type { QueryClient } from '@tanstack/react-query';
import { backoff } from './backoff.ts';
import { type StaleQuery, staleAfter } from './changes.ts';
import { api } from './client.ts';

export type LiveState = 'connecting' | 'live' | 'reconnecting';

/** Changes come in bursts; what they make stale is read once per burst. */
const burst = 120;

/**
 * The one event stream of this tab.
 *
 * INVARIANTS:
 * - At most one stream is open at a time; `stop` ends it and its timers.
 * - After a gap (a stream that broke and came back) everything on show is read again.
 */
export class LiveEvents {
  readonly #queryClient: QueryClient;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = 'connecting';
  #stale: Map<string, StaleQuery> | 'everything' = new Map();
  #flush: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  constructor(queryClient: QueryClient) {
    this.#queryClient = queryClient;
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Calls back on every change of `state`; returns how to stop that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    if (this.#running !== undefined) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#flush);
    this.#flush = undefined;
    this.#stale = new Map();
    this.#setState('connecting');
  }

  async #run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      try {
        const events = await api.system.events({}, { signal });
        if (this.#state === 'reconnecting') this.#markStale('everything');
        this.#setState('live');
        attempt = 0;
        for await (const event of events) this.#apply(event);
      } catch {
        // Every cause has the same cure: wait and connect again. Why it fails is told by the calls that fail with it.
      }
      if (signal.aborted) return;
      this.#setState('reconnecting');
      await pause(backoff(attempt, Math.random()), signal);
      attempt += 1;
    }
  }

  #apply(event: ChangeEvent): void {
    this.#markStale(staleAfter(event));
  }

  #markStale(stale: readonly StaleQuery[] | 'everything'): void {
    if (stale === 'everything') this.#stale = 'everything';
    else if (this.#stale !== 'everything') for (const each of stale) this.#stale.set(JSON.stringify(each), each);
    this.#flush ??= setTimeout(() => this.#invalidate(), burst);
  }

  #invalidate(): void {
    this.#flush = undefined;
    const stale = this.#stale;
    this.#stale = new Map();
    if (stale === 'everything') void this.#queryClient.invalidateQueries();
    else for (const queryKey of stale.values()) void this.#queryClient.invalidateQueries({ queryKey });
  }

  #setState(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** Resolves after the time, when the browser comes back online, or when it is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
