import { messageOf } from '@drover/base';
import { EngineError } from '../engine-error.ts';
import { DialError } from './dialer-agent.ts';

/** What was to be sent could not be read. */
export class SourceError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Whatever went wrong on the way, as an engine error. */
export function failedCall(
  thrown: unknown,
  { doing, signal }: { readonly doing: string; readonly signal?: AbortSignal | undefined },
): EngineError {
  if (thrown instanceof EngineError) return thrown;
  if (signal?.aborted) {
    const timedOut = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
    const reason = timedOut ? 'it took too long' : 'it was cancelled';
    return new EngineError({ code: 'aborted', doing, reason, cause: signal.reason });
  }
  if (thrown instanceof DialError) {
    return new EngineError({ code: 'unreachable', doing, reason: thrown.message, cause: thrown.cause });
  }
  if (thrown instanceof SourceError) {
    const reason = `what was to be sent broke off: ${thrown.message}`;
    return new EngineError({ code: 'aborted', doing, reason, cause: thrown.cause });
  }
  if (isParseError(thrown)) {
    return new EngineError({
      code: 'protocol',
      doing,
      reason: `the answer is not HTTP (${thrown.message})`,
      cause: thrown,
    });
  }
  const reason = `the connection to the engine was lost (${messageOf(thrown)})`;
  return new EngineError({ code: 'connection-lost', doing, reason, cause: thrown });
}

function isParseError(thrown: unknown): thrown is Error {
  return thrown instanceof Error && String((thrown as NodeJS.ErrnoException).code).startsWith('HPE_');
}
