import { messageOf } from '@drover/base';
import { askFacts, type HostFacts, paths, type Tunnel } from '@drover/tunnel';
import type { Log } from '../log.ts';

export interface HostConnectionOptions {
  readonly hostId: string;
  readonly tunnel: Tunnel;
  /** The address that the agent dialled from. */
  readonly address: string;
  readonly log: Log;
  readonly onFacts: (facts: HostFacts) => Promise<void>;
}

/** How long an agent may take to show that it is still there when another one comes with its identity. */
const provesItselfWithinMs = 3000;

/** One host while its tunnel stands: reads its facts anew each time that its engine comes or goes. */
export class HostConnection {
  readonly tunnel: Tunnel;
  readonly address: string;
  readonly #options: HostConnectionOptions;
  readonly #ended = new AbortController();
  #asking: Promise<void> | undefined;
  #askAgain = false;
  #hasEngineFacts = false;

  constructor(options: HostConnectionOptions) {
    this.tunnel = options.tunnel;
    this.address = options.address;
    this.#options = options;
    void options.tunnel.closed.then(() => this.#ended.abort());
  }

  /** The engine was found there, or gone. */
  noteEngine(isThere: boolean): void {
    if (isThere && this.#hasEngineFacts) return;
    this.#hasEngineFacts = false;
    this.refreshFacts();
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
        this.#hasEngineFacts = facts.engine !== null;
        if (!signal.aborted) await this.#options.onFacts(facts);
      }
    } catch (error) {
      if (signal.aborted) return;
      const { hostId, log } = this.#options;
      log.warn({ host: hostId, reason: messageOf(error) }, 'the facts of a host could not be read');
    }
  }
}
