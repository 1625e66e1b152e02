import { messageOf } from '@drover/base';
import type { Engine } from '@drover/engine';
import { askFacts, type HostFacts, paths, type Tunnel } from '@drover/tunnel';
import type { Log } from '../log.ts';

export interface HostConnectionOptions {
  readonly hostId: string;
  readonly tunnel: Tunnel;
  /** The address that the agent dialled from. */
  readonly address: string;
  /** A client of the host's engine over this tunnel. */
  readonly engine: Engine;
  readonly log: Log;
  readonly onFacts: (facts: HostFacts) => Promise<void>;
}

/** How long an agent may take to show that it is still there when another one comes with its identity. */
const provesItselfWithinMs = 3000;

/**
 * One host while its tunnel stands: knows when its engine comes and goes, and reads its facts anew each time.
 */
export class HostConnection {
  readonly tunnel: Tunnel;
  readonly address: string;
  readonly #options: HostConnectionOptions;
  readonly #ended = new AbortController();
  #asking: Promise<void> | undefined;
  #askAgain = false;

  constructor(options: HostConnectionOptions) {
    this.tunnel = options.tunnel;
    this.address = options.address;
    this.#options = options;
    void options.tunnel.closed.then(() => this.#ended.abort());
  }

  /** Begins to watch; ends by itself with the tunnel. */
  start(): void {
    this.refreshFacts();
    void this.#watchEngine();
  }

  /** Whether the agent at the other end still answers. */
  async answers(): Promise<boolean> {
    return await this.tunnel.request('GET', paths.hello, { timeoutMs: provesItselfWithinMs }).then(
      () => true,
      () => false,
    );
  }

  /** Asks for the facts; what is asked for while they are on their way is asked once more. */
  refreshFacts(): void {
    this.#askAgain = true;
    this.#asking ??= this.#askFacts().finally(() => {
      this.#asking = undefined;
    });
  }

  async #askFacts(): Promise<void> {
    const signal = this.#ended.signal;
    try {
      while (this.#askAgain && !signal.aborted) {
        this.#askAgain = false;
        const facts = await askFacts(this.tunnel, signal);
        if (!signal.aborted) await this.#options.onFacts(facts);
      }
    } catch (error) {
      if (signal.aborted) return;
      const { hostId, log } = this.#options;
      log.warn({ host: hostId, reason: messageOf(error) }, 'the facts of a host could not be read');
    }
  }

  // Hardly any event passes this filter; what counts is that the stream breaks when the engine goes.
  async #watchEngine(): Promise<void> {
    const { engine, hostId, log } = this.#options;
    const watch = engine.events.watch({ signal: this.#ended.signal, filters: { type: ['daemon'] } });
    try {
      for await (const watched of watch) if (watched.type !== 'event') this.refreshFacts();
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      log.warn({ host: hostId, reason: messageOf(error) }, 'the engine of a host cannot be watched');
    }
  }
}
