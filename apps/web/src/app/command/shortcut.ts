/** A key press as far as shortcuts care. */
export type Press = {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
};

/** What a press is called in `keys`: `k`, `?`, `mod+k`, `escape`; `undefined` for what no shortcut may use. */
export function pressName(press: Press): string | undefined {
  if (press.altKey || press.key === 'Shift' || press.key === 'Control' || press.key === 'Meta') return undefined;
  const key = press.key === ' ' ? 'space' : press.key.toLowerCase();
  return press.ctrlKey || press.metaKey ? `mod+${key}` : key;
}

export type Match<Found> =
  | { readonly kind: 'run'; readonly found: Found }
  | { readonly kind: 'wait' }
  | { readonly kind: 'none' };

/** What a sequence of presses (`['g', 's']`) means among shortcuts such as `g s`; `wait` while it is the start of one. */
export function matchPresses<Found extends { readonly keys?: string }>(
  presses: readonly string[],
  among: readonly Found[],
): Match<Found> {
  const typed = presses.join(' ');
  // What was registered last stands nearest to the user.
  const found = among.findLast(({ keys }) => keys === typed);
  if (found !== undefined) return { kind: 'run', found };
  return among.some(({ keys }) => keys?.startsWith(`${typed} `)) ? { kind: 'wait' } : { kind: 'none' };
}

/** The keys of a shortcut as caps on a keyboard show them. */
export function keyCaps(keys: string, isMac: boolean): readonly string[] {
  return keys
    .split(' ')
    .flatMap((press) => press.split('+'))
    .map((key) => (key === 'mod' ? (isMac ? '⌘' : 'Ctrl') : key.length === 1 ? key.toUpperCase() : capital(key)));
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
