import { cleanPath } from '../paths/posix.ts';
import { mapEntries, setEntry } from '../tree/edit.ts';
import {
  bool,
  isNothing,
  isText,
  list,
  type MapNode,
  map,
  type Node,
  nothing,
  type Place,
  text,
  textAt,
} from '../tree/node.ts';

/** Moves what is implied into the open: default network, implicit dependencies, names of resources, bare variables. */
export function normalize(model: MapNode, projectName: string, environment: ReadonlyMap<string, string>): MapNode {
  let result = setEntry(model, 'name', text(model, projectName));
  result = joinDefaultNetwork(result);
  const services = result.entries.get('services');
  if (services?.kind === 'map') {
    result = setEntry(
      result,
      'services',
      mapEntries(services, (service) => (service.kind === 'map' ? normalizeService(service, environment) : service)),
    );
  }
  return nameResources(result, projectName);
}

function joinDefaultNetwork(model: MapNode): MapNode {
  const services = model.entries.get('services');
  if (services?.kind !== 'map') return model;
  let used = false;
  const joined = mapEntries(services, (service) => {
    if (service.kind !== 'map' || service.entries.has('provider') || service.entries.has('network_mode'))
      return service;
    const networks = service.entries.get('networks');
    if (networks?.kind === 'map' && networks.entries.size > 0) {
      used ||= networks.entries.has('default');
      return service;
    }
    used = true;
    return setEntry(service, 'networks', map(service, new Map([['default', nothing(service)]])));
  });
  const result = setEntry(model, 'services', joined);
  const declared = model.entries.get('networks');
  const networks = declared?.kind === 'map' ? declared : map(model, new Map());
  if (!used || networks.entries.has('default')) return result;
  return setEntry(result, 'networks', setEntry(networks, 'default', nothing(networks)));
}

function normalizeService(service: MapNode, environment: ReadonlyMap<string, string>): MapNode {
  let result = service;
  if (textAt(result, 'pull_policy') === 'if_not_present') {
    result = setEntry(result, 'pull_policy', text(result.entries.get('pull_policy')!, 'missing'));
  }
  const build = result.entries.get('build');
  if (build?.kind === 'map') result = setEntry(result, 'build', normalizeBuild(build, environment));
  const variables = result.entries.get('environment');
  if (variables !== undefined) {
    result = setEntry(result, 'environment', resolveNames(variables, environment, true));
  }
  const volumes = result.entries.get('volumes');
  if (volumes?.kind === 'list') result = setEntry(result, 'volumes', list(volumes, volumes.items.map(cleanTarget)));
  const dependencies = implicitDependencies(result);
  return dependencies.entries.size === 0 ? result : setEntry(result, 'depends_on', dependencies);
}

function normalizeBuild(build: MapNode, environment: ReadonlyMap<string, string>): MapNode {
  let result = build;
  const absent = (key: string): boolean => {
    const node = result.entries.get(key);
    return node === undefined || isNothing(node);
  };
  if (absent('context')) result = setEntry(result, 'context', text(build, '.'));
  if (absent('dockerfile') && absent('dockerfile_inline')) {
    result = setEntry(result, 'dockerfile', text(build, 'Dockerfile'));
  }
  const args = result.entries.get('args');
  return args === undefined ? result : setEntry(result, 'args', resolveNames(args, environment, false));
}

function cleanTarget(volume: Node): Node {
  if (volume.kind !== 'map') return volume;
  const target = volume.entries.get('target');
  return isText(target) ? setEntry(volume, 'target', text(target, cleanPath(target.value))) : volume;
}

/** Names without a value take the project's; those it has not are kept or dropped. */
function resolveNames(node: Node, environment: ReadonlyMap<string, string>, keep: boolean): Node {
  if (node.kind === 'list') {
    const items: Node[] = [];
    for (const item of node.items) {
      if (!isText(item) || item.value.includes('=')) {
        items.push(item);
        continue;
      }
      const value = environment.get(item.value);
      if (value !== undefined)
        items.push({ ...text(item, `${item.value}=${value}`), written: item.written ?? item.value });
      else if (keep) items.push(item);
    }
    return list(node, items);
  }
  if (node.kind !== 'map') return node;
  const entries = new Map<string, Node>();
  for (const [key, child] of node.entries) {
    const value = isNothing(child) ? environment.get(key) : undefined;
    if (value !== undefined) entries.set(key, { ...text(child, value), written: key });
    else if (keep || !isNothing(child)) entries.set(key, child);
  }
  return map(node, entries);
}

/** `links`, shared namespaces and `volumes_from` need their service as much as `depends_on` does. */
function implicitDependencies(service: MapNode): MapNode {
  const declared = service.entries.get('depends_on');
  const entries = new Map<string, Node>(declared?.kind === 'map' ? declared.entries : []);
  const add = (name: string, place: Place, restart: boolean): void => {
    if (!entries.has(name)) entries.set(name, implicitDependency(place, restart));
  };
  for (const link of textsAt(service, 'links')) {
    const parts = link.value.split(':');
    add(parts.length === 2 ? parts[0]! : link.value, link, true);
  }
  for (const key of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const node = service.entries.get(key);
    if (isText(node) && node.value.startsWith('service:')) add(node.value.slice('service:'.length), node, true);
  }
  for (const from of textsAt(service, 'volumes_from')) {
    if (!from.value.startsWith('container:')) add(from.value.split(':')[0]!, from, false);
  }
  return map(declared ?? service, entries);
}

function textsAt(service: MapNode, key: string): (Node & { readonly value: string })[] {
  const node = service.entries.get(key);
  return node?.kind === 'list' ? node.items.filter(isText) : [];
}

function implicitDependency(place: Place, restart: boolean): MapNode {
  return map(
    place,
    new Map<string, Node>([
      ['condition', text(place, 'service_started')],
      ['restart', bool(place, restart)],
      ['required', bool(place, true)],
    ]),
  );
}

function nameResources(model: MapNode, projectName: string): MapNode {
  let result = model;
  for (const section of ['networks', 'volumes', 'configs', 'secrets']) {
    const resources = result.entries.get(section);
    if (resources?.kind !== 'map') continue;
    const named = mapEntries(resources, (resource, key) => nameResource(resource, key, projectName));
    result = setEntry(result, section, named);
  }
  return result;
}

function nameResource(node: Node, key: string, projectName: string): Node {
  const resource = node.kind === 'map' ? node : map(node, new Map());
  const name = resource.entries.get('name');
  if (name !== undefined && !isNothing(name)) return resource;
  const external = resource.entries.get('external');
  const isExternal = external?.kind === 'scalar' && /^(?:1|t|T|TRUE|true|True)$/.test(String(external.value));
  return setEntry(resource, 'name', text(resource, isExternal ? key : `${projectName}_${key}`));
}
