import { EventEmitter } from 'node:events';
import type { TextOutput } from '../../src/terminal/terminal.ts';
import { characters } from './characters.ts';

const sequence = new RegExp(`${String.fromCharCode(27)}\\[(\\??[\\d;]*)([A-Za-z])|([\\s\\S])`, 'gu');

/** What a terminal shows, for the escape sequences that the CLI uses. Lines that are too long wrap, as on a real one. */
export class Screen extends EventEmitter implements TextOutput {
  readonly isTTY = true;
  columns: number;
  rows: number;
  cursorVisible = true;
  /** The widest line ever written, in columns; wider than the screen means that it wrapped. */
  wrapped = false;
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  /** All lines ever shown, the scrolled-away ones included, without trailing empty ones. */
  get lines(): string[] {
    const text = this.#lines.map((line) => line.join('').trimEnd());
    while (text.length > 0 && text.at(-1) === '') text.pop();
    return text;
  }

  /** The first line that the cursor can still reach. */
  get top(): number {
    return Math.max(0, this.#lines.length - this.rows);
  }

  write(text: string | Uint8Array): boolean {
    for (const part of String(text).matchAll(sequence)) {
      const [, parameter = '', command, character] = part;
      if (character !== undefined) this.#put(character);
      else this.#control(command!, parameter);
    }
    return true;
  }

  /** Makes the terminal narrower or wider; lines are wrapped anew, and the cursor stays behind the last one. */
  resize(columns: number): void {
    const wrapped: string[][] = [];
    for (const line of this.#lines.slice(0, -1)) {
      const text = [...line.join('').trimEnd()];
      do wrapped.push(text.splice(0, columns));
      while (text.length > 0);
    }
    this.#lines = [...wrapped, []];
    this.#row = this.#lines.length - 1;
    this.#column = 0;
    this.columns = columns;
    this.emit('resize');
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') {
      this.#row += 1;
      this.#column = 0;
      while (this.#lines.length <= this.#row) this.#lines.push([]);
    } else
      for (const each of characters(character)) {
        if (this.#column >= this.columns) {
          this.wrapped = true;
          this.#put('\n');
        }
        const line = this.#lines[this.#row]!;
        while (line.length < this.#column) line.push(' ');
        line[this.#column] = each;
        this.#column += 1;
      }
  }

  #control(command: string, parameter: string): void {
    if (command === 'A') {
      this.#row -= Number(parameter || 1);
      if (this.#row < this.top) throw new Error('the cursor was moved above the screen');
    } else if (command === 'K') this.#lines[this.#row]!.length = Math.min(this.#column, this.#lines[this.#row]!.length);
    else if (command === 'J') {
      this.#lines[this.#row]!.length = Math.min(this.#column, this.#lines[this.#row]!.length);
      this.#lines.length = this.#row + 1;
    } else if (command === 'h' || command === 'l') this.cursorVisible = command === 'h';
    else if (command !== 'm') throw new Error(`the screen does not know ESC[${parameter}${command}`);
  }
}
