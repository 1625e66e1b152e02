/**
 * An engine hears of a program's end the later the busier its machine is, and a start of its own takes longer there too. Of 54
 * programs that ended as they started, on idle and on overloaded machines, an inspect knew of every end that was begun after 0.08 of the
 * time that the start had taken; twice that is waited for, at the most for so long.
 */
const settle = { share: 1 / 6, mostMs: 3_000 } as const;

interface Start {
  /** When it ended, on the clock of `performance.now`. */
  readonly at: number;
  /** How long one alone would have taken, in milliseconds. */
  readonly tookMs: number;
}

/** The containers that one execution started, and how long they must run on until it shows whether they do. */
export class Starts {
  readonly #starts = new Map<string, Start>();
  readonly #underWay = new Set<{ atOnce: number }>();

  /** Starts a container. */
  async note(id: string, start: () => Promise<void>): Promise<void> {
    const begun = performance.now();
    const own = { atOnce: 1 };
    this.#underWay.add(own);
    for (const each of this.#underWay) each.atOnce = Math.max(each.atOnce, this.#underWay.size);
    try {
      await start();
      const at = performance.now();
      // Those that start at once share the machine, and leave it to their programs when they are done.
      this.#starts.set(id, { at, tookMs: (at - begun) / own.atOnce });
    } finally {
      this.#underWay.delete(own);
    }
  }

  /** Notes a start of which nobody knows how long it took. */
  noteEnd(id: string): void {
    this.#starts.set(id, { at: performance.now(), tookMs: 0 });
  }

  /** When a container was started, on the clock of `performance.now`; undefined where it ran before. */
  at(id: string): number | undefined {
    return this.#starts.get(id)?.at;
  }

  /** When it has run on for at least `settleMs`, and for as long as the slowness of its engine demands. */
  settledAt(id: string, settleMs: number): number {
    const { at = Number.NEGATIVE_INFINITY, tookMs = 0 } = this.#starts.get(id) ?? {};
    return at + Math.max(settleMs, Math.min(settle.mostMs, tookMs * settle.share));
  }
}
