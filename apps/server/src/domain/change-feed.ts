import type { ChangeEvent } from '@drover/contract';
import { Pace } from './pace.ts';

interface Subscriber {
  queue: ChangeEvent[];
  wake: () => void;
}

/** How many events a subscriber may be behind: some seconds of what a large environment tells. */
export const mostUnread = 4096;

/** Milliseconds between two portions that a subscriber gets: what happens within them goes over in one piece. */
const paceMs = 50;

/**
 * Tells subscribers what changes in one environment. A subscriber that does not keep up loses what it has not read and gets one `resync` instead:
 * nobody's slowness costs memory.
 */
export class ChangeFeed {
  readonly #subscribers = new Set<Subscriber>();

  publish(event: ChangeEvent): void {
    for (const subscriber of this.#subscribers) {
      if (event.type === 'resync' || subscriber.queue.length >= mostUnread) subscriber.queue = [{ type: 'resync' }];
      else subscriber.queue.push(event);
      subscriber.wake();
    }
  }

  /** Events from now on, until the signal fires. The subscription stands when this returns, before the first is asked for. */
  subscribe(signal: AbortSignal): AsyncIterable<ChangeEvent> {
    const subscriber: Subscriber = { queue: [], wake: () => {} };
    this.#subscribers.add(subscriber);
    const leave = () => {
      this.#subscribers.delete(subscriber);
      subscriber.wake();
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    return this.#read(subscriber, signal, leave);
  }

  /** The same, of one stack alone and of what concerns all; without a stack everything. */
  async *ofStack(stack: string | undefined, signal: AbortSignal): AsyncGenerator<ChangeEvent> {
    for await (const event of this.subscribe(signal))
      if (stack === undefined || !('stack' in event) || event.stack === stack) yield event;
  }

  async *#read(subscriber: Subscriber, signal: AbortSignal, leave: () => void): AsyncGenerator<ChangeEvent> {
    const pace = new Pace(paceMs);
    try {
      while (!signal.aborted) {
        const event = subscriber.queue.shift();
        if (event !== undefined) {
          yield event;
          continue;
        }
        await new Promise<void>((resolve) => {
          subscriber.wake = resolve;
          if (signal.aborted) resolve();
        });
        await pace.next(signal);
      }
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }
}
