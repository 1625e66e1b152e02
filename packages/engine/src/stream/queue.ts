/**
 * Hands values from one who pushes to one who iterates.
 * INVARIANTS: one consumer; order is kept; after `close` what was pushed is still read, then the iteration ends or throws.
 * It does not bound itself: the producer looks at `size`.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  #values: T[] = [];
  #head = 0;
  #closed = false;
  #error: unknown;
  #wake: (() => void) | null = null;

  get size(): number {
    return this.#values.length - this.#head;
  }

  push(value: T): void {
    if (this.#closed) return;
    this.#values.push(value);
    this.#notify();
  }

  /** Drops what was not read yet. */
  clear(): void {
    this.#values = [];
    this.#head = 0;
  }

  /** No more values; with an error the iteration throws it at its end. */
  close(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    this.#notify();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.#head < this.#values.length) {
        const value = this.#values[this.#head++] as T;
        if (this.#head === this.#values.length) this.clear();
        yield value;
      }
      if (this.#closed) {
        if (this.#error !== undefined) throw this.#error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
