import type { Node } from './node.ts';

/** The nodes of a tree, shared ones as often as they show, counted no further than `limit`. */
export function countNodes(node: Node, limit: number): number {
  if (node.kind === 'scalar') return 1;
  let count = 1;
  for (const child of node.kind === 'list' ? node.items : node.entries.values()) {
    if (count >= limit) return count;
    count += countNodes(child, limit - count);
  }
  return count;
}
