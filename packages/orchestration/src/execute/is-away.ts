import { EngineError, type EngineErrorCode } from '@drover/engine';

const away: ReadonlySet<EngineErrorCode> = new Set(['unreachable', 'connection-lost', 'no-leader']);

/** Whether an engine, or the managers of a Swarm, cannot be talked to now and may well be again in a moment. */
export function isAway(thrown: unknown): thrown is EngineError {
  return thrown instanceof EngineError && away.has(thrown.code);
}
