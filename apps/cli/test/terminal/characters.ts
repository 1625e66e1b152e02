import { textWidth } from '../../src/terminal/width.ts';

/** A character as the cells that it fills: a wide one takes a second, empty one. */
export function characters(character: string): string[] {
  const width = textWidth(character);
  if (width === 0) return [];
  return width === 2 ? [character, ''] : [character];
}
