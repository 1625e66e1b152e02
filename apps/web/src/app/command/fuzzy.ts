/**
 * How well `text` answers `query`: `undefined` when a letter is missing, else the higher the better. Letters count in order;
 * those at the start of a word and those in a row count more.
 */
export function fuzzyScore(query: string, text: string): number | undefined {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, '');
  const letters = text.toLowerCase();
  const whole = letters.indexOf(query.trim().toLowerCase());
  let score = whole === -1 ? 0 : 40 - Math.min(whole, 20);
  let from = 0;
  let previous = -2;
  for (const letter of wanted) {
    const at = letters.indexOf(letter, from);
    if (at === -1) return undefined;
    if (at === previous + 1) score += 4;
    if (at === 0 || /[^a-z0-9]/.test(letters[at - 1] ?? '')) score += 6;
    score -= Math.min(at - from, 5);
    previous = at;
    from = at + 1;
  }
  return score - text.length / 100;
}

/** The items that answer the query, best first; all, in their order, for an empty one. */
export function fuzzyFilter<Item>(
  query: string,
  items: readonly Item[],
  textOf: (item: Item) => string,
): readonly Item[] {
  if (query.trim() === '') return items;
  return items
    .map((item) => ({ item, score: fuzzyScore(query, textOf(item)) }))
    .filter((each): each is { item: Item; score: number } => each.score !== undefined)
    .sort((one, other) => other.score - one.score)
    .map(({ item }) => item);
}
