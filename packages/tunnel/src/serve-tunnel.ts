import { constants, type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '@drover/base';
import { joinStreams } from './join-streams.ts';
import type { LivenessOptions } from './liveness.ts';
import { largestMessage, parseMessage } from './messages.ts';
import { dockerTarget, halfOpenHeader, paths, type Refusal } from './protocol.ts';
import { readBody } from './read-body.ts';
import { SessionEnd } from './session-end.ts';
import { sessionOptions, windowBytes } from './session-options.ts';
import type { TargetDialer } from './target-dialer.ts';
import { TunnelError } from './tunnel-error.ts';

/** A request of the server to the agent's own API. */
export interface AgentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Fires when the server gave the request up or the tunnel ended. */
  readonly signal: AbortSignal;
  /** The body's bytes. */
  readonly stream: Readable;
  /** The body as JSON, of bounded size; `undefined` where there is none. */
  json(): Promise<unknown>;
}

export interface AgentAnswer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it comes, instead of `body`; its end or failure ends the answer. */
  readonly stream?: AsyncIterable<string>;
  /** Called once the answer has gone out whole. */
  readonly afterwards?: () => void;
}

export interface ServeOptions extends LivenessOptions {
  /** Connects to the engine. */
  readonly docker: TargetDialer;
  /** Answers one request. A `TunnelError` becomes a refusal, anything else thrown an answer with status 500. */
  readonly answer: (request: AgentRequest) => Promise<AgentAnswer>;
  readonly signal?: AbortSignal;
}

/** The agent's side of one connection. */
export interface ServedTunnel {
  /** Resolves once the server has heard the hello and welcomed the agent; never where that does not happen. */
  readonly opened: Promise<void>;
  /** Resolves with the reason once it has ended; the server's own words where it said why. */
  readonly closed: Promise<Refusal>;
  close(reason: string): void;
}

/** Serves the agent's side on a connection whose TLS handshake is done. */
export function serveTunnel(socket: Duplex, options: ServeOptions): ServedTunnel {
  const session = performServerHandshake(socket, sessionOptions);
  const end = new SessionEnd(session, socket, 'the server', options);
  const welcome = Promise.withResolvers<void>();
  session.once('connect', () => session.setLocalWindowSize(windowBytes));
  session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    // A stream that is cancelled says so by an error; whoever serves it notices its end.
    stream.on('error', () => {});
    if (headers[':method'] === 'CONNECT') void serveConnection(stream, headers, options);
    else if (headers[':path'] === paths.welcome) {
      stream.respond({ ':status': 204 }, { endStream: true });
      welcome.resolve();
    } else void serveRequest(stream, headers, options);
  });
  const close = (reason: string) => end.end({ reason: 'agent-stops', message: reason });
  const onAbort = () => close('the agent stops');
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  void end.closed.then(() => options.signal?.removeEventListener('abort', onAbort));
  return { opened: welcome.promise, closed: end.closed, close };
}

async function serveConnection(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { docker }: ServeOptions,
): Promise<void> {
  const target = headers[':authority'];
  if (target !== dockerTarget) {
    respond(stream, 403, { reason: 'target', message: 'this agent connects to its own engine only' });
    return;
  }
  const gone = goneSignal(stream);
  try {
    const connection = await docker(gone);
    if (stream.destroyed || stream.closed) connection.destroy();
    else {
      stream.respond({ ':status': 200, ...(connection.allowHalfOpen ? { [halfOpenHeader]: '1' } : {}) });
      joinStreams(stream, connection);
    }
  } catch (thrown) {
    respond(stream, 502, { reason: 'unreachable', message: sentence(thrown) });
  }
}

async function serveRequest(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { answer }: ServeOptions,
): Promise<void> {
  const request: AgentRequest = {
    method: headers[':method'] ?? '',
    path: headers[':path'] ?? '',
    headers,
    signal: goneSignal(stream),
    stream,
    json: async () => {
      // The stream is still needed for the answer when its body is too long.
      const body = stream.iterator({ destroyOnReturn: false });
      return parseMessage('a request', await readBody('a request', body, largestMessage));
    },
  };
  try {
    const { status, body, stream: source, afterwards } = await answer(request);
    if (source !== undefined) {
      await pour(source, stream, status);
      return;
    }
    if (afterwards !== undefined) stream.once('finish', afterwards);
    respond(stream, status, body);
  } catch (thrown) {
    if (thrown instanceof TunnelError)
      respond(stream, 400, { reason: thrown.reason ?? thrown.code, message: sentence(thrown) });
    else respond(stream, 500, { reason: 'internal', message: sentence(thrown) });
  }
}

async function pour(source: AsyncIterable<string>, stream: ServerHttp2Stream, status: number): Promise<void> {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ':status': status });
  stream.resume();
  // Whoever listens sees that it ended, and asks again; the reason is the agent's own to note.
  await pipeline(Readable.from(source, { objectMode: false }), stream).catch(() => {});
}

function respond(stream: ServerHttp2Stream, status: number, body: unknown): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return;
  stream.respond({ ':status': status });
  stream.end(body === undefined ? undefined : JSON.stringify(body));
  // What was not read of the request would keep the stream open.
  stream.resume();
}

function goneSignal(stream: ServerHttp2Stream): AbortSignal {
  const gone = new AbortController();
  stream.once('aborted', () => gone.abort());
  stream.once('close', () => {
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) gone.abort();
  });
  return gone.signal;
}

function sentence(thrown: unknown): string {
  return messageOf(thrown).slice(0, 1000) || 'an error without words';
}
