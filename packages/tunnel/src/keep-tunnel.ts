import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@drover/base';
import type { Refusal } from './protocol.ts';
import { reconnectDelay } from './reconnect-delay.ts';
import { type ServeOptions, serveTunnel } from './serve-tunnel.ts';

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
  /** From 0 up to 1; for tests. */
  readonly random?: () => number;
}

/** Milliseconds that a tunnel has to stand before its loss counts as a new trouble and not as the same one again. */
const steadyMs = 15_000;

/** Keeps a tunnel to the server until the signal fires: dials again for ever, after 0.5 to 15 s with full jitter. Resolves then. */
export async function keepTunnel(options: KeepOptions): Promise<void> {
  const { signal, onState, random = Math.random } = options;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    onState({ type: 'connecting' });
    const { because, stoodMs } = await connectOnce(options);
    if (signal.aborted) return;
    if (stoodMs >= steadyMs) attempt = 0;
    const retryInMs = reconnectDelay(attempt, random);
    onState({ type: 'waiting', retryInMs, because });
    await sleep(retryInMs, undefined, { signal }).catch(() => {});
  }
}

interface Attempt {
  readonly because: Refusal;
  /** Milliseconds for which the tunnel stood. */
  readonly stoodMs: number;
}

async function connectOnce({ dial, onState, ...options }: KeepOptions): Promise<Attempt> {
  let socket: Duplex;
  try {
    socket = await dial(options.signal);
  } catch (thrown) {
    return { because: { reason: 'unreachable', message: messageOf(thrown) }, stoodMs: 0 };
  }
  const served = serveTunnel(socket, options);
  let openedAt: number | undefined;
  void served.opened.then(() => {
    openedAt = performance.now();
    onState({ type: 'connected' });
  });
  const because = await served.closed;
  return { because, stoodMs: openedAt === undefined ? 0 : performance.now() - openedAt };
}
