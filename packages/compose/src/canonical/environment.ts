import { mapEntries, setEntry } from '../tree/edit.ts';
import { isText, list, type MapNode, type Node, text } from '../tree/node.ts';

/** The key under which a secret's value travels through the tree until the model takes it out. */
export const secretValueKey = 'x-#value';

/** Gives bare names in `environment` lists, and secrets and configs that name a variable, their values. */
export function resolveBareNames(model: MapNode, environment: ReadonlyMap<string, string>): MapNode {
  let result = changeEach(model, 'services', (service) => withEnvironment(service, environment));
  result = changeEach(result, 'secrets', (secret) => withValue(secret, secretValueKey, environment));
  return changeEach(result, 'configs', (config) => withValue(config, 'content', environment));
}

function changeEach(model: MapNode, section: string, change: (node: MapNode) => Node): MapNode {
  const node = model.entries.get(section);
  if (node?.kind !== 'map') return model;
  const changed = mapEntries(node, (child) => (child.kind === 'map' ? change(child) : child));
  return changed === node ? model : setEntry(model, section, changed);
}

function withEnvironment(service: MapNode, environment: ReadonlyMap<string, string>): Node {
  const names = service.entries.get('environment');
  if (names?.kind !== 'list') return service;
  const items: Node[] = [];
  let changed = false;
  for (const item of names.items) {
    const value = isText(item) ? environment.get(item.value) : undefined;
    if (!isText(item)) changed = true;
    else if (value === undefined) items.push(item);
    else {
      items.push({ ...text(item, `${item.value}=${value}`), written: item.written ?? item.value });
      changed = true;
    }
  }
  return changed ? setEntry(service, 'environment', list(names, items)) : service;
}

function withValue(node: MapNode, key: string, environment: ReadonlyMap<string, string>): Node {
  const name = node.entries.get('environment');
  if (!isText(name)) return node;
  const value = environment.get(name.value);
  return value === undefined ? node : setEntry(node, key, { ...text(name, value), written: name.value });
}
