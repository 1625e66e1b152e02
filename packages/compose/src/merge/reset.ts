import type { Path } from '../diagnostics/diagnostic.ts';
import { type MapNode, map, type Node } from '../tree/node.ts';

/** Takes out of a model what `!reset` and `!override` name. Elements of lists cannot be named. */
export function applyResets(model: MapNode, resets: readonly Path[]): MapNode {
  let result = model;
  for (const path of resets) result = without(result, path, 0);
  return result;
}

function without(node: MapNode, path: Path, depth: number): MapNode {
  const part = path[depth];
  if (typeof part !== 'string') return node;
  if (part === '*') {
    let result = node;
    for (const key of node.entries.keys()) result = withoutKey(result, key, path, depth);
    return result;
  }
  return withoutKey(node, part, path, depth);
}

function withoutKey(node: MapNode, key: string, path: Path, depth: number): MapNode {
  const child = node.entries.get(key);
  if (child === undefined) return node;
  const entries = new Map<string, Node>(node.entries);
  if (depth === path.length - 1) entries.delete(key);
  else if (child.kind === 'map') entries.set(key, without(child, path, depth + 1));
  else return node;
  return map(node, entries);
}
