import type { Http2Session } from 'node:http2';
import type { Duplex } from 'node:stream';

export interface LivenessOptions {
  /** Milliseconds between pings; 2,000 where nothing is said. */
  readonly pingMs?: number | undefined;
  /** Milliseconds of silence that are borne; 6,000 where nothing is said. */
  readonly silentMs?: number | undefined;
}

const defaultPingMs = 2000;
const defaultSilentMs = 6000;

/**
 * Pings the other side and notices when nothing comes from it any more.
 * INVARIANTS: any byte counts as life, since a ping may wait behind megabytes of data; silence counts only while this
 * process itself ran, so that one that was stopped for a minute does not blame the other side.
 */
export class Liveness {
  readonly #session: Http2Session;
  readonly #socket: Duplex & { readonly bytesRead?: number };
  readonly #pingMs: number;
  readonly #silentMs: number;
  readonly #onSilent: (silentMs: number) => void;
  readonly #timer: NodeJS.Timeout;
  #heardAt = performance.now();
  #lastTick = performance.now();
  #bytes = 0;

  constructor(session: Http2Session, socket: Duplex, options: LivenessOptions, onSilent: (silentMs: number) => void) {
    this.#session = session;
    this.#socket = socket;
    this.#pingMs = options.pingMs ?? defaultPingMs;
    this.#silentMs = options.silentMs ?? defaultSilentMs;
    this.#onSilent = onSilent;
    session.on('ping', this.#heard);
    this.#timer = setInterval(this.#tick, this.#pingMs);
  }

  /** `Date.now()` of the last sign of life; exact to one ping. */
  get lastHeardAt(): number {
    this.#countBytes();
    return Math.round(Date.now() - (performance.now() - this.#heardAt));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#session.off('ping', this.#heard);
  }

  readonly #heard = (): void => {
    this.#heardAt = performance.now();
  };

  readonly #tick = (): void => {
    const now = performance.now();
    const stoodStill = now - this.#lastTick > 2 * this.#pingMs;
    this.#lastTick = now;
    this.#countBytes();
    if (stoodStill) this.#heardAt = now;
    const silent = now - this.#heardAt;
    // Half a ping of slack: an answer is milliseconds younger than the tick that asked for it.
    if (silent >= this.#silentMs - this.#pingMs / 2) {
      this.stop();
      this.#onSilent(silent);
    } else if (!this.#session.destroyed) {
      this.#session.ping((error) => {
        if (error === null) this.#heard();
      });
    }
  };

  #countBytes(): void {
    const bytes = this.#socket.bytesRead ?? 0;
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.#heard();
  }
}
