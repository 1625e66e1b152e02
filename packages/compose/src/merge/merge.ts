import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { isNothing, list, type MapNode, map, type Node, typeInWords } from '../tree/node.ts';
import { type Pattern, patterns, step } from '../tree/pattern.ts';
import { mergeIpamConfig } from './ipam.ts';
import { toMapping, toSequence } from './shapes.ts';

type Merger = (base: Node, over: Node, path: Path, pattern: Pattern<Merger> | undefined) => Node;

const concatenate: Merger = (base, over) => list(over, [...toSequence(base), ...toSequence(over)]);

const mergers: Pattern<Merger> = patterns<Merger>([
  ['networks.*.ipam.config', (base, over, path) => mergeIpamConfig(base, over, path)],
  ['networks.*.labels', concatenate],
  ['volumes.*.labels', concatenate],
  ['services.*.annotations', concatenate],
  ['services.*.build', mergeBuild],
  ['services.*.build.args', concatenate],
  ['services.*.build.additional_contexts', concatenate],
  ['services.*.build.extra_hosts', mergeExtraHosts],
  ['services.*.build.labels', concatenate],
  ['services.*.command', replace],
  ['services.*.depends_on', mergeDependsOn],
  ['services.*.deploy.labels', concatenate],
  ['services.*.dns', concatenate],
  ['services.*.dns_opt', concatenate],
  ['services.*.dns_search', concatenate],
  ['services.*.entrypoint', replace],
  ['services.*.env_file', concatenate],
  ['services.*.label_file', concatenate],
  ['services.*.environment', concatenate],
  ['services.*.extra_hosts', mergeExtraHosts],
  ['services.*.healthcheck.test', replace],
  ['services.*.labels', concatenate],
  ['services.*.volumes.*.volume.labels', concatenate],
  ['services.*.logging', mergeLogging],
  ['services.*.models', mergeNamed],
  ['services.*.networks', mergeNamed],
  ['services.*.sysctls', concatenate],
  ['services.*.tmpfs', concatenate],
  ['services.*.ulimits.*', replace],
]);

const servicePattern = step(step(mergers, 'services'), 'x');

/** What two models say together, the second having the last word. */
export function mergeModels(base: MapNode, over: MapNode): MapNode {
  return mergeMaps(base, over, [], mergers);
}

/** What a service says on top of the one it extends. */
export function mergeService(base: MapNode, over: MapNode, path: Path): MapNode {
  return mergeMaps(base, over, path, servicePattern);
}

function mergeNodes(base: Node, over: Node, path: Path, pattern: Pattern<Merger> | undefined): Node {
  const special = pattern?.value;
  if (special !== undefined) return special(base, over, path, pattern);
  if (isNothing(over)) return base;
  if (base.kind === 'map') {
    if (over.kind !== 'map') throw cannotOverride(base, over, path);
    return mergeMaps(base, over, path, pattern);
  }
  if (base.kind === 'list') {
    if (over.kind !== 'list') throw cannotOverride(base, over, path);
    return list(over, [...base.items, ...over.items]);
  }
  return over;
}

function mergeMaps(base: MapNode, over: MapNode, path: Path, pattern: Pattern<Merger> | undefined): MapNode {
  if (over.entries.size === 0) return base;
  if (base.entries.size === 0) return over;
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const existing = entries.get(key);
    entries.set(key, existing === undefined ? value : mergeNodes(existing, value, [...path, key], step(pattern, key)));
  }
  return map(over, entries);
}

function cannotOverride(base: Node, over: Node, path: Path): ComposeError {
  return new ComposeError(
    'value',
    `${formatPath(path)} is ${typeInWords(base)} before, so it cannot become ${typeInWords(over)}`,
    { path, place: over },
  );
}

function replace(_base: Node, over: Node): Node {
  return over;
}

function mergeBuild(base: Node, over: Node, path: Path, pattern: Pattern<Merger> | undefined): Node {
  const long = (node: Node): MapNode => {
    if (node.kind === 'map') return node;
    if (node.kind === 'scalar' && node.type === 'string') return map(node, new Map([['context', node]]));
    if (isNothing(node)) return map(node, new Map());
    throw new ComposeError('value', `${formatPath(path)} must be a mapping or a string, not ${typeInWords(node)}`, {
      path,
      place: node,
    });
  };
  return mergeMaps(long(base), long(over), path, pattern);
}

function mergeDependsOn(base: Node, over: Node, path: Path, pattern: Pattern<Merger> | undefined): Node {
  return mergeMaps(toMapping(base, path, 'dependency'), toMapping(over, path, 'dependency'), path, pattern);
}

function mergeNamed(base: Node, over: Node, path: Path, pattern: Pattern<Merger> | undefined): Node {
  return mergeMaps(toMapping(base, path, 'nothing'), toMapping(over, path, 'nothing'), path, pattern);
}

function mergeExtraHosts(base: Node, over: Node): Node {
  const first = toSequence(base);
  const known = new Set(first.map((item) => (item.kind === 'scalar' ? item.value : item)));
  const added = toSequence(over).filter((item) => item.kind !== 'scalar' || !known.has(item.value));
  return list(over, [...first, ...added]);
}

/** The options of a log driver mean nothing to another driver. */
function mergeLogging(base: Node, over: Node, path: Path, pattern: Pattern<Merger> | undefined): Node {
  if (isNothing(over)) return base;
  if (base.kind !== 'map') return over;
  if (over.kind !== 'map') throw cannotOverride(base, over, path);
  const before = base.entries.get('driver');
  const after = over.entries.get('driver');
  const same = before === undefined || after === undefined || scalarOf(before) === scalarOf(after);
  return same ? mergeMaps(base, over, path, pattern) : over;
}

function scalarOf(node: Node): unknown {
  return node.kind === 'scalar' ? node.value : node;
}
