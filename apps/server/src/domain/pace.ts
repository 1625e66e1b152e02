/** Lets what comes often be handed on in portions: the first at once, the next ones so many milliseconds apart. */
export class Pace {
  readonly #ms: number;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Resolves when the next portion is due, or when the signal fires. */
  async next(signal: AbortSignal): Promise<void> {
    const left = this.#lastAt + this.#ms - performance.now();
    if (left > 0 && !signal.aborted)
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, left);
        signal.addEventListener('abort', end, { once: true });
      });
    this.#lastAt = performance.now();
  }
}
