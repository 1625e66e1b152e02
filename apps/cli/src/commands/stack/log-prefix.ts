import type { LogLine } from '@drover/contract';
import type { Paint, StyleName } from '../../terminal/style.ts';
import { pad, textWidth } from '../../terminal/width.ts';

const styles: readonly StyleName[] = ['cyan', 'yellow', 'green', 'magenta', 'blue'];

/** Begins log lines with the name of their container, aligned, each in a colour of its own. */
export class LogPrefix {
  readonly #paint: Paint;
  readonly #stack: string;
  readonly #styles = new Map<string, StyleName>();
  #width = 0;

  constructor(stack: string, paint: Paint) {
    this.#stack = stack;
    this.#paint = paint;
  }

  of({ container }: LogLine): string {
    const name = container.startsWith(`${this.#stack}-`) ? container.slice(this.#stack.length + 1) : container;
    let style = this.#styles.get(name);
    if (style === undefined) {
      style = styles[this.#styles.size % styles.length]!;
      this.#styles.set(name, style);
    }
    this.#width = Math.min(32, Math.max(this.#width, textWidth(name)));
    return this.#paint(style, `${pad(name, this.#width)} | `);
  }
}
