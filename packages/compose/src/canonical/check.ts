import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { isIpAddress } from '../syntax/ip-address.ts';
import { isText, type MapNode, type Node, quotable } from '../tree/node.ts';
import { type Pattern, patterns, step } from '../tree/pattern.ts';

type Check = (node: Node, path: Path) => void;

const checks: Pattern<Check> = patterns<Check>([
  ['volumes.*', checkExternal],
  ['configs.*', checkFileObject(['file', 'environment', 'content'])],
  ['secrets.*', checkFileObject(['file', 'environment'])],
  ['services.*.ports.*', checkHostIp],
  ['services.*.develop.watch.*.path', checkNotEmpty],
  ['services.*.deploy.resources.reservations.devices.*', checkDeviceRequest],
  ['services.*.gpus.*', checkDeviceRequest],
]);

/** Looks at what no schema can say: keys that exclude each other, addresses. */
export function checkModel(model: MapNode): void {
  visit(model, [], checks);
}

function visit(node: Node, path: Path, pattern: Pattern<Check> | undefined): void {
  if (pattern === undefined || node.kind === 'scalar') {
    if (pattern?.value !== undefined) pattern.value(node, path);
    return;
  }
  if (pattern.value !== undefined) pattern.value(node, path);
  else if (node.kind === 'map') {
    for (const [key, child] of node.entries) visit(child, [...path, key], step(pattern, key));
  } else {
    const inner = step(pattern, '[]');
    for (const [index, child] of node.items.entries()) visit(child, [...path, index], inner);
  }
}

function checkExternal(node: Node, path: Path): void {
  if (node.kind !== 'map') return;
  const external = node.entries.get('external');
  if (external?.kind !== 'scalar' || external.value !== true) return;
  for (const [key, child] of node.entries) {
    if (key === 'name' || key === 'external' || key.startsWith('x-')) continue;
    throw new ComposeError('value', `${formatPath(path)} is external, so it cannot have ${key}`, {
      path,
      place: child,
    });
  }
}

function checkFileObject(sources: readonly string[]): Check {
  return (node, path) => {
    if (node.kind !== 'map') return;
    const given = sources.filter((key) => node.entries.has(key));
    if (given.length > 1) {
      throw new ComposeError('value', `${formatPath(path)} can have only one of ${sources.join(', ')}`, {
        path,
        place: node,
      });
    }
    if (given.length === 0 && !node.entries.has('driver') && !node.entries.has('external')) {
      throw new ComposeError('value', `${formatPath(path)} needs one of ${sources.join(', ')}`, { path, place: node });
    }
  };
}

function checkHostIp(node: Node, path: Path): void {
  if (node.kind !== 'map') return;
  const address = node.entries.get('host_ip');
  if (address !== undefined && !(isText(address) && isIpAddress(address.value))) {
    throw new ComposeError('value', `${formatPath(path)}: ${quotable(address)} is not an IP address`, {
      path,
      place: address,
    });
  }
}

function checkNotEmpty(node: Node, path: Path): void {
  if (!isText(node) || node.value === '') {
    throw new ComposeError('value', `${formatPath(path)} cannot be empty`, { path, place: node });
  }
}

function checkDeviceRequest(node: Node, path: Path): void {
  if (node.kind === 'map' && node.entries.has('count') && node.entries.has('device_ids')) {
    throw new ComposeError('value', `${formatPath(path)} can have only one of count and device_ids`, {
      path,
      place: node,
    });
  }
}
