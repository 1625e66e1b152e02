export interface LoopOptions {
  /** Reads everything it needs again; what it rejects with goes to `onError`, and the next run is another chance. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds from the end of a run to the next one that nobody asked for. */
  readonly everyMs: number;
  /** Milliseconds from the first wake to the run, so that many wakes make one run; read anew each time where it is a function. Default 0. */
  readonly settleMs?: number | (() => number);
  readonly onError?: (thrown: unknown) => void;
}

/**
 * Something that is done over and over: when a timer says so, and soon after somebody woke it.
 *
 * INVARIANTS
 * - A run takes no input, and at most one is under way.
 * - A wake during a run causes another run after it.
 * - After `stop` has resolved, no run is under way and none will be.
 */
export class Loop {
  readonly #options: LoopOptions;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #woken = false;
  #started = false;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** Begins with a run at once. */
  start(): void {
    if (this.#started || this.#stop.signal.aborted) return;
    this.#started = true;
    this.#begin();
  }

  /** Asks for a run soon; during one, for another after it. */
  wake(): void {
    const isFirst = !this.#woken;
    this.#woken = true;
    if (isFirst && this.#started && this.#running === undefined) this.#schedule(this.#settleMs);
  }

  /** Ends the run under way by its signal, and waits for it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  get #settleMs(): number {
    const { settleMs = 0 } = this.#options;
    return typeof settleMs === 'number' ? settleMs : settleMs();
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => this.#begin(), ms);
    this.#timer.unref();
  }

  #begin(): void {
    if (this.#stop.signal.aborted || this.#running !== undefined) return;
    this.#woken = false;
    this.#running = this.#once().finally(() => {
      this.#running = undefined;
      this.#schedule(this.#woken ? this.#settleMs : this.#options.everyMs);
    });
  }

  async #once(): Promise<void> {
    try {
      await this.#options.run(this.#stop.signal);
    } catch (thrown) {
      if (!this.#stop.signal.aborted) this.#options.onError?.(thrown);
    }
  }
}
