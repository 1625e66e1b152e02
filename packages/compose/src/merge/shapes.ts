import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { formatGoNode } from '../tree/go-format.ts';
import { bool, isNothing, isText, type MapNode, map, type Node, nothing, text, typeInWords } from '../tree/node.ts';
import { compareCodePoints } from '../tree/order.ts';

/** The list that a mapping, a list or a string stands for: `{k: v}` is `[k=v]`, sorted. */
export function toSequence(node: Node): readonly Node[] {
  if (node.kind === 'list') return node.items;
  if (node.kind === 'scalar') return node.type === 'string' ? [node] : [];
  const items: { readonly line: string; readonly node: Node }[] = [];
  for (const [key, value] of node.entries) {
    if (isNothing(value)) items.push({ line: key, node: value });
    else if (value.kind === 'list') {
      for (const item of value.items) items.push({ line: `${key}=${formatGoNode(item)}`, node: item });
    } else items.push({ line: `${key}=${formatGoNode(value)}`, node: value });
  }
  items.sort((left, right) => compareCodePoints(left.line, right.line));
  return items.map((item) => text(item.node, item.line));
}

/** The mapping that a list of names stands for, each name with its default. */
export function toMapping(node: Node, path: Path, defaults: 'nothing' | 'dependency'): MapNode {
  if (node.kind === 'map') return node;
  if (node.kind === 'scalar') return map(node, new Map());
  const entries = new Map<string, Node>();
  for (const item of node.items) {
    if (!isText(item)) {
      throw new ComposeError('value', `${formatPath(path)} must hold names, not ${typeInWords(item)}`, {
        path,
        place: item,
      });
    }
    entries.set(item.value, defaults === 'nothing' ? nothing(item) : dependency(item));
  }
  return map(node, entries);
}

/** What the short form of a dependency means. */
export function dependency(place: Node): MapNode {
  return map(
    place,
    new Map<string, Node>([
      ['condition', text(place, 'service_started')],
      ['required', bool(place, true)],
    ]),
  );
}
