/** Timeouts that end together and keep no process alive. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      work();
    }, ms).unref();
    this.#running.add(timer);
  }

  every(ms: number, work: () => void): void {
    this.after(ms, () => {
      this.every(ms, work);
      work();
    });
  }

  stop(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
