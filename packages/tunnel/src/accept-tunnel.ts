import { type ClientHttp2Session, connect } from 'node:http2';
import type { Duplex, Readable } from 'node:stream';
import { messageOf } from '@drover/base';
import { dialOver } from './dial-over.ts';
import type { LivenessOptions } from './liveness.ts';
import { readHello } from './messages.ts';
import { commonProtocol, type Hello, paths, protocolRange, type Refusal } from './protocol.ts';
import { openOver, requestOver } from './request-over.ts';
import { SessionEnd } from './session-end.ts';
import { sessionOptions, windowBytes } from './session-options.ts';
import type { TargetDialer } from './target-dialer.ts';
import { TunnelError } from './tunnel-error.ts';

export interface AcceptOptions extends LivenessOptions {
  /** Ends the tunnel, also while it is being made. */
  readonly signal?: AbortSignal;
}

export interface TunnelRequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly stream?: AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the answer has to be there; 10 s where nothing is said. */
  readonly timeoutMs?: number;
}

export interface TunnelAnswer {
  readonly status: number;
  /** What `JSON.parse` made of the body; `undefined` where there is none. Not to be trusted: read it with `read…`. */
  readonly body: unknown;
}

/** One host's connection, as the server sees it. */
export interface Tunnel {
  readonly hello: Hello;
  /** The highest version of the protocol that both speak. */
  readonly protocol: number;
  /** Connects to the host's engine. Rejects with a `TunnelError` in words when the agent cannot reach it. */
  readonly dialer: TargetDialer;
  /** Asks the agent's own API. Rejects when no answer came; an answer of any status is an answer. */
  request(method: string, path: string, options?: TunnelRequestOptions): Promise<TunnelAnswer>;
  /**
   * Asks the agent's own API for an answer that goes on: its bytes as they come, or `undefined` where the agent does not know the path.
   * Destroying the stream ends it for the agent.
   */
  open(path: string, signal?: AbortSignal): Promise<Readable | undefined>;
  /** Resolves with the reason in words once the tunnel has ended, whichever side ended it. */
  readonly closed: Promise<string>;
  /** `Date.now()` of the last byte from the agent; exact to one ping. */
  readonly lastHeardAt: number;
  /** Ends it, telling the agent why; streams under way end. */
  close(reason: string | Refusal): void;
}

/**
 * Makes a tunnel of a connection whose TLS handshake is done and whose peer the caller knows. Rejects with a
 * `TunnelError`: `protocol` where no version is common (the agent is told), `message` where its hello makes no sense.
 */
export async function acceptTunnel(socket: Duplex, options: AcceptOptions = {}): Promise<Tunnel> {
  const { signal } = options;
  const { session, end } = await openSession(socket, options);
  const onAbort = () => end.end({ reason: 'stopping', message: 'the server stops' });
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  void end.closed.then(() => signal?.removeEventListener('abort', onAbort));
  try {
    const hello = await askHello(session, end);
    const protocol = agreeOnProtocol(hello);
    const welcomed = await requestOver(session, end, 'PUT', paths.welcome, { body: { protocol } });
    if (welcomed.status >= 300) throw new TunnelError('refused', `opening a tunnel: ${hello.hostname} refused it`);
    return {
      hello,
      protocol,
      dialer: (dialSignal) => dialOver(session, end, hello.hostname, dialSignal),
      request: (method, path, request = {}) => requestOver(session, end, method, path, request),
      open: (path, openSignal) => openOver(session, end, path, openSignal),
      closed: end.closed.then(({ message }) => message),
      get lastHeardAt() {
        return end.liveness.lastHeardAt;
      },
      close: (reason) => end.end(typeof reason === 'string' ? { reason: 'closed', message: reason } : reason),
    };
  } catch (thrown) {
    const reason = thrown instanceof TunnelError ? thrown.code : 'message';
    end.end({ reason, message: messageOf(thrown).slice(0, 1000) });
    throw thrown;
  }
}

/** Tells an agent why it gets no tunnel, and ends the connection. Resolves when it is closed. */
export async function refuseTunnel(socket: Duplex, refusal: Refusal): Promise<void> {
  const { session, end } = await openSession(socket, {});
  // A farewell that overtakes what the agent has sent already is lost with the connection, over TLS.
  await Promise.race([new Promise<void>((resolve) => session.ping(() => resolve())), end.closed]);
  end.end(refusal);
  await end.closed;
}

interface OpenSession {
  readonly session: ClientHttp2Session;
  readonly end: SessionEnd;
}

async function openSession(socket: Duplex, options: LivenessOptions): Promise<OpenSession> {
  const session = connect('https://drover-agent', { ...sessionOptions, createConnection: () => socket });
  const end = new SessionEnd(session, socket, 'the agent', options);
  await Promise.race([new Promise((resolve) => session.once('connect', resolve)), end.closed]);
  if (session.destroyed) throw new TunnelError('closed', `opening a tunnel: ${end.why?.message ?? 'it was closed'}`);
  session.setLocalWindowSize(windowBytes);
  return { session, end };
}

async function askHello(session: ClientHttp2Session, end: SessionEnd): Promise<Hello> {
  const { status, body } = await requestOver(session, end, 'GET', paths.hello, {});
  if (status !== 200) throw new TunnelError('message', `opening a tunnel: the agent answers its hello with ${status}`);
  return readHello(body);
}

function agreeOnProtocol({ hostname, software, protocols }: Hello): number {
  const common = commonProtocol(protocolRange, protocols);
  if (common !== undefined) return common;
  const [older, advice] =
    protocols[1] < protocolRange[0]
      ? ['older', 'install the agent again']
      : ['newer', 'bring the server up to date first'];
  throw new TunnelError(
    'protocol',
    `opening a tunnel: the agent of ${hostname} (${software}) is ${older} than this server can talk to: it speaks ` +
      `versions ${protocols.join(' to ')} of the protocol, the server ${protocolRange.join(' to ')}; ${advice}`,
  );
}
