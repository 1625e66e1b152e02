import type { LogOptions } from '../api/containers.ts';
import type { OutputChunk } from '../model/stream.ts';
import { AsyncQueue } from '../stream/queue.ts';

interface LogEntry {
  readonly stream: 'stdout' | 'stderr';
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly data: Uint8Array;
}

const keptEntries = 10_000;

/** What a fake container wrote, line by line, and who listens to it. */
export class OutputLog {
  #entries: LogEntry[] = [];
  readonly #listeners = new Set<AsyncQueue<LogEntry>>();

  write(stream: 'stdout' | 'stderr', data: Uint8Array): void {
    const lines =
      Buffer.from(data)
        .toString('latin1')
        .match(/[^\n]*\n|[^\n]+$/g) ?? [];
    for (const line of lines) {
      const entry: LogEntry = { stream, time: Date.now(), data: Buffer.from(line, 'latin1') };
      this.#entries.push(entry);
      if (this.#entries.length > keptEntries * 2) this.#entries = this.#entries.slice(-keptEntries);
      for (const listener of this.#listeners) listener.push(entry);
    }
  }

  /** The process ended: those who follow have read everything. */
  end(): void {
    for (const listener of this.#listeners) listener.close();
  }

  /** Ends everybody's reading with an error, as a lost connection does. */
  fail(error: unknown): void {
    for (const listener of this.#listeners) listener.close(error);
  }

  async *read(options: LogOptions, live: boolean): AsyncGenerator<OutputChunk, void, undefined> {
    const queue = new AsyncQueue<LogEntry>();
    const kept = this.#entries.filter((entry) => within(entry, options));
    for (const entry of options.tail === undefined
      ? kept
      : kept.slice(kept.length - Math.min(options.tail, kept.length))) {
      queue.push(entry);
    }
    if (options.follow === true && live) this.#listeners.add(queue);
    else queue.close();
    const abort = () => queue.close(options.signal?.reason);
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      for await (const entry of queue) {
        const stamp =
          options.timestamps === true ? `${new Date(entry.time).toISOString().replace('Z', '000000Z')} ` : '';
        yield { stream: entry.stream, data: Buffer.concat([Buffer.from(stamp), entry.data]) };
      }
    } finally {
      options.signal?.removeEventListener('abort', abort);
      this.#listeners.delete(queue);
    }
  }

  /** Live output from now on, after what was written before when `replay`. */
  listen(replay: boolean): { readonly queue: AsyncQueue<OutputChunk>; close(): void } {
    const queue = new AsyncQueue<OutputChunk>();
    if (replay) for (const entry of this.#entries) queue.push(entry);
    this.#listeners.add(queue as AsyncQueue<OutputChunk> & AsyncQueue<LogEntry>);
    return {
      queue,
      close: () => {
        this.#listeners.delete(queue as AsyncQueue<OutputChunk> & AsyncQueue<LogEntry>);
        queue.close();
      },
    };
  }
}

function within(entry: LogEntry, options: LogOptions): boolean {
  if (entry.stream === 'stdout' && options.stdout === false) return false;
  if (entry.stream === 'stderr' && options.stderr === false) return false;
  if (options.since !== undefined && entry.time < Number(options.since) * 1000) return false;
  return options.until === undefined || entry.time <= Number(options.until) * 1000;
}
