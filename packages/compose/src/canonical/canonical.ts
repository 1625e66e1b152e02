import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { dependency } from '../merge/shapes.ts';
import { mapChildren, mapEntries, setEntry } from '../tree/edit.ts';
import { formatGoNode } from '../tree/go-format.ts';
import {
  bool,
  isInt,
  isNothing,
  isText,
  list,
  type MapNode,
  map,
  type Node,
  nothing,
  quotable,
  text,
  typeInWords,
} from '../tree/node.ts';
import { type Pattern, patterns, step } from '../tree/pattern.ts';
import { longPorts, longVolume } from './mounts-and-ports.ts';

/** What the stage knows besides the tree. */
export interface CanonicalContext {
  /** Short forms that cannot be read stay, because their variables were not replaced. */
  readonly lenient: boolean;
  readonly warn: (error: ComposeError) => void;
  /** Called with the number of values that a short form becomes, before it does. */
  readonly spend: (values: number, place: Node) => void;
}

type Transform = (node: Node, path: Path, context: CanonicalContext, inner: Pattern<Transform> | undefined) => Node;

const transforms: Pattern<Transform> = patterns<Transform>([
  ['services.*', (node, path, context, inner) => (node.kind === 'map' ? children(node, path, context, inner) : node)],
  ['services.*.build', longBuild],
  ['services.*.build.secrets.*', longFileReference],
  ['services.*.build.provenance', printed],
  ['services.*.build.sbom', printed],
  ['services.*.build.additional_contexts', keyValues],
  ['services.*.build.ssh', sshKeys],
  ['services.*.build.ulimits.*', ulimit],
  ['services.*.depends_on', longDependencies],
  ['services.*.env_file', longEnvFiles],
  ['services.*.label_file', stringOrList],
  ['services.*.extends', longExtends],
  ['services.*.gpus', longGpus],
  ['services.*.networks', namesToMap],
  ['services.*.models', namesToMap],
  ['services.*.volumes.*', longVolume],
  ['services.*.dns', stringOrList],
  ['services.*.devices.*', longDevice],
  ['services.*.secrets.*', longFileReference],
  ['services.*.configs.*', longFileReference],
  ['services.*.ports', longPorts],
  ['services.*.ulimits.*', ulimit],
  ['services.*.develop.watch.*.ignore', stringOrList],
  ['services.*.develop.watch.*.include', stringOrList],
  ['volumes.*', maybeExternal],
  ['networks.*', maybeExternal],
  ['secrets.*', maybeExternal],
  ['configs.*', maybeExternal],
  ['include.*', (node) => (isText(node) ? map(node, new Map([['path', node]])) : node)],
]);

/** Turns every short form into its long one. Long forms stay, so that it can run over a model again. */
export function canonicalize(model: MapNode, context: CanonicalContext): MapNode {
  return children(model, [], context, transforms) as MapNode;
}

function visit(node: Node, path: Path, context: CanonicalContext, pattern: Pattern<Transform> | undefined): Node {
  if (pattern === undefined) return node;
  return pattern.value === undefined
    ? children(node, path, context, pattern)
    : pattern.value(node, path, context, pattern);
}

function children(node: Node, path: Path, context: CanonicalContext, pattern: Pattern<Transform> | undefined): Node {
  return mapChildren(node, (child, key) =>
    visit(child, [...path, key], context, step(pattern, typeof key === 'number' ? '[]' : key)),
  );
}

function wrongType(node: Node, path: Path, wanted: string): ComposeError {
  return new ComposeError('value', `${formatPath(path)} must be ${wanted}, not ${typeInWords(node)}`, {
    path,
    place: node,
  });
}

function longBuild(node: Node, path: Path, context: CanonicalContext, inner: Pattern<Transform> | undefined): Node {
  if (node.kind === 'map') return children(node, path, context, inner);
  if (isText(node)) return map(node, new Map([['context', node]]));
  throw wrongType(node, path, 'a path or a mapping');
}

function longExtends(node: Node, path: Path): Node {
  if (node.kind === 'map') return node;
  if (isText(node)) return map(node, new Map([['service', node]]));
  throw wrongType(node, path, 'the name of a service or a mapping');
}

function longFileReference(node: Node, path: Path): Node {
  if (node.kind === 'map') return node;
  if (isText(node)) return map(node, new Map([['source', node]]));
  throw wrongType(node, path, 'a name or a mapping');
}

function printed(node: Node): Node {
  return isText(node) ? node : text(node, formatGoNode(node));
}

function keyValues(node: Node, path: Path, context: CanonicalContext): Node {
  if (node.kind === 'map') return node;
  if (node.kind !== 'list') throw wrongType(node, path, 'a mapping or a list');
  const entries = new Map<string, Node>();
  for (const item of node.items) {
    const value = isText(item) ? item.value : '';
    const equals = value.indexOf('=');
    if (equals === -1) {
      if (context.lenient) return node;
      throw new ComposeError('value', `${formatPath(path)}: ${quotable(item)} is not of the form name=value`, {
        path,
        place: item,
      });
    }
    entries.set(value.slice(0, equals), text(item, value.slice(equals + 1)));
  }
  return map(node, entries);
}

function sshKeys(node: Node, path: Path): Node {
  if (node.kind === 'map') return node;
  if (node.kind !== 'list') throw wrongType(node, path, 'a mapping or a list');
  const entries = new Map<string, Node>();
  for (const item of node.items) {
    if (!isText(item)) throw wrongType(item, path, 'a list of keys');
    const equals = item.value.indexOf('=');
    if (equals !== -1) entries.set(item.value.slice(0, equals), text(item, item.value.slice(equals + 1)));
    else if (item.value === 'default') entries.set('default', nothing(item));
    else {
      throw new ComposeError(
        'value',
        `${formatPath(path)}: the key ${quotable(item)} needs a path, only default does not`,
        {
          path,
          place: item,
        },
      );
    }
  }
  return map(node, entries);
}

function ulimit(node: Node, path: Path): Node {
  if (node.kind === 'map' || isInt(node)) return node;
  throw wrongType(node, path, 'an integer or a mapping');
}

function longDependencies(node: Node, path: Path): Node {
  if (node.kind === 'list') {
    const entries = new Map<string, Node>();
    for (const item of node.items) {
      if (!isText(item)) throw wrongType(item, path, 'a list of names');
      entries.set(item.value, dependency(item));
    }
    return map(node, entries);
  }
  if (node.kind !== 'map') throw wrongType(node, path, 'a list of names or a mapping');
  return mapEntries(node, (child, key) => {
    if (child.kind !== 'map') throw wrongType(child, [...path, key], 'a mapping');
    let result = child;
    if (!result.entries.has('condition')) result = setEntry(result, 'condition', text(child, 'service_started'));
    if (!result.entries.has('required')) result = setEntry(result, 'required', bool(child, true));
    return result;
  });
}

function longEnvFiles(node: Node, path: Path): Node {
  if (isText(node)) return list(node, [longEnvFile(node)]);
  if (node.kind !== 'list') throw wrongType(node, path, 'a path or a list');
  return mapChildren(node, longEnvFile);
}

function longEnvFile(node: Node): Node {
  if (isText(node)) {
    return map(
      node,
      new Map<string, Node>([
        ['path', node],
        ['required', bool(node, true)],
      ]),
    );
  }
  if (node.kind !== 'map') return nothing(node);
  return node.entries.has('required') ? node : setEntry(node, 'required', bool(node, true));
}

function stringOrList(node: Node): Node {
  return isText(node) ? list(node, [node]) : node;
}

function longGpus(node: Node, path: Path): Node {
  if (node.kind === 'list') return node;
  if (isText(node)) return list(node, [map(node, new Map([['count', text(node, 'all')]]))]);
  throw wrongType(node, path, 'all or a list');
}

function namesToMap(node: Node, path: Path): Node {
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Node>();
  for (const item of node.items) {
    if (!isText(item)) throw wrongType(item, path, 'a list of names');
    entries.set(item.value, nothing(item));
  }
  return map(node, entries);
}

function longDevice(node: Node, path: Path, context: CanonicalContext): Node {
  if (node.kind === 'map') return node;
  if (!isText(node)) throw wrongType(node, path, 'a string or a mapping');
  const parts = node.value.split(':');
  if (parts.length > 3 && !context.lenient) {
    throw new ComposeError('value', `the device ${quotable(node)} has too many colons; write it in the long form`, {
      path,
      place: node,
    });
  }
  const [source = '', target = '', permissions = 'rwm'] = parts.length > 3 ? [] : parts;
  return map(
    node,
    new Map<string, Node>([
      ['source', text(node, source)],
      ['target', text(node, target === '' ? source : target)],
      ['permissions', text(node, permissions)],
    ]),
  );
}

/** `external: {name: x}` is the old way to say `external: true, name: x`. */
function maybeExternal(node: Node, path: Path, context: CanonicalContext): Node {
  if (isNothing(node)) return node;
  if (node.kind !== 'map') throw wrongType(node, path, 'a mapping');
  const external = node.entries.get('external');
  if (external?.kind !== 'map') return node;
  const named = setEntry(node, 'external', bool(external, true));
  const oldName = external.entries.get('name');
  if (oldName === undefined) return named;
  context.warn(
    new ComposeError('obsolete', `${formatPath(path)}: external.name is old; write name and external: true`, {
      path,
      place: external,
    }),
  );
  const name = node.entries.get('name');
  if (name === undefined) return setEntry(named, 'name', oldName);
  if (name.kind === 'scalar' && oldName.kind === 'scalar' && name.value === oldName.value) return named;
  throw new ComposeError('value', `${formatPath(path)}: name and external.name differ; write only name`, {
    path,
    place: name,
  });
}

/** Takes the empty addresses out of every `dns`, which a variable may have left there. */
export function omitEmpty(model: MapNode): MapNode {
  const services = model.entries.get('services');
  if (services?.kind !== 'map') return model;
  const cleaned = mapEntries(services, (service) => {
    if (service.kind !== 'map') return service;
    const dns = service.entries.get('dns');
    if (dns?.kind !== 'list') return service;
    const items = dns.items.filter((item) => item.kind !== 'scalar' || (item.value !== '' && item.value !== null));
    return items.length === dns.items.length ? service : setEntry(service, 'dns', list(dns, items));
  });
  return cleaned === services ? model : setEntry(model, 'services', cleaned);
}
