import type { TextOutput } from './terminal.ts';
import { textWidth } from './width.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/**
 * Lines at the bottom of a terminal that are drawn again and again; what is printed above them stays.
 *
 * INVARIANTS: the cursor is at the start of the line below the region; `#drawn` holds the lines that are on the screen, so that after
 * a resize it is known how many rows they take now; a drawn line never is wider than the terminal was, and there are never
 * as many lines as the terminal has rows, or they could not be reached again.
 */
export class LiveRegion {
  readonly #output: TextOutput;
  #drawn: readonly string[] = [];
  #open = true;

  constructor(output: TextOutput) {
    this.#output = output;
    output.write(hideCursor);
  }

  get columns(): number {
    return Math.max(20, this.#output.columns || 80);
  }

  /** How many lines a region may have. */
  get height(): number {
    return Math.max(3, (this.#output.rows || 24) - 1);
  }

  /** Replaces the region. Lines must be no wider than `columns`. */
  draw(lines: readonly string[]): void {
    if (!this.#open) return;
    const shown = lines.slice(0, this.height);
    this.#output.write(`${this.#toTop()}${shown.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    this.#drawn = shown;
  }

  /** Prints lines that stay, above the region. */
  print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const below = this.#drawn;
    this.#output.write(`${this.#toTop()}\u001b[J${lines.map((line) => `${line}\n`).join('')}`);
    this.#drawn = [];
    if (this.#open) this.draw(below);
  }

  /** Takes the region off the screen and gives the cursor back. May be called twice. */
  close(): void {
    if (!this.#open) return;
    this.#output.write(`${this.#toTop()}\u001b[J${showCursor}`);
    this.#drawn = [];
    this.#open = false;
  }

  #toTop(): string {
    const { columns } = this;
    // A terminal that became narrower wraps what was drawn.
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / columns)), 0);
    return rows === 0 ? '\r' : `\r\u001b[${rows}A`;
  }
}
