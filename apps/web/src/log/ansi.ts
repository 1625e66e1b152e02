export type AnsiStyle = {
  /** `0`–`15` is the terminal's palette, `#rrggbb` a colour of its own. */
  readonly foreground?: string;
  readonly background?: string;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
};

/** A piece of a line in one style. `start` is its place in the line without its escape sequences. */
export type AnsiSpan = { readonly text: string; readonly start: number; readonly style: AnsiStyle };

// ECMA-48: CSI sequences, OSC strings up to BEL or ST, and other two-character escapes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
const escapes = /\u001b(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would not print is not shown
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

const plainStyle: AnsiStyle = {};

/** The text that a terminal would be left with: without escape sequences, and after the last carriage return. */
export function stripAnsi(line: string): string {
  if (!mayBeStyled(line)) return line;
  return settled(line).replaceAll(escapes, '').replaceAll(unprintable, '');
}

/** The line in pieces of one style each; their texts together are `stripAnsi` of the line. */
export function parseAnsi(line: string): readonly AnsiSpan[] {
  if (!mayBeStyled(line)) return [{ text: line, start: 0, style: plainStyle }];
  const spans: AnsiSpan[] = [];
  const text = settled(line);
  let style = plainStyle;
  let from = 0;
  let start = 0;
  const add = (to: number): void => {
    const piece = text.slice(from, to).replaceAll(unprintable, '');
    if (piece === '') return;
    spans.push({ text: piece, start, style });
    start += piece.length;
  };
  for (const found of text.matchAll(escapes)) {
    add(found.index);
    from = found.index + found[0].length;
    if (found[2] === 'm') style = applyGraphics(style, found[1] ?? '');
  }
  add(text.length);
  return spans;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the quick test for anything to do
const anyControl = /[\u0000-\u0008\u000b-\u001f\u007f]/;
const mayBeStyled = (line: string): boolean => anyControl.test(line);

/** A progress bar writes over its own line; what counts is what stood there last. */
function settled(line: string): string {
  const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
}

function applyGraphics(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let next: { -readonly [Key in keyof AnsiStyle]: AnsiStyle[Key] } = { ...style };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 7) next.inverse = true;
    else if (code === 22) {
      delete next.bold;
      delete next.dim;
    } else if (code === 23) delete next.italic;
    else if (code === 24) delete next.underline;
    else if (code === 27) delete next.inverse;
    else if (code === 39) delete next.foreground;
    else if (code === 49) delete next.background;
    else if (code >= 30 && code <= 37) next.foreground = String(code - 30);
    else if (code >= 90 && code <= 97) next.foreground = String(code - 82);
    else if (code >= 40 && code <= 47) next.background = String(code - 40);
    else if (code >= 100 && code <= 107) next.background = String(code - 92);
    else if (code === 38 || code === 48) {
      const { colour, used } = extendedColour(codes.slice(at + 1));
      at += used;
      if (colour !== undefined) next[code === 38 ? 'foreground' : 'background'] = colour;
    }
  }
  return next;
}

function extendedColour(codes: readonly number[]): { readonly colour: string | undefined; readonly used: number } {
  if (codes[0] === 5) return { colour: paletteColour(codes[1] ?? 0), used: 2 };
  if (codes[0] === 2) return { colour: hex(codes.slice(1, 4)), used: 4 };
  return { colour: undefined, used: codes.length };
}

/** The 256 colours of xterm: 16 of the palette, a cube of 6 × 6 × 6, 24 greys. */
function paletteColour(index: number): string | undefined {
  if (!(index >= 0 && index <= 255)) return undefined;
  if (index < 16) return String(index);
  if (index >= 232) return hex(Array.from({ length: 3 }, () => 8 + (index - 232) * 10));
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return hex([level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)]);
}

function hex(channels: readonly number[]): string | undefined {
  if (channels.length !== 3 || channels.some((channel) => !(channel >= 0 && channel <= 255))) return undefined;
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
