import { DroverError } from '@drover/base';

/**
 * What kind of failure it was.
 * - `unreachable`: no connection could be made; the engine has not seen the request.
 * - `connection-lost`: the connection ended after the request went out; whether it took effect is unknown.
 * - `aborted`: the caller's signal fired.
 * - `protocol`: the answer made no sense.
 * - `unsupported`: the engine is too old, or lacks the feature.
 * - `build-failed`: a step of the build did; the lines before it tell more.
 * - `version-conflict`: an update of an object of a Swarm that has changed since it was read; read it again.
 * - `not-in-swarm`, `already-in-swarm`: the engine is in no Swarm, or in one.
 * - `not-a-manager`: it is a worker, or a manager that is not ready yet; ask another one.
 * - `swarm-locked`: it is a manager that waits for the unlock key.
 * - `no-leader`: the managers have no quorum, or elect a leader right now.
 * - the others are the engine's own answers.
 */
export type EngineErrorCode =
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'server'
  | 'unavailable'
  | 'version-conflict'
  | 'not-in-swarm'
  | 'already-in-swarm'
  | 'not-a-manager'
  | 'swarm-locked'
  | 'no-leader'
  | 'unsupported'
  | 'build-failed'
  | 'unreachable'
  | 'connection-lost'
  | 'aborted'
  | 'protocol';

export interface EngineErrorDetails {
  readonly code: EngineErrorCode;
  /** What was being done, in words: `creating container web-1`. */
  readonly doing: string;
  /** The engine's own message, or why there is none. */
  readonly reason: string;
  /** The HTTP status, or null where there was no answer. */
  readonly status?: number | null;
  readonly cause?: unknown;
}

/** Every failure of an engine call; `message` is `doing: reason`. */
export class EngineError extends DroverError {
  readonly code: EngineErrorCode;
  readonly doing: string;
  readonly reason: string;
  readonly status: number | null;

  constructor(details: EngineErrorDetails) {
    super(`${details.doing}: ${details.reason}`, { cause: details.cause });
    this.code = details.code;
    this.doing = details.doing;
    this.reason = details.reason;
    this.status = details.status ?? null;
  }
}

/** Whether something thrown is the engine's failure of this kind. */
export function isEngineError(thrown: unknown, code: EngineErrorCode): thrown is EngineError {
  return thrown instanceof EngineError && thrown.code === code;
}

const away: ReadonlySet<EngineErrorCode> = new Set(['unreachable', 'connection-lost', 'no-leader']);

/** Whether an engine, or the managers of a Swarm, cannot be talked to now and may well be again in a moment. */
export function isAway(thrown: unknown): thrown is EngineError {
  return thrown instanceof EngineError && away.has(thrown.code);
}
