/** How long a container has to run on, as a share of how long its start took, and at the most; why these, see decision 0504. */
const settle = { share: 1 / 3, mostMs: 5_000 } as const;

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
    return at + settlingMs(settleMs, tookMs);
  }
}

/** How long a container has to run on whose start took so long, in milliseconds: `settleMs` at least. */
export function settlingMs(settleMs: number, tookMs: number): number {
  return Math.max(settleMs, Math.min(settle.mostMs, tookMs * settle.share));
}
