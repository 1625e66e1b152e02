import type { DeploymentEvent } from '@drover/contract';
import { Pace } from '../pace.ts';

interface Entry {
  readonly sequence: number;
  readonly event: DeploymentEvent;
}

type ImageEvent = Extract<DeploymentEvent, { type: 'image' }>;

/** Milliseconds between two portions that a reader gets: what happens within them goes over in one piece. */
const paceMs = 50;
const mostKept = 20_000;
const mostBuildLines = 1000;

/**
 * What happens in one deployment. Readers see all of it from the beginning, whenever they come; only progress that newer progress
 * has overtaken is left out, so that a long pull costs no memory. Nothing is queued for a slow reader: it reads on where it is. Events come
 * in portions, since each by itself would cost more than the call to the engine that it tells of; the end is told at once.
 */
export class Progress {
  #entries: Entry[] = [];
  #sequence = 0;
  readonly #over = new AbortController();
  readonly #latestImage = new Map<string, Entry>();
  #buildLines = 0;
  readonly #waiting = new Set<() => void>();
  /** Of the plan that is carried out. */
  operationsTotal = 0;
  operationsDone = 0;

  add(event: DeploymentEvent): void {
    if (this.#over.signal.aborted) return;
    const entry = { sequence: this.#sequence++, event };
    if (event.type === 'image') this.#dropOvertaken(event, entry);
    if (this.#entries.length >= mostKept) this.#entries.splice(1, mostKept / 10);
    this.#entries.push(entry);
    if (event.type === 'plan' && event.purpose === 'forward') this.operationsTotal = event.plan.operations.length;
    if (event.type === 'operation' && event.status === 'done') this.operationsDone += 1;
    if (event.type === 'ended') this.#over.abort();
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Everything so far. */
  events(): DeploymentEvent[] {
    return this.#entries.map(({ event }) => event);
  }

  /** From the beginning to `ended`, or until the signal fires. */
  async *read(signal: AbortSignal): AsyncGenerator<DeploymentEvent> {
    const pace = new Pace(paceMs);
    const either = AbortSignal.any([signal, this.#over.signal]);
    let next = 0;
    while (!signal.aborted) {
      const entry = this.#firstFrom(next);
      if (entry !== undefined) {
        next = entry.sequence + 1;
        yield entry.event;
        continue;
      }
      if (this.#over.signal.aborted) return;
      await this.#change(signal);
      await pace.next(either);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #firstFrom(sequence: number): Entry | undefined {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.sequence ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low];
  }

  // Of figures (bytes of a layer) the newest says it all; lines of a build are each worth keeping, up to a bound.
  #dropOvertaken(event: ImageEvent, entry: Entry): void {
    const isLine = event.status === 'building' && event.text !== undefined && event.total === undefined;
    if (isLine) {
      this.#buildLines += 1;
      if (this.#buildLines <= mostBuildLines) return;
    }
    const key = `${event.ref} ${event.status} ${event.total === undefined ? '' : event.text}`;
    const before = this.#latestImage.get(key);
    this.#latestImage.set(key, entry);
    if (before === undefined || (event.total === undefined && !isLine)) return;
    const at = this.#entries.lastIndexOf(before);
    if (at >= 0) this.#entries.splice(at, 1);
  }
}
