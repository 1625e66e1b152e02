import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { list, type MapNode, map, type Node, typeInWords } from '../tree/node.ts';
import { toMapping } from './shapes.ts';

/** Address pools are merged by subnet, in docker compose's way: a pool that no override names is lost. */
export function mergeIpamConfig(base: Node, over: Node, path: Path): Node {
  if (base.kind !== 'list') throw notAList(base, path);
  if (over.kind !== 'list') throw notAList(over, path);
  const merged: MapNode[] = [];
  const indexOf = (subnet: unknown): number => merged.findIndex((pool) => subnetOf(pool) === subnet);
  for (const original of base.items) {
    let right = toMapping(original, path, 'nothing');
    for (const override of over.items) {
      const left = toMapping(override, path, 'nothing');
      if (subnetOf(left) !== subnetOf(right) && indexOf(subnetOf(left)) === -1) {
        merged.push(left);
        continue;
      }
      right = map(right, new Map([...right.entries, ...left.entries]));
      const known = indexOf(subnetOf(right));
      if (known === -1) merged.push(right);
      else merged[known] = right;
    }
  }
  return list(over, merged);
}

function subnetOf(pool: MapNode): unknown {
  const subnet = pool.entries.get('subnet');
  return subnet?.kind === 'scalar' ? subnet.value : subnet;
}

function notAList(node: Node, path: Path): ComposeError {
  return new ComposeError('value', `${formatPath(path)} must be a list, not ${typeInWords(node)}`, {
    path,
    place: node,
  });
}
