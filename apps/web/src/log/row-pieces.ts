import { type AnsiStyle, parseAnsi } from './ansi.ts';
import type { LogRow } from './log-lines.ts';

/** A piece of a row that is drawn in one way. `key` is its place in the line. */
export type RowPiece = {
  readonly key: number;
  readonly text: string;
  readonly style: AnsiStyle;
  readonly marked: boolean;
};

/** Cuts a row where its style changes and where a match begins or ends. */
export function rowPieces(
  { entry, from, to }: LogRow,
  matches: readonly (readonly [start: number, end: number])[],
): readonly RowPiece[] {
  const pieces: RowPiece[] = [];
  for (const span of parseAnsi(entry.text)) {
    const start = Math.max(from, span.start);
    const end = Math.min(to, span.start + span.text.length);
    let at = start;
    while (at < end) {
      const match = matches.find(([, matchEnd]) => matchEnd > at);
      const marked = match !== undefined && match[0] <= at;
      const next = match === undefined ? end : Math.min(end, marked ? match[1] : match[0]);
      pieces.push({ key: at, text: span.text.slice(at - span.start, next - span.start), style: span.style, marked });
      at = next;
    }
  }
  return pieces;
}
