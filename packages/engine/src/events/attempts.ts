import { setTimeout as sleep } from 'node:timers/promises';

/** How long is waited before something is tried anew. */
export interface AttemptTiming {
  /** Milliseconds before the first new attempt; each later one waits up to twice as long. */
  readonly firstDelay: number;
  readonly longestDelay: number;
  /** A number in [0, 1), which spreads many who try over the delay. */
  readonly random: () => number;
}

export const attemptTiming: AttemptTiming = { firstDelay: 100, longestDelay: 10_000, random: Math.random };

/** Counts failures in a row and waits longer after each. */
export class Attempts {
  readonly #timing: AttemptTiming;
  #failures = 0;

  constructor(timing: AttemptTiming = attemptTiming) {
    this.#timing = timing;
  }

  /** How often it failed since it last went well. */
  get failures(): number {
    return this.#failures;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** Counts a failure and waits; an `alive` event of `liveness` or the signal ends the waiting at once. */
  async wait(signal: AbortSignal, liveness?: EventTarget): Promise<void> {
    const { firstDelay, longestDelay, random } = this.#timing;
    const ceiling = Math.min(longestDelay, firstDelay * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    const alive = new AbortController();
    const wake = () => alive.abort();
    liveness?.addEventListener('alive', wake, { once: true });
    const waiting = AbortSignal.any([signal, alive.signal]);
    await sleep(ceiling / 2 + (random() * ceiling) / 2, undefined, { signal: waiting }).catch(() => {});
    liveness?.removeEventListener('alive', wake);
  }
}
