import type { ObservedNode } from '../../model/swarm/observed.ts';

/** Whether a node fulfils a constraint such as `node.labels.zone==a`, read as Swarm reads it. */
export function fulfils(node: ObservedNode, constraint: string): boolean {
  const match = /^\s*([a-z0-9._-]+)\s*(==|!=)\s*(.*?)\s*$/i.exec(constraint);
  if (match === null) return false;
  const [, key = '', operator, wanted = ''] = match;
  const equal =
    key.toLowerCase() === 'node.ip'
      ? withinAddresses(node.Status.Addr ?? '', wanted)
      : attribute(node, key).toLowerCase() === wanted.toLowerCase();
  return operator === '==' ? equal : !equal;
}

function attribute(node: ObservedNode, key: string): string {
  const { Description, Spec, ID } = node;
  switch (key.toLowerCase()) {
    case 'node.id':
      return ID;
    case 'node.hostname':
      return Description?.Hostname ?? '';
    case 'node.role':
      return Spec.Role ?? '';
    case 'node.platform.os':
      return Description?.Platform?.OS ?? '';
    case 'node.platform.arch':
      return Description?.Platform?.Architecture ?? '';
  }
  const [, place, label = ''] = /^(node|engine)\.labels\.(.+)$/i.exec(key) ?? [];
  const labels = (place?.toLowerCase() === 'node' ? Spec.Labels : Description?.Engine?.Labels) ?? {};
  return place !== undefined && Object.hasOwn(labels, label) ? (labels[label] ?? '') : '';
}

/** `10.0.0.5` or `10.0.0.0/24`. */
function withinAddresses(address: string, wanted: string): boolean {
  const [network = '', bits] = wanted.split('/');
  if (bits === undefined) return address.toLowerCase() === wanted.toLowerCase();
  const [have, base] = [numberOf(address), numberOf(network)];
  const length = Number(bits);
  if (have === undefined || base === undefined || !(length >= 0 && length <= 32)) return false;
  const size = 2 ** (32 - length);
  return Math.floor(have / size) === Math.floor(base / size);
}

function numberOf(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
