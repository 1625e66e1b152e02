import { isAbsolute, relative } from 'node:path';
import type { Paint } from '../terminal/style.ts';
import { oneLine, textWidth, truncate } from '../terminal/width.ts';

/** A finding about a Compose file, from the loader here or from the server. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly origin?: { readonly file: string; readonly line: number; readonly column: number } | undefined;
  readonly suggestion?: string | undefined;
  /** A refused field that a deploy may leave out. */
  readonly field?: string | undefined;
}

export interface FindingOptions {
  readonly paint: Paint;
  /** The caller's directory; files below it are shown relative. */
  readonly directory: string;
  /** The text of a file for the excerpt, or `undefined` for none. */
  readonly textOf: (file: string) => string | undefined;
  readonly columns: number | undefined;
}

/** `compose.yaml:4:5: unknown key imagee; did you mean image?` and, where the text is known, the line with a caret below. */
export function findingLines(finding: Finding, options: FindingOptions): string[] {
  const { origin, severity } = finding;
  const { paint } = options;
  const style = severity === 'error' ? 'red' : 'yellow';
  const place =
    origin === undefined
      ? ''
      : `${paint('bold', `${shownPath(origin.file, options.directory)}:${origin.line}:${origin.column}:`)} `;
  const word = severity === 'error' ? '' : `${paint(style, `${severity}:`)} `;
  const wayOut = finding.field === undefined ? [] : [`  or leave it out: --accept ${finding.field}`];
  return [
    `${place}${word}${sentence(finding)}`,
    ...[...excerpt(finding, options), ...wayOut].map((line) => paint('dim', line)),
  ];
}

function sentence({ message, suggestion }: Finding): string {
  const text = oneLine(message);
  return suggestion === undefined || text.includes(suggestion) ? text : `${text}; did you mean ${suggestion}?`;
}

/** The line of the file and a caret below the column, cut to the terminal so that the caret is visible. */
function excerpt({ origin }: Finding, { textOf, columns }: FindingOptions): string[] {
  const line = origin === undefined ? undefined : textOf(origin.file)?.split('\n')[origin.line - 1];
  if (origin === undefined || line === undefined) return [];
  const margin = `${origin.line}`.length + 5;
  const room = Math.max(20, (columns ?? 100) - margin - 1);
  const start = origin.column > room - 10 ? origin.column - Math.floor(room / 2) : 0;
  const shown = truncate(oneLine(line.slice(start)), room);
  const caret = textWidth(oneLine(line.slice(start, origin.column - 1)).padEnd(origin.column - 1 - start));
  return [`  ${origin.line} | ${shown}`, `${' '.repeat(margin)}${' '.repeat(caret)}^`];
}

/** A path below the directory, relative to it; others stay absolute. */
export function shownPath(file: string, directory: string): string {
  if (!isAbsolute(file)) return file;
  const way = relative(directory, file);
  return way === '' || way.startsWith('..') ? file : way;
}
