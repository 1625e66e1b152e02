import { constants, type Http2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { messageOf } from '@drover/base';
import { Liveness, type LivenessOptions } from './liveness.ts';
import { parseMessage, readRefusal } from './messages.ts';
import type { Refusal } from './protocol.ts';

/** Milliseconds in which a side that was told why takes leave, before its connection is cut. */
const farewellMs = 1000;

/**
 * Knows why a session ended.
 * INVARIANTS: the first reason stays; `closed` resolves once, after the session's last event; nothing is left running then.
 */
export class SessionEnd {
  readonly closed: Promise<Refusal>;
  readonly liveness: Liveness;
  readonly #session: Http2Session;
  readonly #socket: Duplex;
  #why: Refusal | undefined;

  constructor(session: Http2Session, socket: Duplex, other: string, options: LivenessOptions) {
    this.#session = session;
    this.#socket = socket;
    this.liveness = new Liveness(session, socket, options, (silentMs) => {
      const seconds = Math.round(silentMs / 100) / 10;
      this.#cut({ reason: 'silent', message: `nothing was heard from ${other} for ${seconds} s` });
    });
    // A window update that waits for an acknowledgement stops the other side for 40 ms.
    if ('setNoDelay' in socket && typeof socket.setNoDelay === 'function') socket.setNoDelay(true);
    session.on('goaway', (_code: number, _lastStream: number, data?: Uint8Array) => {
      const told = saidReason(data);
      if (told === undefined) return;
      this.#why ??= told;
      // Whoever says why wants no more; streams under way end with the connection.
      session.destroy();
    });
    session.on('error', (error: Error) => this.#note(error));
    socket.on('error', (error: Error) => this.#note(error));
    this.closed = new Promise((resolve) => {
      session.once('close', () => {
        this.liveness.stop();
        socket.destroy();
        this.#why ??= { reason: 'lost', message: `${other} ended the connection` };
        resolve(this.#why);
      });
    });
    // A session does not always see that its connection closed before it was set up.
    socket.once('close', () => session.destroy());
  }

  /** Why it ended, or ends; `undefined` while it stands. */
  get why(): Refusal | undefined {
    return this.#why;
  }

  /** Tells the other side why, and ends the session with all its streams. */
  end(why: Refusal): void {
    if (this.#why !== undefined || this.#session.destroyed) return;
    this.#why = why;
    sayGoodbye(this.#session, why);
    setTimeout(() => this.#socket.destroy(), farewellMs).unref();
  }

  #note(error: Error): void {
    this.#why ??= { reason: 'lost', message: `the connection was lost (${messageOf(error)})` };
  }

  #cut(why: Refusal): void {
    this.#why ??= why;
    this.#session.destroy(new Error(why.message));
    this.#socket.destroy();
  }
}

function sayGoodbye(session: Http2Session, why: Refusal): void {
  session.goaway(constants.NGHTTP2_NO_ERROR, 0, Buffer.from(JSON.stringify(why)));
  session.destroy();
}

function saidReason(data: Uint8Array | undefined): Refusal | undefined {
  if (data === undefined || data.byteLength === 0) return undefined;
  try {
    return readRefusal(parseMessage('a farewell', data));
  } catch {
    return { reason: 'lost', message: 'the other side ended the tunnel for a reason that cannot be read' };
  }
}
