/**
 * Counts failures by key within a window of time, and says when there were too many. Holds at most `keys` keys.
 */
export class FailureLimit {
  readonly #failures = new Map<string, number[]>();
  readonly #most: number;
  readonly #windowMs: number;
  readonly #keys: number;
  readonly #now: () => number;

  constructor(options: {
    readonly most: number;
    readonly windowMs: number;
    readonly keys?: number;
    readonly now: () => number;
  }) {
    this.#most = options.most;
    this.#windowMs = options.windowMs;
    this.#keys = options.keys ?? 1000;
    this.#now = options.now;
  }

  /** Whether the key has failed too often lately. */
  exceeded(key: string): boolean {
    return this.#recent(key).length >= this.#most;
  }

  record(key: string): void {
    const recent = this.#recent(key);
    recent.push(this.#now());
    this.#failures.delete(key);
    this.#failures.set(key, recent.slice(-this.#most));
    const oldest = this.#failures.keys().next();
    if (this.#failures.size > this.#keys && !oldest.done) this.#failures.delete(oldest.value);
  }

  #recent(key: string): number[] {
    const from = this.#now() - this.#windowMs;
    return (this.#failures.get(key) ?? []).filter((at) => at > from);
  }
}
