import type { LogEntry } from './log-lines.ts';

export type LogQuery = { readonly text: string; readonly regularExpression: boolean };

export type LogSearch =
  | { readonly kind: 'all' }
  | { readonly kind: 'matching'; readonly pattern: RegExp }
  | { readonly kind: 'invalid'; readonly reason: string };

/** What a query looks for. Capital letters count only where the query has one. */
export function createSearch({ text, regularExpression }: LogQuery): LogSearch {
  if (text === '') return { kind: 'all' };
  const source = regularExpression ? text : text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  try {
    return { kind: 'matching', pattern: new RegExp(source, /\p{Lu}/u.test(text) ? 'gu' : 'giu') };
  } catch (error) {
    return {
      kind: 'invalid',
      reason: error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : 'not a pattern',
    };
  }
}

/** The filter for `LogLines` that a search makes; `undefined` is everything. */
export function filterOf(search: LogSearch): ((entry: LogEntry) => boolean) | undefined {
  if (search.kind !== 'matching') return undefined;
  // Without `g` and its memory of where it stood.
  const pattern = new RegExp(search.pattern.source, search.pattern.flags.replace('g', ''));
  return ({ plain }) => pattern.test(plain);
}

/** Where a line matches, as pairs of start and end, at most 200. */
export function matchesIn(plain: string, search: LogSearch): readonly (readonly [start: number, end: number])[] {
  if (search.kind !== 'matching') return [];
  const found: [number, number][] = [];
  for (const match of plain.matchAll(search.pattern)) {
    if (match[0] !== '') found.push([match.index, match.index + match[0].length]);
    if (found.length === 200) break;
  }
  return found;
}
