/** Replaces tokens by what they stand for, in every text of a tree of plain data. */
export function replaceTokens<Tree>(tree: Tree, values: ReadonlyMap<string, string>): Tree {
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') {
      let text = value;
      for (const [token, replacement] of values) text = text.replaceAll(token, replacement);
      return text;
    }
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replace(entry)]));
    }
    return value;
  };
  return replace(tree) as Tree;
}
