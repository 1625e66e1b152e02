import type { IncomingMessage } from 'node:http';
import { EngineError } from '../engine-error.ts';
import { parseJson } from '../stream/json-lines.ts';
import { StreamFault } from '../stream/stream-fault.ts';
import { failedCall } from '../transport/failure.ts';
import type { CallScope } from './engine-call.ts';

/** The whole body as text. */
export async function readText(response: IncomingMessage, call: CallScope): Promise<string> {
  try {
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    return Buffer.concat(parts).toString('utf8');
  } catch (thrown) {
    throw failedCall(thrown, call);
  }
}

/** The body's JSON. */
export function readJson(text: string, { doing }: CallScope): unknown {
  try {
    return parseJson(text);
  } catch (thrown) {
    throw thrown instanceof StreamFault ? faultOf(thrown, doing) : thrown;
  }
}

function faultOf(fault: StreamFault, doing: string): EngineError {
  return new EngineError({ code: fault.code, doing, reason: fault.message, cause: fault.cause });
}

/** A stream whose failures are engine errors. */
export async function* guarded<T>(values: AsyncIterable<T>, call: CallScope): AsyncGenerator<T, void, undefined> {
  try {
    yield* values;
  } catch (thrown) {
    throw thrown instanceof StreamFault && !call.signal?.aborted
      ? faultOf(thrown, call.doing)
      : failedCall(thrown, call);
  }
  // An aborted connection may look like a proper end to a stream that has no length.
  if (call.signal?.aborted) throw failedCall(call.signal.reason, call);
}
