import type { CallOptions, Filters } from '../call-options.ts';
import type { EngineEvent, WatchedEvent } from '../model/event.ts';

export interface EventOptions extends CallOptions {
  readonly filters?: Filters;
  /** Seconds since 1970, with a fraction where needed; inclusive. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface WatchOptions extends EventOptions {
  /** An `alive` event of it says that the engine may be there again, so that nobody waits for the next attempt. */
  readonly liveness?: EventTarget | undefined;
}

export interface EngineEvents {
  /** One connection to the engine's events. Resolves once the engine has answered, which it does a moment before it listens for us. */
  open(options?: EventOptions): Promise<AsyncIterable<EngineEvent>>;
  /**
   * Events for as long as the signal does not fire, over any number of connections: resumed, each event once, and with
   * `relist` wherever some may be missing. Ends, without an error, when the signal fires.
   */
  watch(options?: WatchOptions): AsyncIterable<WatchedEvent>;
}
