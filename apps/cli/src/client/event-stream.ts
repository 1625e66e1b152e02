import type { IncomingMessage } from 'node:http';
import { apiErrorFrom, UnreachableError } from './api-error.ts';

/** Far above any event of the API; a longer one is an attack or a fault. */
const longestEvent = 32 * 1024 * 1024;

/**
 * The values of a server-sent event stream as oRPC writes it: `message` carries a value, `error` a refusal; `done`, or the whole end of
 * the response, ends it. A connection that breaks throws `UnreachableError`. Leaving the loop closes the connection.
 */
export async function* readEventStream(
  response: IncomingMessage,
  what: string,
): AsyncGenerator<unknown, void, undefined> {
  try {
    for await (const { event, data } of readMessages(response)) {
      if (event === 'done') return;
      if (event === 'error') throw apiErrorFrom(statusOf(data), data, what);
      if (data !== '') yield JSON.parse(data);
    }
  } catch (error) {
    if (isConnectionFailure(error))
      throw new UnreachableError(`${what}: the connection to the server broke`, { cause: error });
    throw error;
  } finally {
    response.destroy();
  }
}

async function* readMessages(response: IncomingMessage): AsyncGenerator<{ event: string; data: string }> {
  response.setEncoding('utf8');
  let event = 'message';
  let data: string[] = [];
  let open = '';
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (open + chunk).split(/\r\n|\n/);
    open = lines.pop()!;
    if (open.length > longestEvent) throw new UnreachableError('the server sent an event that is too long');
    for (const line of lines) {
      if (line === '') {
        // A comment alone, which keeps the connection alive, makes no message.
        if (data.length > 0 || event !== 'message') yield { event, data: data.join('\n') };
        event = 'message';
        data = [];
      } else if (line.startsWith('event:')) event = line.slice(6).trim();
      else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
  }
}

function statusOf(data: string): number {
  try {
    const { status } = JSON.parse(data) as { status?: unknown };
    return typeof status === 'number' ? status : 500;
  } catch {
    return 500;
  }
}

function isConnectionFailure(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ETIMEDOUT' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
