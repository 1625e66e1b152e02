import type { StringMap } from './wire.ts';

export type EventType =
  | 'builder'
  | 'config'
  | 'container'
  | 'daemon'
  | 'image'
  | 'network'
  | 'node'
  | 'plugin'
  | 'secret'
  | 'service'
  | 'volume';

/** One line of `GET /events`. */
export interface EngineEvent {
  readonly Type: EventType;
  /** `start`, `die`, `health_status: healthy`, `exec_create: sh`, … */
  readonly Action: string;
  readonly Actor: {
    /** The object's id; a volume's and an image's is its name. */
    readonly ID: string;
    /** A container's labels, and `name`, `image`, `exitCode`, `signal`, … */
    readonly Attributes: StringMap;
  };
  readonly scope: 'local' | 'swarm';
  /** Seconds since 1970. */
  readonly time: number;
  /** Nanoseconds since 1970 in decimal digits; the Engine writes a number, which JavaScript could not hold exactly. */
  readonly timeNano: string;
}

/**
 * What `events.watch` yields. `relist` says that what the consumer knows may be stale: at the start, after every
 * reconnection and after an overflow it must list again; events that follow belong to the state after that list.
 * `lost` says that the connection went away and is being made again.
 */
export type WatchedEvent =
  | { readonly type: 'event'; readonly event: EngineEvent }
  | { readonly type: 'relist'; readonly reason: 'start' | 'reconnected' | 'overflow' }
  | { readonly type: 'lost'; readonly error: Error };
