import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request as startRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import type { ByteSource } from '../model/stream.ts';
import type { Dialer } from './dialer.ts';
import { DialError, DialerAgent, type DialingRequest } from './dialer-agent.ts';
import { failedCall, SourceError } from './failure.ts';

/** One request, ready to be sent. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** With the version and the query. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  /** A string is sent with its length, anything else in chunks. */
  readonly body: string | ByteSource | null;
  readonly signal: AbortSignal | undefined;
  /** What is being done, for errors. */
  readonly doing: string;
}

/** A connection after the engine gave it up to a process; what it sent too early is in front of what follows. */
export interface HijackedConnection {
  readonly headers: IncomingMessage['headers'];
  readonly output: Readable;
  readonly connection: Duplex;
}

export type HijackAnswer =
  | { readonly type: 'hijacked'; readonly hijacked: HijackedConnection }
  | { readonly type: 'refused'; readonly response: IncomingMessage };

const host = 'docker';

/** Sends HTTP/1.1 requests over connections of a dialer. Every rejection is an `EngineError`. */
export class Transport {
  readonly #dial: Dialer;
  readonly #agent: DialerAgent;

  constructor(dial: Dialer) {
    this.#dial = dial;
    this.#agent = new DialerAgent(dial);
  }

  /** Resolves with the answer once its headers are there, whatever its status. */
  async send(outgoing: OutgoingRequest): Promise<IncomingMessage> {
    try {
      return await this.#exchange(outgoing);
    } catch (thrown) {
      if (!isStale(thrown, outgoing)) throw failedCall(unwrap(thrown), outgoing);
      this.#agent.closeIdle();
      return await this.#exchange(outgoing).catch((again: unknown) => {
        throw failedCall(unwrap(again), outgoing);
      });
    }
  }

  /** Asks for the connection itself, on a new one: a reused one might have gone stale, and this is never sent twice. */
  async hijack(outgoing: OutgoingRequest): Promise<HijackAnswer> {
    const { signal } = outgoing;
    const connection = await this.#dial(signal).catch((thrown: unknown) => {
      throw failedCall(new DialError(thrown), outgoing);
    });
    try {
      return await hijackOver(connection, outgoing);
    } catch (thrown) {
      connection.destroy();
      throw failedCall(thrown, outgoing);
    }
  }

  close(): void {
    this.#agent.closeIdle();
  }

  #exchange(outgoing: OutgoingRequest): Promise<IncomingMessage> {
    const { signal } = outgoing;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const options: DialingRequest = { ...requestOptions(outgoing), agent: this.#agent, dialSignal: signal };
      const request = startRequest(options);
      const onAbort = () => {
        request.destroy(new Error('cancelled'));
        // A request that still waits for its connection does not say that it was destroyed.
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      // The request closes after its answer was read to the end, or with its connection.
      request.once('close', () => signal?.removeEventListener('abort', onAbort));
      request.once('response', resolve);
      // Also after the answer: a connection that breaks then is told by the answer itself.
      request.on('error', (error) => reject(new ExchangeError(error, request.reusedSocket)));
      writeBody(request, outgoing.body);
    });
  }
}

/** An exchange that failed before the answer. */
class ExchangeError extends Error {
  readonly reused: boolean;

  constructor(cause: Error, reused: boolean) {
    super(cause.message, { cause });
    this.reused = reused;
  }
}

function unwrap(thrown: unknown): unknown {
  return thrown instanceof ExchangeError ? thrown.cause : thrown;
}

/** A reused connection that the engine had closed meanwhile: nothing came back, so what changes nothing is safe to repeat. */
function isStale(thrown: unknown, { method, signal }: OutgoingRequest): boolean {
  if (!(thrown instanceof ExchangeError) || !thrown.reused || signal?.aborted) return false;
  const code = (thrown.cause as NodeJS.ErrnoException).code;
  return (method === 'GET' || method === 'HEAD') && (code === 'ECONNRESET' || code === 'EPIPE');
}

function requestOptions({ method, path, headers, body }: OutgoingRequest): DialingRequest {
  const length = typeof body === 'string' ? { 'Content-Length': Buffer.byteLength(body) } : {};
  const empty = body === null && method !== 'GET' && method !== 'HEAD' ? { 'Content-Length': 0 } : {};
  return { method, path, host, headers: { ...headers, ...length, ...empty } };
}

function writeBody(request: ClientRequest, body: string | ByteSource | null): void {
  if (body === null) request.end();
  else if (typeof body === 'string' || body instanceof Uint8Array) request.end(body);
  else {
    const source = Readable.from(body, { objectMode: false });
    source.on('error', (error) => request.destroy(new SourceError(error)));
    request.once('close', () => source.destroy());
    request.once('response', (response) => {
      if (request.writableEnded) return;
      // An engine that refuses answers before it has read everything. Nobody needs the rest, and nobody could tell it
      // from the next request, so the connection ends with the answer.
      source.unpipe(request);
      source.destroy();
      response.once('close', () => request.destroy());
    });
    source.pipe(request);
  }
}

function hijackOver(connection: Duplex, outgoing: OutgoingRequest): Promise<HijackAnswer> {
  const { signal } = outgoing;
  return new Promise((resolve, reject) => {
    const options = requestOptions(outgoing);
    const request = startRequest({
      ...options,
      headers: { ...(options.headers as OutgoingHttpHeaders), Connection: 'Upgrade', Upgrade: 'tcp' },
      createConnection: () => connection,
    });
    const onAbort = () => connection.destroy();
    signal?.addEventListener('abort', onAbort, { once: true });
    connection.once('close', () => signal?.removeEventListener('abort', onAbort));
    request.on('error', reject);
    request.once('upgrade', (response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve({ type: 'hijacked', hijacked: { headers: response.headers, output: socket, connection: socket } });
    });
    request.once('response', (response) => {
      if (response.statusCode === 200) {
        resolve({ type: 'hijacked', hijacked: { headers: response.headers, output: response, connection } });
      } else resolve({ type: 'refused', response });
    });
    writeBody(request, outgoing.body);
  });
}
