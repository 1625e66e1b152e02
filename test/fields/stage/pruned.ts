/** A request body without what says nothing: null, empty, zero and false, which Go's encoder writes or leaves out at will. */
export function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((entry) => entry === 0) ? undefined : value.map(pruned);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([key]) => !key.startsWith('io.drover.'))
    .map(([key, entry]) => [key, pruned(entry)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => !isNothing(entry)));
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
