import type { Engine, NodeInspect } from '@drover/engine';
import { ClusterStepError } from './step-error.ts';

/** Milliseconds for a change of role: the node renews its certificate and the managers agree. */
const defaultWithinMs = 30_000;

/** Events of nodes do not tell everything (a member's end does not show), so it is read again now and then. */
const againMs = 1_000;

export interface WaitForNode {
  readonly nodeId: string;
  /** What is waited for, for the error: `n2 does not become a manager`. */
  readonly otherwise: string;
  readonly until: (node: NodeInspect) => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly withinMs?: number;
}

/** Waits until a manager tells so of a node. Fails `not-done` when it does not in time. */
export async function waitForNode(manager: Engine, wait: WaitForNode): Promise<void> {
  const { nodeId, until, otherwise, withinMs = defaultWithinMs } = wait;
  const timeout = AbortSignal.timeout(withinMs);
  const signal = wait.signal === undefined ? timeout : AbortSignal.any([wait.signal, timeout]);
  const stop = new AbortController();
  const wakes = new Wakes();
  const watching = watchNodes(manager, AbortSignal.any([signal, stop.signal]), wakes);
  try {
    for (;;) {
      if (until(await manager.nodes.inspect(nodeId, { signal }))) return;
      await wakes.next(againMs, signal);
    }
  } catch (thrown) {
    wait.signal?.throwIfAborted();
    if (!timeout.aborted) throw thrown;
    throw new ClusterStepError('not-done', `${otherwise} within ${Math.round(withinMs / 1000)} s`, { cause: thrown });
  } finally {
    stop.abort();
    await watching;
  }
}

async function watchNodes(manager: Engine, signal: AbortSignal, wakes: Wakes): Promise<void> {
  try {
    for await (const _ of manager.events.watch({ signal, filters: { type: ['node'] } })) wakes.wake();
  } catch {
    // Without events the node is read again by the clock.
  }
}

/** A wake that came before anybody waited is not lost. */
class Wakes {
  #isDue = false;
  #waiting: (() => void) | undefined;

  wake(): void {
    this.#isDue = true;
    this.#waiting?.();
  }

  async next(withinMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#isDue) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener('abort', this.#waiting, { once: true });
      });
    }
    this.#isDue = false;
    this.#waiting = undefined;
    signal.throwIfAborted();
  }
}
