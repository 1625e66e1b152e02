import type { Paint } from '../terminal/style.ts';
import type { TextOutput } from '../terminal/terminal.ts';
import { oneLine } from '../terminal/width.ts';
import { type Finding, findingLines } from './diagnostic-lines.ts';
import { textOfFile } from './text-of-file.ts';

/** More than this nobody reads at once. */
const mostShown = 10;

/**
 * What is wrong with Compose files, one finding a line; on a terminal each with the line it is about. A message that only repeats
 * a finding is left out.
 */
export function errorLines(
  error: { readonly message: string; readonly diagnostics: readonly object[] },
  options: { readonly paint: Paint; readonly directory: string; readonly output: TextOutput },
): string[] {
  const { paint, directory, output } = options;
  const all = error.diagnostics as readonly Finding[];
  const errors = all.filter(({ severity }) => severity === 'error');
  const shown = errors.length > 0 ? errors : all;
  const lines = shown.slice(0, mostShown).flatMap((finding) =>
    findingLines(finding, {
      paint,
      directory,
      textOf: output.isTTY ? textOfFile : () => undefined,
      columns: output.columns || undefined,
    }),
  );
  if (shown.length > mostShown) lines.push(`… and ${shown.length - mostShown} more`);
  const repeats = shown.some(({ message }) => error.message.includes(message) || message.includes(error.message));
  return repeats ? lines : [oneLine(error.message), ...lines];
}
