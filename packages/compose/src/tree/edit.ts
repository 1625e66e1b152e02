import { list, type MapNode, map, type Node } from './node.ts';

/** The map with one entry set. */
export function setEntry(node: MapNode, key: string, value: Node): MapNode {
  const entries = new Map(node.entries);
  entries.set(key, value);
  return map(node, entries);
}

/** The map without an entry. */
export function dropEntry(node: MapNode, key: string): MapNode {
  if (!node.entries.has(key)) return node;
  const entries = new Map(node.entries);
  entries.delete(key);
  return map(node, entries);
}

/** Changes every entry of a map, and shares the map where none changed. */
export function mapEntries(node: MapNode, change: (value: Node, key: string) => Node): MapNode {
  let changed: Map<string, Node> | undefined;
  for (const [key, value] of node.entries) {
    const next = change(value, key);
    if (next === value) continue;
    changed ??= new Map(node.entries);
    changed.set(key, next);
  }
  return changed === undefined ? node : map(node, changed);
}

/** Changes every item of a list or entry of a map; a scalar stays. */
export function mapChildren(node: Node, change: (value: Node, key: string | number) => Node): Node {
  switch (node.kind) {
    case 'scalar':
      return node;
    case 'map':
      return mapEntries(node, change);
    case 'list': {
      let changed: Node[] | undefined;
      for (let index = 0; index < node.items.length; index++) {
        const item = node.items[index]!;
        const next = change(item, index);
        if (next === item) continue;
        changed ??= [...node.items];
        changed[index] = next;
      }
      return changed === undefined ? node : list(node, changed);
    }
  }
}
