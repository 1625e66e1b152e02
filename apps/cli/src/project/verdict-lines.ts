import type { FieldVerdict, VerdictReport } from '@drover/compose/verdict/judge';
import type { Verdict } from '@drover/compose/verdict/verdict';
import type { Paint, StyleName } from '../terminal/style.ts';
import { oneLine } from '../terminal/width.ts';
import { shownPath } from './diagnostic-lines.ts';

interface VerdictLinesOptions {
  readonly paint: Paint;
  /** The caller's directory; files below it are shown relative. */
  readonly directory: string;
  /** Those that are honoured, too. */
  readonly all: boolean;
}

/** What matters most stands first. */
const order: readonly Verdict[] = ['refused', 'ignored', 'emulated', 'honoured'];
const styles: Readonly<Record<Verdict, StyleName>> = {
  refused: 'red',
  ignored: 'yellow',
  emulated: 'cyan',
  honoured: 'green',
};

/** A report for the eye: by verdict, each field with its place and its reason; what is honoured is only counted. */
export function verdictLines(report: VerdictReport, options: VerdictLinesOptions): string[] {
  return order.flatMap((verdict) => {
    const fields = report.fields.filter((field) => field.verdict === verdict);
    if (fields.length === 0 || (verdict === 'honoured' && !options.all)) return [];
    return [
      options.paint(styles[verdict], verdict),
      ...fields.toSorted(byPlace).flatMap((each) => fieldLines(each, options)),
    ];
  });
}

/** `12 fields: 9 honoured, 2 ignored, 1 refused`. */
export function countWords({ counts, fields }: VerdictReport): string {
  const words = order
    .toReversed()
    .flatMap((verdict) => (counts[verdict] === 0 ? [] : [`${counts[verdict]} ${verdict}`]));
  return `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}${words.length === 0 ? '' : `: ${words.join(', ')}`}`;
}

function fieldLines(verdict: FieldVerdict, { paint, directory }: VerdictLinesOptions): string[] {
  const { path, field, reason, instead, leftOut, origin } = verdict;
  const place = origin === undefined ? '' : `${shownPath(origin.file, directory)}:${origin.line}:${origin.column}: `;
  const key = field.slice(field.indexOf('.') + 1);
  const owner = path[0] === 'services' ? String(path[1]) : `${field.slice(0, field.indexOf('.'))} ${String(path[1])}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return [
    `  ${paint('bold', place)}${oneLine(`${key} of ${owner}${why}`)}`,
    ...(instead === undefined ? [] : [`    instead: ${oneLine(instead)}`]),
    ...(leftOut === undefined ? [] : [paint('dim', `    or leave it out: --accept ${field}`)]),
  ];
}

function byPlace({ origin: a }: FieldVerdict, { origin: b }: FieldVerdict): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
