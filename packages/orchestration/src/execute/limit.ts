/** Runs calls, at most so many at once, in the order in which they came. */
export class Limit {
  #free: number;
  readonly #patienceMs: number;
  readonly #queue: (() => void)[] = [];

  /** A call that takes longer than `patienceMs` waits for something, and its place goes to the next one; by default it keeps it. */
  constructor(places: number, patienceMs = Number.POSITIVE_INFINITY) {
    this.#free = places;
    this.#patienceMs = patienceMs;
  }

  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    let isHeld = true;
    const leave = (): void => {
      if (isHeld) this.#pass();
      isHeld = false;
    };
    const timer = Number.isFinite(this.#patienceMs) ? setTimeout(leave, this.#patienceMs) : undefined;
    try {
      return await call();
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  #pass(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
