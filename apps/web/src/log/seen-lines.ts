/** The lines of one container that a log which is opened again repeats: those of the last moment seen. */
type LastMoment = { readonly at: string; count: number };

/**
 * Tells new lines from repeated ones where a log is read again from its last moment on (`since` includes that moment). Moments
 * are per container: the lines of several come in no common order.
 */
export class SeenLines {
  readonly #moments = new Map<string, LastMoment>();
  /** Per container, how many lines of its last moment are still to be skipped in this reading. */
  readonly #repeated = new Map<string, LastMoment>();

  /** The moment from which reading again misses nothing; marks the start of such a reading. */
  get last(): string | undefined {
    this.#repeated.clear();
    for (const [container, moment] of this.#moments) this.#repeated.set(container, { ...moment });
    const moments = [...this.#moments.values()].map(({ at }) => at);
    return moments.length === 0 ? undefined : moments.reduce((one, other) => (one < other ? one : other));
  }

  isNew({ container, at }: { readonly container: string; readonly at?: string | undefined }): boolean {
    if (at === undefined) return true;
    const repeated = this.#repeated.get(container);
    if (repeated !== undefined) {
      if (at < repeated.at) return false;
      if (at === repeated.at && repeated.count > 0) {
        repeated.count -= 1;
        return false;
      }
    }
    const moment = this.#moments.get(container);
    if (moment?.at === at) moment.count += 1;
    else this.#moments.set(container, { at, count: 1 });
    return true;
  }
}
