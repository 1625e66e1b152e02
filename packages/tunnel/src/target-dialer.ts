import type { Duplex } from 'node:stream';

/** Makes one new connection; the same shape as the Engine client's dialer. Rejects with a reason in words. */
export type TargetDialer = (signal?: AbortSignal) => Promise<Duplex>;
