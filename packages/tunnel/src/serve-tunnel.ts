import type { Duplex, Readable } from 'node:stream';
import type { Refusal } from './protocol.ts';
import type { TargetDialer } from './target-dialer.ts';

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
}

export interface ServeOptions {
  /** Connects to the engine. */
  readonly docker: TargetDialer;
  /** Answers one request. A `TunnelError` becomes a refusal, anything else thrown an answer with status 500. */
  readonly answer: (request: AgentRequest) => Promise<AgentAnswer>;
  readonly signal?: AbortSignal;
  readonly pingMs?: number;
  readonly silentMs?: number;
}

/** The agent's side of one connection. */
export interface ServedTunnel {
  /** Resolves once the server has asked for the hello and kept the tunnel; rejects never. */
  readonly opened: Promise<void>;
  /** Resolves with the reason once it has ended; the server's own words where it said why. */
  readonly closed: Promise<Refusal>;
  close(reason: string): void;
}

/** Serves the agent's side on a connection whose TLS handshake is done. */
export function serveTunnel(_socket: Duplex, _options: ServeOptions): ServedTunnel {
  throw new Error('to come');
}
