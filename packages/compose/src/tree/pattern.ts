/** A table of paths with `*` for any key, as a tree: one step per level instead of one test per pattern. */
export interface Pattern<Value> {
  readonly value: Value | undefined;
  readonly exact: ReadonlyMap<string, Pattern<Value>>;
  readonly any: Pattern<Value> | undefined;
}

interface Growing<Value> {
  value: Value | undefined;
  exact: Map<string, Growing<Value>>;
  any: Growing<Value> | undefined;
}

/** Builds the tree of `['services.*.build', value]` and the like. `[]` stands for an element of a list. */
export function patterns<Value>(table: readonly (readonly [string, Value])[]): Pattern<Value> {
  const root = grow<Value>();
  for (const [path, value] of table) {
    let at = root;
    for (const part of path.split('.')) {
      if (part === '*') {
        at.any ??= grow<Value>();
        at = at.any;
      } else {
        let next = at.exact.get(part);
        if (next === undefined) {
          next = grow<Value>();
          at.exact.set(part, next);
        }
        at = next;
      }
    }
    at.value = value;
  }
  return root;
}

function grow<Value>(): Growing<Value> {
  return { value: undefined, exact: new Map(), any: undefined };
}

/** The patterns that go on after this key; undefined where none does. */
export function step<Value>(pattern: Pattern<Value> | undefined, key: string): Pattern<Value> | undefined {
  return pattern === undefined ? undefined : (pattern.exact.get(key) ?? pattern.any);
}
