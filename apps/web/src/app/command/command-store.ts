import { matchPresses, pressName } from './shortcut.ts';

/** Something that can be done from here: in the palette, by a shortcut, or both. */
export type Command = {
  readonly id: string;
  readonly group: string;
  readonly words: string;
  readonly keys?: string;
  /** Why it cannot be done now; it is listed all the same. */
  readonly disabledReason?: string | undefined;
  /** Known to the list of shortcuts, but not offered in the palette. */
  readonly silent?: boolean;
  readonly run: () => void;
};

/** A second key of a sequence counts for this long, in milliseconds. */
const patience = 1200;

/**
 * The commands that the parts of the page on show have put forward.
 *
 * INVARIANTS:
 * - `list` is the same array until a command comes or goes, so that React may compare it.
 * - Keys that go into a text field, an editor or a terminal are never taken, those with Ctrl or Cmd aside.
 */
export class CommandStore {
  readonly #sets = new Set<readonly Command[]>();
  readonly #listeners = new Set<() => void>();
  #list: readonly Command[] = [];
  #presses: string[] = [];
  #lastPress = 0;

  readonly list = (): readonly Command[] => this.#list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Puts commands forward; returns how to take them back. */
  add(commands: readonly Command[]): () => void {
    this.#sets.add(commands);
    this.#changed();
    return () => {
      this.#sets.delete(commands);
      this.#changed();
    };
  }

  /** Runs what the key press stands for. */
  readonly onKeyDown = (event: KeyboardEvent): void => {
    const name = pressName(event);
    if (name === undefined || event.defaultPrevented || event.repeat) return;
    if (!name.startsWith('mod+') && (takesText(event.target) || document.querySelector('[aria-modal="true"]'))) return;
    if (event.timeStamp - this.#lastPress > patience) this.#presses = [];
    this.#lastPress = event.timeStamp;
    const enabled = this.#list.filter(({ disabledReason }) => disabledReason === undefined);
    let match = matchPresses([...this.#presses, name], enabled);
    if (match.kind === 'none' && this.#presses.length > 0) {
      this.#presses = [];
      match = matchPresses([name], enabled);
    }
    this.#presses = match.kind === 'wait' ? [...this.#presses, name] : [];
    if (match.kind !== 'run') return;
    event.preventDefault();
    match.found.run();
  };

  #changed(): void {
    this.#list = [...this.#sets].flat();
    for (const listener of this.#listeners) listener();
  }
}

function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}
