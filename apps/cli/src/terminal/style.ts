import type { TextOutput } from './terminal.ts';

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;
export type StyleName = keyof typeof codes;

/** Puts colour on text, or leaves it as it is where colours are off. */
export type Paint = (style: StyleName, text: string) => string;

export const plainPaint: Paint = (_, text) => text;
export const colorPaint: Paint = (style, text) => `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m`;

/** Whether an output gets colours: asked for, or a terminal that can show them and was not told otherwise (NO_COLOR). */
export function choosePaint(
  output: TextOutput,
  when: 'auto' | 'always' | 'never' | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  if (when === 'always') return colorPaint;
  if (when === 'never' || environment.NO_COLOR || environment.TERM === 'dumb') return plainPaint;
  return output.isTTY ? colorPaint : plainPaint;
}
