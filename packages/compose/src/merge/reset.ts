import type { Path } from '../diagnostics/diagnostic.ts';
import { type MapNode, map, type Node } from '../tree/node.ts';

/** Paths to clear as one tree, so that a map is copied once and not for every path. */
interface Cut {
  clears: boolean;
  readonly below: Map<string, Cut>;
}

/** Takes out of a model what `!reset` and `!override` name. Elements of lists cannot be named. */
export function applyResets(model: MapNode, resets: readonly Path[]): MapNode {
  const root: Cut = { clears: false, below: new Map() };
  for (const path of resets) add(root, path);
  return root.below.size === 0 ? model : cutMap(model, [root]);
}

function add(root: Cut, path: Path): void {
  if (!path.every((part) => typeof part === 'string')) return;
  let at = root;
  for (const part of path) {
    const next = at.below.get(part) ?? { clears: false, below: new Map() };
    at.below.set(part, next);
    at = next;
  }
  at.clears = true;
}

/** `*` in a path is every key, so that several cuts may apply to one map. */
function cutMap(node: MapNode, cuts: readonly Cut[]): MapNode {
  const touched = cuts.some(({ below }) => below.has('*'))
    ? [...node.entries.keys()]
    : cuts.flatMap(({ below }) => [...below.keys()]).filter((key) => node.entries.has(key));
  if (touched.length === 0) return node;
  const entries = new Map<string, Node>(node.entries);
  for (const key of touched) {
    const inner = cuts.flatMap(({ below }) => [below.get(key), below.get('*')].filter((cut) => cut !== undefined));
    const child = node.entries.get(key);
    if (inner.some(({ clears }) => clears)) entries.delete(key);
    else if (child?.kind === 'map') entries.set(key, cutMap(child, inner));
  }
  return map(node, entries);
}
