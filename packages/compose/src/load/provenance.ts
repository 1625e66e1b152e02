import type { Origin, Path } from '../diagnostics/diagnostic.ts';
import { keyOriginOf, type MapNode, type Node, originOf } from '../tree/node.ts';

/** The place that gave the value at a path of the model: its own, or that of the nearest thing around it. */
export function findOrigin(model: MapNode, path: Path): Origin | undefined {
  let node: Node = model;
  let placed: { readonly node: Node; readonly key: string } | undefined;
  for (const part of path) {
    const child = childOf(node, part);
    if (child === undefined) break;
    if (!isImplied(child, node)) placed = { node: child, key: String(part) };
    node = child;
  }
  if (placed === undefined) return undefined;
  return placed.node.kind === 'map' ? keyOriginOf(placed.node, placed.key) : originOf(placed.node);
}

/** What a stage put in stands where its cause stands. */
function isImplied(child: Node, parent: Node): boolean {
  return child.source === parent.source && child.start === parent.start && child.key === parent.key;
}

/** A named value may stand in a list, as `name=value`. */
function childOf(node: Node, part: string | number): Node | undefined {
  if (node.kind === 'map') return node.entries.get(String(part)) ?? node.entries.get(String(part).toLowerCase());
  if (node.kind === 'scalar') return undefined;
  if (typeof part === 'number') return node.items[part];
  return node.items.findLast((item) => {
    if (item.kind !== 'scalar') return false;
    const line = String(item.value);
    return line === part || line.startsWith(`${part}=`) || line.startsWith(`${part}:`);
  });
}
