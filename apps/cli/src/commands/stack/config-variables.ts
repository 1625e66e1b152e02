import type { VariableUse } from '@drover/compose';
import type { Context } from '../../context.ts';

/** docker compose's own columns are this wide, or three wider than what they hold. */
const narrowest = 20;
const gap = 3;

/** The variables that the files ask for, as `docker compose config --variables` prints them, sorted. */
export function printVariables(
  context: Context,
  variables: readonly VariableUse[],
  format: 'yaml' | 'json' | undefined,
): void {
  if (context.global.json) context.printJson(variables);
  else if (format === 'json') context.print(`${asJson(variables)}\n`);
  else for (const line of asTable(variables)) context.print(line);
}

function asJson(variables: readonly VariableUse[]): string {
  const entries = variables.map(({ name, default: word = '', alternate = '', required }) => [
    name,
    { Name: name, DefaultValue: word, PresenceValue: alternate, Required: required },
  ]);
  return JSON.stringify(Object.fromEntries(entries), null, 4);
}

function asTable(variables: readonly VariableUse[]): string[] {
  const rows = variables.map(({ name, required, default: word = '', alternate = '' }) => [
    name,
    String(required),
    word,
    alternate,
  ]);
  const table = [['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'], ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.max(narrowest, ...table.map((row) => (row[column] ?? '').length + gap)),
  );
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(''));
}
