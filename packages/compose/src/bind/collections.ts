import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { formatGoNode } from '../tree/go-format.ts';
import { isNothing, isText, type Node, quotable, textAt } from '../tree/node.ts';
import { compareCodePoints } from '../tree/order.ts';
import { boolOf, listOf, stringOf, textOf, wrong } from './scalars.ts';

type Keyed = Record<string, unknown>;

/** Names and values, from a mapping or (options and plain maps aside) a list of `name=value`, sorted. */
export function bindKeyed(
  node: Node,
  kind: 'mapping' | 'environment' | 'options' | 'string-map',
  path: Path,
): Keyed | undefined {
  const found = new Map<string, string | null>();
  if (node.kind === 'map') {
    for (const [key, child] of node.entries) found.set(key, keyedValue(child, kind, [...path, key]));
  } else if (node.kind === 'list' && (kind === 'mapping' || kind === 'environment')) {
    for (const item of node.items) {
      const line = formatGoNode(item);
      const equals = line.indexOf('=');
      const key = equals === -1 ? line : line.slice(0, equals);
      if (kind === 'environment' && /\s$/.test(key)) {
        throw new ComposeError('value', `${formatPath(path)}: the name in ${quotable(item)} ends with a space`, {
          path,
          place: item,
        });
      }
      found.set(key, equals === -1 ? (kind === 'environment' ? null : '') : line.slice(equals + 1));
    }
  } else throw wrong(node, path, kind === 'options' || kind === 'string-map' ? 'a mapping' : 'a mapping or a list');
  return sorted(found);
}

function keyedValue(node: Node, kind: 'mapping' | 'environment' | 'options' | 'string-map', path: Path): string | null {
  if (isNothing(node)) return kind === 'environment' ? null : '';
  return kind === 'string-map' ? stringOf(node, path) : formatGoNode(node);
}

/** Options that may be given several times. */
export function bindMultiOptions(node: Node, path: Path): Keyed | undefined {
  if (node.kind !== 'map') throw wrong(node, path, 'a mapping');
  const found = new Map<string, readonly string[]>();
  for (const [key, child] of node.entries) {
    const values = child.kind === 'list' ? child.items.map(formatGoNode) : [formatGoNode(child)];
    if (values.length > 0) found.set(key, values);
  }
  return sorted(found);
}

/** A long name with many addresses is written out once for each. */
const mostHostCharacters = 8 * 1024 * 1024;

/** `host=ip` lines, sorted; brackets around addresses are taken off. */
export function bindHosts(node: Node, path: Path): readonly string[] | undefined {
  const hosts = new Map<string, string[]>();
  if (node.kind === 'map') {
    for (const [host, child] of node.entries) hosts.set(host, addressesOf(child, [...path, host]));
  } else {
    for (const item of listOf(node, path)) {
      const line = formatGoNode(item);
      const at = line.includes('=') ? line.indexOf('=') : line.indexOf(':');
      if (at === -1) {
        throw new ComposeError('value', `${formatPath(path)}: ${quotable(item)} names no address`, {
          path,
          place: item,
        });
      }
      const host = line.slice(0, at);
      hosts.set(host, [...(hosts.get(host) ?? []), ...line.slice(at + 1).split(',')]);
    }
  }
  const lines: string[] = [];
  for (const [host, addresses] of hosts) {
    if (host === '' || /[:=]/.test(host)) {
      throw new ComposeError('value', `${formatPath(path)}: ${JSON.stringify(host)} is not the name of a host`, {
        path,
        place: node,
      });
    }
    if (host.length * addresses.length > mostHostCharacters) {
      throw new ComposeError('limit', `${formatPath(path)} grows beyond what is allowed`, { path, place: node });
    }
    for (const address of addresses) lines.push(`${host}=${withoutBrackets(address)}`);
  }
  return lines.length === 0 ? undefined : lines.sort(compareCodePoints);
}

function addressesOf(node: Node, path: Path): string[] {
  if (isNothing(node)) return [''];
  if (node.kind === 'list') return node.items.map(formatGoNode);
  return [textOf(node, path)];
}

function withoutBrackets(address: string): string {
  return address.length > 2 && address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
}

/** Keys of the builder's agent, as docker compose prints them. */
export function bindSsh(node: Node, path: Path): readonly string[] | undefined {
  if (node.kind !== 'map') throw wrong(node, path, 'a mapping');
  const keys: string[] = [];
  for (const id of [...node.entries.keys()].sort(compareCodePoints)) {
    const child = node.entries.get(id)!;
    const file = isNothing(child) ? '' : formatGoNode(child);
    keys.push(file === '' ? id : `${id}: ${file}`);
  }
  return keys.length === 0 ? undefined : keys;
}

/** One number, or soft and hard limits without their zeros. */
export function bindUlimits(node: Node, path: Path): Keyed | undefined {
  if (node.kind !== 'map') throw wrong(node, path, 'a mapping');
  const found = new Map<string, unknown>();
  for (const [name, child] of node.entries) found.set(name, ulimitOf(child, [...path, name]));
  return sorted(found);
}

function ulimitOf(node: Node, path: Path): unknown {
  if (isNothing(node)) return null;
  const limit: Keyed = {};
  if (node.kind === 'map') {
    for (const side of ['soft', 'hard']) {
      const child = node.entries.get(side);
      const value = child === undefined ? 0 : integerOf(child, [...path, side]);
      if (value !== 0) limit[side] = value;
    }
    return limit;
  }
  const single = integerOf(node, path);
  return single === 0 ? limit : single;
}

function integerOf(node: Node, path: Path): number {
  if (node.kind === 'scalar' && node.type === 'int') return Number(node.value);
  throw wrong(node, path, 'an integer');
}

/** A required file is its path, any other one a mapping. */
export function bindEnvFiles(node: Node, path: Path): readonly unknown[] | undefined {
  const files = listOf(node, path).map((item) => {
    const entry: Keyed = {};
    if (item.kind !== 'map') return entry;
    const file = textAt(item, 'path') ?? '';
    const required = item.entries.get('required');
    const isRequired = required !== undefined && boolOf(required, [...path, 'required']);
    if (isRequired && textAt(item, 'format') === undefined) return file;
    if (file !== '') entry.path = file;
    entry.required = isRequired;
    const format = item.entries.get('format');
    if (isText(format) && format.value !== '') entry.format = format.value;
    return entry;
  });
  return files.length === 0 ? undefined : files;
}

function sorted(found: ReadonlyMap<string, unknown>): Keyed | undefined {
  if (found.size === 0) return undefined;
  const keyed = Object.create(null) as Keyed;
  for (const key of [...found.keys()].sort(compareCodePoints)) keyed[key] = found.get(key);
  return keyed;
}
