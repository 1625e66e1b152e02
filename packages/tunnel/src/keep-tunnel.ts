import type { Duplex } from 'node:stream';
import type { Refusal } from './protocol.ts';
import type { ServeOptions } from './serve-tunnel.ts';

/** How things stand with the server. */
export type TunnelState =
  | { readonly type: 'connecting' }
  | { readonly type: 'connected' }
  | { readonly type: 'waiting'; readonly retryInMs: number; readonly because: Refusal };

export interface KeepOptions extends ServeOptions {
  /** Makes one connection to the server, with TLS done. Rejects with a reason in words. */
  readonly dial: (signal: AbortSignal) => Promise<Duplex>;
  readonly onState: (state: TunnelState) => void;
  readonly signal: AbortSignal;
}

/** Keeps a tunnel to the server until the signal fires: dials again for ever, after 0.5 to 15 s with full jitter. Resolves then. */
export function keepTunnel(_options: KeepOptions): Promise<void> {
  throw new Error('to come');
}
