import type { Node } from './node.ts';

/** Whether two nodes say the same, wherever they are written. */
export function nodesEqual(left: Node, right: Node): boolean {
  if (left === right) return true;
  if (left.kind === 'scalar')
    return right.kind === 'scalar' && left.type === right.type && Object.is(left.value, right.value);
  if (left.kind === 'list') {
    return (
      right.kind === 'list' &&
      left.items.length === right.items.length &&
      left.items.every((item, index) => nodesEqual(item, right.items[index]!))
    );
  }
  if (right.kind !== 'map' || left.entries.size !== right.entries.size) return false;
  for (const [key, child] of left.entries) {
    const other = right.entries.get(key);
    if (other === undefined || !nodesEqual(child, other)) return false;
  }
  return true;
}
