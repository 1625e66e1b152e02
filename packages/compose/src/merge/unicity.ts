import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { parseVolumeSpec } from '../syntax/volume-spec.ts';
import { mapEntries } from '../tree/edit.ts';
import { isText, type ListNode, list, type MapNode, type Node, textAt, typeInWords } from '../tree/node.ts';
import { type Pattern, patterns, step } from '../tree/pattern.ts';

/** The identity of an element; elements of one identity are one. */
type Identity = (item: Node, path: Path) => string;

const identities: Pattern<Identity> = patterns<Identity>([
  ['networks.*.labels', byName],
  ['networks.*.ipam.options', byName],
  ['services.*.annotations', byName],
  ['services.*.build.args', byName],
  ['services.*.build.additional_contexts', byName],
  ['services.*.build.platform', byName],
  ['services.*.build.tags', byName],
  ['services.*.build.labels', byName],
  ['services.*.cap_add', byName],
  ['services.*.cap_drop', byName],
  ['services.*.configs', byTarget('')],
  ['services.*.deploy.labels', byName],
  ['services.*.devices', byDeviceTarget],
  ['services.*.dns', byName],
  ['services.*.dns_opt', byName],
  ['services.*.dns_search', byName],
  ['services.*.environment', byName],
  ['services.*.env_file', byFilePath],
  ['services.*.expose', byNumber],
  ['services.*.labels', byName],
  ['services.*.links', byName],
  ['services.*.networks.*.aliases', byName],
  ['services.*.networks.*.link_local_ips', byName],
  ['services.*.ports', byPort],
  ['services.*.profiles', byName],
  ['services.*.secrets', byTarget('/run/secrets')],
  ['services.*.sysctls', byName],
  ['services.*.tmpfs', byName],
  ['services.*.volumes', byVolumeTarget],
]);

/** Of elements that mean the same the last one stays, in the place of the first. */
export function enforceUnicity(model: MapNode): MapNode {
  return visit(model, [], identities) as MapNode;
}

function visit(node: Node, path: Path, pattern: Pattern<Identity> | undefined): Node {
  if (pattern === undefined || node.kind === 'scalar') return node;
  if (node.kind === 'map') return mapEntries(node, (child, key) => visit(child, [...path, key], step(pattern, key)));
  return pattern.value === undefined ? node : unique(node, path, pattern.value);
}

function unique(node: ListNode, path: Path, identity: Identity): ListNode {
  const places = new Map<string, number>();
  const items: Node[] = [];
  for (const [index, item] of node.items.entries()) {
    const id = identity(item, [...path, index]);
    const place = places.get(id);
    if (place === undefined) {
      places.set(id, items.length);
      items.push(item);
    } else items[place] = item;
  }
  return items.length === node.items.length ? node : list(node, items);
}

function unexpected(item: Node, path: Path): ComposeError {
  return new ComposeError('value', `${formatPath(path)} cannot be ${typeInWords(item)}`, { path, place: item });
}

function missing(what: string, item: Node, path: Path): ComposeError {
  return new ComposeError('value', `${formatPath(path)} has no ${what}`, { path, place: item });
}

function byName(item: Node, path: Path): string {
  if (!isText(item)) throw unexpected(item, path);
  const equals = item.value.indexOf('=');
  return equals === -1 ? item.value : item.value.slice(0, equals);
}

function byNumber(item: Node, path: Path): string {
  if (item.kind !== 'scalar' || (item.type !== 'string' && item.type !== 'int')) throw unexpected(item, path);
  return String(item.value);
}

function byVolumeTarget(item: Node, path: Path): string {
  if (isText(item)) return parseVolumeSpec(item.value, item, path).target;
  if (item.kind !== 'map') return '';
  const target = textAt(item, 'target');
  if (target === undefined) throw missing('target', item, path);
  return target;
}

function byDeviceTarget(item: Node, path: Path): string {
  if (isText(item)) {
    const parts = item.value.split(':');
    return parts[1] ?? parts[0] ?? '';
  }
  if (item.kind !== 'map') return '';
  const target = textAt(item, 'target');
  if (target === undefined) throw missing('target', item, path);
  return target;
}

function byTarget(folder: string): Identity {
  return (item, path) => {
    if (isText(item)) return `${folder}/${item.value}`;
    if (item.kind !== 'map') throw unexpected(item, path);
    const target = item.entries.get('target');
    if (target === undefined) return `${folder}/${textAt(item, 'source') ?? ''}`;
    if (!isText(target)) throw unexpected(target, [...path, 'target']);
    return target.value;
  };
}

function byFilePath(item: Node, path: Path): string {
  if (isText(item)) return item.value;
  if (item.kind !== 'map') return '';
  const file = textAt(item, 'path');
  if (file === undefined) throw missing('path', item, path);
  return file;
}

/** Short forms are compared as they are written; they meet the long forms again once they are canonical. */
function byPort(item: Node, path: Path): string {
  if (item.kind === 'scalar') return item.type === 'string' || item.type === 'int' ? String(item.value) : '';
  if (item.kind !== 'map') return '';
  const target = item.entries.get('target');
  if (target === undefined) throw missing('target', item, path);
  const part = (key: string, fallback: string): string => {
    const node = item.entries.get(key);
    return node?.kind === 'scalar' ? `${node.type === 'string' ? '' : node.type}${String(node.value)}` : fallback;
  };
  const port = target.kind === 'scalar' ? String(target.value) : '';
  return `${part('host_ip', '0.0.0.0')}:${part('published', '(none)')}:${port}/${part('protocol', 'tcp')}`;
}
