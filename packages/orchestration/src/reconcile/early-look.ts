import type { ExecutionEvent } from '../model/progress.ts';

/** For how long a look proves what stands, in milliseconds; what was started may have to run on for longer. */
const proofMs = 1_000;

export interface EarlyLookRequest<Standing> {
  /** How many operations are carried out. */
  readonly operations: number;
  readonly look: () => Promise<Standing>;
}

/**
 * A look at what a plan has brought about, begun as soon as everything that is left of it waits only for what was started to run on, so
 * that looking makes nobody wait longer. That everything does run on is for the operations to find out.
 */
export class EarlyLook<Standing> {
  readonly #look: () => Promise<Standing>;
  readonly #settling = new Set<string>();
  #left: number;
  #begunAt = Number.NEGATIVE_INFINITY;
  #seen: Promise<Standing | undefined> = Promise.resolve(undefined);

  constructor({ operations, look }: EarlyLookRequest<Standing>) {
    this.#look = look;
    this.#left = operations;
  }

  /** Takes what happens in the execution, in order. */
  hear({ type, operation }: ExecutionEvent): void {
    const { id } = operation;
    if (type === 'settling') this.#settling.add(id);
    else if (type === 'done') this.#left -= 1;
    else return;
    // Once all are settling, their ends are nothing new.
    if (type === 'done' && this.#settling.delete(id)) return;
    if (this.#left === 0 || this.#settling.size < this.#left) return;
    this.#begunAt = performance.now();
    this.#seen = this.#look().catch(() => undefined);
  }

  /** What was seen; undefined where nothing was, where looking failed, and where it is too long ago to prove anything. */
  async seen(): Promise<Standing | undefined> {
    return performance.now() - this.#begunAt < proofMs ? await this.#seen : undefined;
  }
}
