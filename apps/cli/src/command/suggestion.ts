import { suggest } from '@drover/compose/diagnostics/suggestion';

/** The candidate that a mistyped or shortened word may have meant. */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const longer = word.length >= 2 ? all.filter((candidate) => candidate.startsWith(word)) : [];
  return longer.length === 1 ? longer[0] : suggest(word, all);
}

/** ` Did you mean up?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = suggestion(word, candidates);
  return found === undefined ? '' : ` Did you mean ${found}?`;
}
