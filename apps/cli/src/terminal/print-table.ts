import type { Context } from '../context.ts';
import { type Column, renderTable } from './table.ts';

/** Prints a table as wide as the terminal; in a pipe nothing is cut off. */
export function printTable(context: Context, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const { stdout } = context.terminal;
  const width = stdout.isTTY ? stdout.columns || undefined : undefined;
  for (const line of renderTable(columns, rows, width, (text) => context.paint('dim', text))) context.print(line);
}
