import { Agent, type AgentOptions, type ClientRequest, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import { messageOf } from '@drover/base';
import type { Dialer } from './dialer.ts';

/** No connection could be made; the request was never sent. */
export class DialError extends Error {
  constructor(thrown: unknown) {
    super(messageOf(thrown), { cause: thrown });
  }
}

/** Request options that carry the caller's signal as far as the dialing. */
export interface DialingRequest extends ClientRequestArgs {
  readonly dialSignal?: AbortSignal | undefined;
}

/** Milliseconds after which an idle connection is closed. */
const idleTime = 15_000;
const mostIdle = 16;

const options: AgentOptions = { keepAlive: true, maxFreeSockets: mostIdle, scheduling: 'lifo' };

/**
 * Keeps connections of one dialer for reuse.
 * INVARIANTS: at most `mostIdle` idle ones, none longer than `idleTime`, none of which keeps the program alive. How many
 * are in use is the callers' matter: an engine call holds its connection as long as it takes.
 */
export class DialerAgent extends Agent {
  readonly #dial: Dialer;
  readonly #idleTimers = new WeakMap<Duplex, NodeJS.Timeout>();

  constructor(dial: Dialer) {
    super(options);
    this.#dial = dial;
  }

  override createConnection(
    request: DialingRequest,
    done?: (error: Error | null, connection: Duplex) => void,
  ): undefined {
    this.#dial(request.dialSignal).then(
      (connection) => done?.(null, asSocket(connection)),
      (thrown: unknown) => done?.(new DialError(thrown), undefined as unknown as Duplex),
    );
    return undefined;
  }

  override keepSocketAlive(connection: Duplex): boolean {
    const timer = setTimeout(() => connection.destroy(), idleTime);
    timer.unref();
    this.#idleTimers.set(connection, timer);
    // The types say that it answers nothing; it says whether to keep the connection.
    return super.keepSocketAlive(connection) as unknown as boolean;
  }

  override reuseSocket(connection: Duplex, request: ClientRequest): void {
    clearTimeout(this.#idleTimers.get(connection));
    super.reuseSocket(connection, request);
  }

  /** Closes the idle connections; they may all be as stale as one that just failed. */
  closeIdle(): void {
    for (const connections of Object.values(this.freeSockets)) {
      for (const connection of connections ?? []) connection.destroy();
    }
  }
}

/** Node's agent expects the methods of a network socket; a tunnelled stream gets those that it lacks, doing nothing. */
function asSocket(connection: Duplex): Duplex {
  for (const method of ['ref', 'unref', 'setKeepAlive', 'setNoDelay', 'setTimeout']) {
    if (!(method in connection)) Object.defineProperty(connection, method, { value: () => connection });
  }
  return connection;
}
