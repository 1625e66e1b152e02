import { setTimeout as delay } from 'node:timers/promises';
import type { EngineEvent } from '../model/event.ts';
import { touchedContainer } from './watched-events.ts';

const soonMs = 25;
/** In a burst, where lists cost little. */
const burstPauseMs = 200;
const longestPauseMs = 1000;
const mostAtOnce = 40;
const mostWaiting = 4096;

export interface ListAfterEventsOptions {
  /** Lists the containers of these ids anew, all where there are none, and does what is to follow once they are known. */
  readonly list: (events: readonly EngineEvent[], ids: readonly string[] | 'all') => Promise<void>;
  /** A list failed, or more events wait than are kept: what is known may be stale. */
  readonly onGap: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/**
 * Asks for containers again after events about them: soon, and in a burst of events with pauses that double up to a fifth
 * of a second, and grow with what a list costs, so that watching a deploy does not slow it down. What comes after a pause begins a new burst.
 *
 * INVARIANTS: one list at a time; events are handed over in their order and once; after a gap none from before it.
 */
export class ListAfterEvents {
  readonly #options: ListAfterEventsOptions;
  #waiting: EngineEvent[] = [];
  #isBusy = false;
  /** Milliseconds before a list of this burst, and when those after the last list are over, by `performance.now()`. */
  #pause = soonMs;
  #restUntil = 0;

  constructor(options: ListAfterEventsOptions) {
    this.#options = options;
  }

  /** Whether there are events whose containers have not been listed yet. */
  get isBehind(): boolean {
    return this.#isBusy;
  }

  note(event: EngineEvent): void {
    if (this.#waiting.length >= mostWaiting) {
      this.forget();
      this.#options.onGap(new Error(`more than ${mostWaiting} events wait for a list`));
      return;
    }
    this.#waiting.push(event);
    if (!this.#isBusy) void this.#work();
  }

  /** What waits is of no use any more: everything is being listed. */
  forget(): void {
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    const { list, onGap, signal } = this.#options;
    this.#isBusy = true;
    if (performance.now() > this.#restUntil) this.#pause = soonMs;
    try {
      while (this.#waiting.length > 0) {
        await delay(Math.max(soonMs, this.#restUntil - performance.now()), undefined, { signal });
        const events = this.#waiting.splice(0);
        const began = performance.now();
        const ids = [...new Set(events.map(touchedContainer).filter((id) => id !== undefined))];
        await list(events, ids.length > mostAtOnce ? 'all' : ids);
        const ended = performance.now();
        const cost = Math.min(10, this.#waiting.length) * (ended - began);
        this.#pause = Math.min(longestPauseMs, Math.max(Math.min(burstPauseMs, 2 * this.#pause), cost));
        this.#restUntil = ended + this.#pause;
      }
    } catch (error) {
      if (!signal.aborted) onGap(error);
    } finally {
      this.#isBusy = false;
    }
  }
}
