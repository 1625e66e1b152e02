import { Loop } from '@drover/orchestration';
import type { ChangeFeed } from '../change-feed.ts';
import type { WorkerParts } from '../deployment/worker-parts.ts';
import type { Log } from '../log.ts';
import { toDesired } from './desired.ts';

export interface DriftOptions {
  readonly parts: WorkerParts;
  readonly feed: ChangeFeed;
  readonly log: Log;
}

const settleMs = 3000;
const everyMs = 10 * 60_000;

/**
 * Looks, some seconds after something happened on the host, whether stacks still stand as their revisions say. What differs is
 * shown and never repaired.
 */
export class Drift {
  readonly #options: DriftOptions;
  readonly #found = new Map<string, boolean>();
  readonly #touched = new Set<string>();
  readonly #loop: Loop;
  readonly #stopped = new AbortController();
  #following: Promise<void> | undefined;

  constructor(options: DriftOptions) {
    this.#options = options;
    this.#loop = new Loop({
      run: (signal) => this.#look(signal),
      everyMs,
      settleMs,
      onError: (error) => options.log.debug({ err: error }, 'looking for drift failed'),
    });
  }

  start(): void {
    this.#following = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all([this.#following, this.#loop.stop()]);
  }

  /** Whether the stack differs from its revision; undefined where nobody has looked yet. */
  of(stack: string): boolean | undefined {
    return this.#found.get(stack);
  }

  async #follow(): Promise<void> {
    const changes = this.#options.feed.subscribe(this.#stopped.signal);
    this.#loop.start();
    for await (const change of changes) {
      if (change.type === 'resync' || change.type === 'resource') this.#touched.clear();
      else if (!('stack' in change) || change.stack === undefined) continue;
      else this.#touched.add(change.stack);
      this.#loop.wake();
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { parts, feed, log } = this.#options;
    if (!parts.orchestrator.isConnected()) return;
    const touched = new Set(this.#touched);
    this.#touched.clear();
    const active = await parts.deployments.latest();
    for (const { name, servingRevision, wanted } of await parts.stacks.list()) {
      signal.throwIfAborted();
      if (touched.size > 0 && !touched.has(name)) continue;
      if (servingRevision === undefined || wanted !== 'running' || active.get(name)?.active !== undefined) {
        this.#found.delete(name);
        continue;
      }
      const before = this.#found.get(name);
      const now = await this.#differs(name, servingRevision, signal).catch((error) => {
        log.debug({ err: error, stack: name }, 'whether a stack has drifted is not known');
        return undefined;
      });
      if (now === undefined) this.#found.delete(name);
      else this.#found.set(name, now);
      if (now !== before && (now ?? false) !== (before ?? false)) feed.publish({ type: 'stack', stack: name });
    }
  }

  async #differs(stack: string, revision: number, signal: AbortSignal): Promise<boolean> {
    const { parts } = this.#options;
    const content = await parts.stacks.revisionContent(stack, revision);
    const desired = await toDesired(parts, { stack, revision, content, signal });
    return (await parts.orchestrator.plan(desired, {}, signal)).operations.length > 0;
  }
}
