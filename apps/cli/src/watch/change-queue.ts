export interface ChangeQueueOptions {
  /** Milliseconds without a change after which a batch is complete; default 200. */
  readonly quietMs?: number;
  /** Milliseconds after which a batch is taken though changes go on; default 2000. */
  readonly longestMs?: number;
  /** Paths that are kept apart; beyond them only `everything` is known. Default 10 000. */
  readonly mostPaths?: number;
}

/** Paths that changed, each once; or so many that only a look at everything helps. */
export interface Changes {
  readonly paths: readonly string[];
  readonly everything: boolean;
}

/** Gathers changes until they pause, so that a save or a checkout of many files is one piece of work. Its size is bounded. */
export class ChangeQueue {
  readonly #options: Required<ChangeQueueOptions>;
  #paths = new Set<string>();
  #everything = false;
  #firstAt = 0;
  #lastAt = 0;
  #wake = Promise.withResolvers<void>();

  constructor({ quietMs = 200, longestMs = 2_000, mostPaths = 10_000 }: ChangeQueueOptions = {}) {
    this.#options = { quietMs, longestMs, mostPaths };
  }

  add(path: string): void {
    this.#lastAt = performance.now();
    if (this.#paths.size === 0 && !this.#everything) this.#firstAt = this.#lastAt;
    if (!this.#everything) this.#paths.add(path);
    if (this.#paths.size > this.#options.mostPaths) {
      this.#everything = true;
      this.#paths.clear();
    }
    this.#wake.resolve();
  }

  /** The next batch; undefined once `signal` fires. */
  async next(signal: AbortSignal): Promise<Changes | undefined> {
    const aborted = Promise.withResolvers<void>();
    const stop = (): void => aborted.resolve();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        if (signal.aborted) return undefined;
        const now = performance.now();
        const empty = this.#paths.size === 0 && !this.#everything;
        const left = Math.min(
          this.#lastAt + this.#options.quietMs - now,
          this.#firstAt + this.#options.longestMs - now,
        );
        if (!empty && left <= 0) return this.#take();
        this.#wake = Promise.withResolvers();
        const timer = empty ? undefined : setTimeout(this.#wake.resolve, left);
        await Promise.race([this.#wake.promise, aborted.promise]);
        clearTimeout(timer);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #take(): Changes {
    const changes = { paths: [...this.#paths].sort(), everything: this.#everything };
    this.#paths = new Set();
    this.#everything = false;
    return changes;
  }
}
