import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { cleanPath } from '../paths/posix.ts';
import { type PortBinding, parsePortSpec } from '../syntax/port-spec.ts';
import { parseVolumeSpec } from '../syntax/volume-spec.ts';
import { bool, isText, list, map, type Node, quotable, scalar, text, typeInWords } from '../tree/node.ts';

/** The long form of a mount. */
export function longVolume(node: Node, path: Path, context: { readonly lenient: boolean }): Node {
  if (node.kind === 'map') return node;
  if (!isText(node)) {
    throw new ComposeError('value', `${formatPath(path)} must be a string or a mapping, not ${typeInWords(node)}`, {
      path,
      place: node,
    });
  }
  try {
    return expandVolume(node, path);
  } catch (thrown) {
    if (context.lenient && thrown instanceof ComposeError) return node;
    throw thrown;
  }
}

function expandVolume(node: Node & { readonly value: string }, path: Path): Node {
  const spec = parseVolumeSpec(node.value, node, path);
  const entries = new Map<string, Node>([['type', text(node, spec.type)]]);
  if (spec.source !== '') entries.set('source', text(node, spec.source));
  if (spec.target !== '') entries.set('target', text(node, cleanPath(spec.target)));
  if (spec.readOnly) entries.set('read_only', bool(node, true));
  if (spec.bind !== undefined || spec.type === 'bind') {
    const bind = new Map<string, Node>();
    for (const [key, value] of Object.entries(spec.bind ?? {})) bind.set(key, text(node, value));
    if (spec.type === 'bind') bind.set('create_host_path', bool(node, true));
    entries.set('bind', map(node, bind));
  }
  if (spec.nocopy || (spec.type === 'volume' && !spec.bare)) {
    entries.set('volume', map(node, spec.nocopy ? new Map([['nocopy', bool(node, true)]]) : new Map()));
  }
  return map(node, entries);
}

const valuesOfPort = 5;

/** The long forms of all ports; a range becomes several. */
export function longPorts(
  node: Node,
  path: Path,
  context: { readonly lenient: boolean; readonly spend: (values: number, place: Node) => void },
): Node {
  if (node.kind !== 'list') {
    throw new ComposeError('value', `${formatPath(path)} must be a list, not ${typeInWords(node)}`, {
      path,
      place: node,
    });
  }
  if (node.items.every((item) => item.kind === 'map')) return node;
  const ports: Node[] = [];
  for (const [index, item] of node.items.entries()) {
    if (item.kind === 'map') {
      ports.push(item);
      continue;
    }
    if (item.kind === 'list' || (item.type !== 'string' && item.type !== 'int')) {
      throw new ComposeError('value', `${formatPath([...path, index])} must be a port, not ${typeInWords(item)}`, {
        path: [...path, index],
        place: item,
      });
    }
    const spec = parsePortSpec(String(item.value));
    if (!spec.ok) {
      if (context.lenient) return node;
      throw new ComposeError('value', `the port ${quotable(item)} cannot be read: ${spec.reason}`, {
        path: [...path, index],
        place: item,
      });
    }
    context.spend(valuesOfPort * spec.bindings.length, item);
    for (const binding of spec.bindings) ports.push(expandPort(item, binding));
  }
  return list(node, ports);
}

function expandPort(node: Node, binding: PortBinding): Node {
  const entries = new Map<string, Node>([
    ['mode', text(node, 'ingress')],
    ['target', scalar(node, 'int', binding.target)],
    ['protocol', text(node, binding.protocol)],
  ]);
  if (binding.hostIp !== '') entries.set('host_ip', text(node, binding.hostIp));
  if (binding.published !== '') entries.set('published', text(node, binding.published));
  return map(node, entries);
}
