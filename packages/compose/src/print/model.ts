import { plainValue } from '../bind/bind.ts';
import { secretValueKey } from '../canonical/environment.ts';
import { dropEntry, mapEntries, setEntry } from '../tree/edit.ts';
import type { MapNode } from '../tree/node.ts';
import { valueToJson } from './go-json.ts';
import { indentJson } from './indent-json.ts';
import { plainToYaml } from './to-yaml.ts';
import { printYaml } from './yaml-blocks.ts';

/** What `docker compose config --no-interpolate` prints: the model as it is, `$` as it is written. */
export function modelToYaml(model: MapNode): string {
  return printYaml(plainToYaml(plainValue(withoutContents(model))));
}

/** What `docker compose config --no-interpolate --format json` prints. */
export function modelToJson(model: MapNode): string {
  return indentJson(valueToJson(plainValue(withoutContents(model))));
}

/** No secret's value is printed. */
function withoutContents(model: MapNode): MapNode {
  const secrets = model.entries.get('secrets');
  if (secrets?.kind !== 'map') return model;
  const safe = mapEntries(secrets, (secret) => (secret.kind === 'map' ? dropEntry(secret, secretValueKey) : secret));
  return setEntry(model, 'secrets', safe);
}
