import type { Origin } from '../diagnostics/diagnostic.ts';

/** The text of a file, and the lines in it. */
export class Source {
  readonly uri: string;
  readonly text: string;
  #lineStarts: number[] | undefined;

  constructor(uri: string, text: string) {
    this.uri = uri;
    this.text = text;
  }

  /** The place between two offsets. */
  origin(start: number, end: number): Origin {
    const starts = this.#lines();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= start) low = middle;
      else high = middle - 1;
    }
    return { file: this.uri, line: low + 1, column: start - starts[low]! + 1, start, end };
  }

  #lines(): number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}
