import type { Duplex } from 'node:stream';
import type { Hello, Refusal } from './protocol.ts';
import type { TargetDialer } from './target-dialer.ts';

export interface AcceptOptions {
  /** Ends the tunnel, also while it is being made. */
  readonly signal?: AbortSignal;
  /** Milliseconds between pings. */
  readonly pingMs?: number;
  /** Milliseconds without a byte from the other side after which the tunnel is given up. */
  readonly silentMs?: number;
}

export interface TunnelRequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly stream?: AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
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
  /** Resolves with the reason in words once the tunnel has ended, whichever side ended it. */
  readonly closed: Promise<string>;
  /** `Date.now()` of the last byte from the agent. */
  readonly lastHeardAt: number;
  /** Ends it, telling the agent why; streams under way end. */
  close(reason: string | Refusal): void;
}

/**
 * Makes a tunnel of a connection whose TLS handshake is done and whose peer the caller knows. Rejects with a
 * `TunnelError`: `protocol` where no version is common (the agent is told), `message` where its hello makes no sense.
 */
export function acceptTunnel(_socket: Duplex, _options: AcceptOptions = {}): Promise<Tunnel> {
  throw new Error('to come');
}

/** Tells an agent why it gets no tunnel, and ends the connection. Resolves when it is closed. */
export function refuseTunnel(_socket: Duplex, _refusal: Refusal): Promise<void> {
  throw new Error('to come');
}
