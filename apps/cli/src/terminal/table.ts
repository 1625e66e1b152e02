import { pad, textWidth, truncate } from './width.ts';

/** One column: its title, and whether it is the one that gives way when the terminal is narrow. */
export interface Column {
  readonly title: string;
  readonly flexible?: true;
  readonly right?: true;
  /** Colours a cell after its width is settled. */
  readonly paint?: (text: string, row: number) => string;
}

/** Rows as aligned lines below their titles; no line is wider than `width`, if one is given. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
  paintTitle: (text: string) => string = (text) => text,
): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[index] ?? ''))),
  );
  if (width !== undefined) shrink(columns, widths, width);
  const line = (cells: readonly string[], row: number): string =>
    columns
      .map((column, index) => {
        const cell = truncate(cells[index] ?? '', widths[index]!);
        const painted = row < 0 ? paintTitle(cell) : (column.paint?.(cell, row) ?? cell);
        const gap = ' '.repeat(Math.max(0, widths[index]! - textWidth(cell)));
        if (column.right) return gap + painted;
        return index === columns.length - 1 ? painted : painted + gap;
      })
      .join('  ')
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      -1,
    ),
    ...rows.map(line),
  ];
}

function shrink(columns: readonly Column[], widths: number[], width: number): void {
  let excess = widths.reduce((sum, each) => sum + each, 0) + 2 * (columns.length - 1) - width;
  for (let index = columns.length - 1; index >= 0 && excess > 0; index -= 1) {
    if (!columns[index]!.flexible) continue;
    const least = Math.max(8, textWidth(columns[index]!.title));
    const given = Math.min(excess, Math.max(0, widths[index]! - least));
    widths[index] = widths[index]! - given;
    excess -= given;
  }
}

/** Names and values below each other: `name   value`. */
export function renderPairs(
  pairs: readonly (readonly [string, string])[],
  paintName: (text: string) => string,
): string[] {
  const widest = Math.max(0, ...pairs.map(([name]) => textWidth(name)));
  return pairs.map(([name, value]) => `${paintName(pad(name, widest))}  ${value}`);
}
