import { stripAnsi } from './ansi.ts';

/** A line as it came. */
export type LogInput = {
  /** Who wrote it, where several do. */
  readonly label?: string | undefined;
  readonly stream: 'stdout' | 'stderr' | 'notice';
  /** RFC 3339. */
  readonly at?: string | undefined;
  readonly text: string;
};

export type LogEntry = LogInput & {
  /** Counts every line that ever came, from 0. */
  readonly sequence: number;
  /** The text without escape sequences: what is searched and measured. */
  readonly plain: string;
};

/** One row of the view: a line, or a piece of one that is longer than the view is wide. */
export type LogRow = { readonly entry: LogEntry; readonly from: number; readonly to: number; readonly first: boolean };

export type LogLimits = { readonly lines: number; readonly characters: number };

/** About 100 MB of strings at the very most; one line more pushes the oldest out. */
export const defaultLogLimits: LogLimits = { lines: 100_000, characters: 24_000_000 };

type Shown = { readonly entry: LogEntry; readonly lastRow: number };

/**
 * Log lines with a bound, and the rows that they make in a view of some width: any row is found in logarithmic time, whatever
 * the number of lines.
 *
 * INVARIANTS:
 * - `#entries[#head…]` are the lines kept, oldest first; `#shown[#shownHead…]` those of them that pass the filter.
 * - Rows are numbered from the first line ever shown in this layout, so that a line that goes renumbers none; `lastRow` is the
 *   number of rows up to and including the line's.
 */
export class LogLines {
  readonly #limits: LogLimits;
  #entries: LogEntry[] = [];
  #head = 0;
  #characters = 0;
  #sequence = 0;
  #shown: Shown[] = [];
  #shownHead = 0;
  #columns = Number.POSITIVE_INFINITY;
  #filter: ((entry: LogEntry) => boolean) | undefined;

  constructor(limits: LogLimits = defaultLogLimits) {
    this.#limits = limits;
  }

  /** Lines kept. */
  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** Lines kept that pass the filter. */
  get shownSize(): number {
    return this.#shown.length - this.#shownHead;
  }

  /** Lines that came and were pushed out. */
  get dropped(): number {
    return this.#sequence - this.size;
  }

  /** The numbers of the rows there are: from `firstRow`, below `endRow`. */
  get firstRow(): number {
    return this.#shownHead === 0 ? 0 : (this.#shown[this.#shownHead - 1]?.lastRow ?? 0);
  }

  get endRow(): number {
    return this.#shown.at(-1)?.lastRow ?? 0;
  }

  /** The lines that pass the filter, oldest first. */
  *shown(): Generator<LogEntry> {
    for (let at = this.#shownHead; at < this.#shown.length; at++) yield this.#shown[at]!.entry;
  }

  push(lines: readonly LogInput[]): void {
    for (const line of lines) {
      // A row is as many characters as it is wide, which a tab is not.
      const text = line.text.replaceAll('\t', '    ');
      const entry: LogEntry = { ...line, text, sequence: this.#sequence, plain: stripAnsi(text) };
      this.#sequence += 1;
      this.#entries.push(entry);
      this.#characters += entry.text.length;
      this.#show(entry);
    }
    this.#dropOldest();
  }

  clear(): void {
    this.#entries = [];
    this.#head = 0;
    this.#characters = 0;
    this.#sequence = 0;
    this.#layOut();
  }

  /** Characters in a row; infinity where long lines are not wrapped. */
  setColumns(columns: number): void {
    if (columns === this.#columns) return;
    this.#columns = Math.max(8, columns);
    this.#layOut();
  }

  setFilter(filter: ((entry: LogEntry) => boolean) | undefined): void {
    this.#filter = filter;
    this.#layOut();
  }

  /** The row with this number, if there is one. */
  row(number: number): LogRow | undefined {
    if (number < this.firstRow || number >= this.endRow) return undefined;
    let low = this.#shownHead;
    let high = this.#shown.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#shown[middle]!.lastRow > number) high = middle;
      else low = middle + 1;
    }
    const { entry, lastRow } = this.#shown[low]!;
    const piece = number - (lastRow - this.#rowsOf(entry));
    if (this.#columns === Number.POSITIVE_INFINITY) return { entry, from: 0, to: entry.plain.length, first: true };
    const from = piece * this.#columns;
    return { entry, from, to: Math.min(entry.plain.length, from + this.#columns), first: piece === 0 };
  }

  #rowsOf(entry: LogEntry): number {
    return Math.max(1, Math.ceil(entry.plain.length / this.#columns));
  }

  #show(entry: LogEntry): void {
    if (this.#filter?.(entry) === false) return;
    this.#shown.push({ entry, lastRow: this.endRow + this.#rowsOf(entry) });
  }

  #layOut(): void {
    this.#shown = [];
    this.#shownHead = 0;
    for (let at = this.#head; at < this.#entries.length; at++) this.#show(this.#entries[at]!);
  }

  #dropOldest(): void {
    while (this.size > this.#limits.lines || (this.#characters > this.#limits.characters && this.size > 1)) {
      this.#characters -= this.#entries[this.#head]!.text.length;
      this.#head += 1;
    }
    const oldest = this.#entries[this.#head]?.sequence ?? this.#sequence;
    while (this.#shownHead < this.#shown.length && this.#shown[this.#shownHead]!.entry.sequence < oldest)
      this.#shownHead += 1;
    this.#compact();
  }

  /** Lets go of what was pushed out, once it is as much as what is kept. One row number must survive: that before the head. */
  #compact(): void {
    if (this.#head > 1024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    if (this.#shownHead > 1024 && this.#shownHead * 2 > this.#shown.length) {
      this.#shown = this.#shown.slice(this.#shownHead - 1);
      this.#shownHead = 1;
    }
  }
}
