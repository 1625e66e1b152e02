import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { mapChildren, setEntry } from '../tree/edit.ts';
import { type MapNode, type Node, text, typeInWords } from '../tree/node.ts';
import { type Pattern, patterns, step } from '../tree/pattern.ts';

type Default = (node: Node, path: Path) => Node;

const defaults: Pattern<Default> = patterns<Default>([
  ['services.*.build', (node) => withDefault(node, 'context', '.')],
  ['services.*.secrets.*', secretTarget],
  ['services.*.ports.*', (node) => withDefault(withDefault(node, 'protocol', 'tcp'), 'mode', 'ingress')],
  ['services.*.deploy.resources.reservations.devices.*', deviceCount],
  ['services.*.gpus.*', deviceCount],
]);

/** Puts in what docker compose takes for granted where the author says nothing. */
export function setDefaults(model: MapNode): MapNode {
  return visit(model, [], defaults) as MapNode;
}

function visit(node: Node, path: Path, pattern: Pattern<Default> | undefined): Node {
  if (pattern === undefined) return node;
  if (pattern.value !== undefined) return pattern.value(node, path);
  return mapChildren(node, (child, key) =>
    visit(child, [...path, key], step(pattern, typeof key === 'number' ? '[]' : key)),
  );
}

function withDefault(node: Node, key: string, value: string): Node {
  return node.kind !== 'map' || node.entries.has(key) ? node : setEntry(node, key, text(node, value));
}

function secretTarget(node: Node, path: Path): Node {
  if (node.kind !== 'map') {
    throw new ComposeError('value', `${formatPath(path)} must be a mapping, not ${typeInWords(node)}`, {
      path,
      place: node,
    });
  }
  if (node.entries.has('target')) return node;
  const source = node.entries.get('source');
  const name = source?.kind === 'scalar' ? String(source.value) : '';
  return setEntry(node, 'target', text(source ?? node, `/run/secrets/${name}`));
}

/** All devices, unless the author counts or names them. */
function deviceCount(node: Node, path: Path): Node {
  if (node.kind !== 'map') {
    throw new ComposeError('value', `${formatPath(path)} must be a mapping, not ${typeInWords(node)}`, {
      path,
      place: node,
    });
  }
  return node.entries.has('count') || node.entries.has('device_ids')
    ? node
    : setEntry(node, 'count', text(node, 'all'));
}
