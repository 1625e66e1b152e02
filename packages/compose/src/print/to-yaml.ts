import type { FieldType, Shape } from '../bind/field.ts';
import { serviceShape } from '../bind/service-shape.ts';
import { fileObjectShape, modelShape, networkShape, volumeShape } from '../bind/shapes.ts';
import type { Project } from '../model/project.ts';
import { formatGoFloat } from '../tree/go-format.ts';
import { shownProject } from './shown-project.ts';
import { Plain, printYaml, type YamlValue } from './yaml-blocks.ts';
import { compareKeys } from './yaml-order.ts';

type Values = Readonly<Record<string, unknown>>;

/** What `docker compose config` prints: unused resources left out, `$` doubled. */
export function toYaml(project: Project): string {
  const shown = shownProject(project);
  const document = new Map<string, YamlValue>([
    ['name', shown.name],
    ['services', sectionToYaml(shown.services, serviceShape)],
  ]);
  const sections = {
    networks: networkShape,
    volumes: volumeShape,
    secrets: fileObjectShape,
    configs: fileObjectShape,
    models: modelShape,
  };
  for (const [key, shape] of Object.entries(sections)) {
    const section = shown[key as keyof typeof sections];
    if (Object.keys(section).length > 0) document.set(key, sectionToYaml(section, shape));
  }
  addExtensions(shown as unknown as Values, document);
  return printYaml(document).replaceAll('$', '$$$$');
}

function sectionToYaml(section: object, shape: Shape): YamlValue {
  return sorted(section as Values, (item) => structToYaml(item as Values, shape));
}

function structToYaml(model: Values, shape: Shape): ReadonlyMap<string, YamlValue> {
  const entries = new Map<string, YamlValue>();
  for (const field of shape.fields) {
    const value = model[field.json ?? field.key];
    if (value === undefined || (value === null && field.type.kind === 'command')) continue;
    const printed = fieldToYaml(value, field.type);
    const isEmptyStruct =
      field.type.kind === 'struct' &&
      field.type.always === true &&
      (printed as ReadonlyMap<string, YamlValue>).size === 0;
    if (!isEmptyStruct) entries.set(field.key, printed);
  }
  if (shape.extensible) addExtensions(model, entries);
  return entries;
}

function addExtensions(model: Values, entries: Map<string, YamlValue>): void {
  const keys = Object.keys(model).filter((key) => key.startsWith('x-'));
  for (const key of keys.sort(compareKeys)) entries.set(key, plainToYaml(model[key]));
}

function fieldToYaml(value: unknown, type: FieldType): YamlValue {
  if (value === null) return null;
  switch (type.kind) {
    case 'struct':
      return structToYaml(value as Values, type.shape);
    case 'struct-list':
      return (value as readonly Values[]).map((item) => structToYaml(item, type.shape));
    case 'struct-map':
      return sorted(value as Values, (item) => (item === null ? null : structToYaml(item as Values, type.shape)));
    case 'float':
    case 'cpus':
      return new Plain(formatGoFloat(value as number));
    case 'ulimits':
      return sorted(value as Values, ulimitToYaml);
    case 'env-files':
      return (value as readonly unknown[]).map(envFileToYaml);
    default:
      return plainToYaml(value);
  }
}

function ulimitToYaml(limit: unknown): YamlValue {
  if (typeof limit !== 'object' || limit === null) return plainToYaml(limit);
  const { soft = 0, hard = 0 } = limit as { readonly soft?: number; readonly hard?: number };
  return new Map([
    ['soft', soft],
    ['hard', hard],
  ]);
}

function envFileToYaml(file: unknown): YamlValue {
  if (typeof file !== 'object' || file === null) return plainToYaml(file);
  const { path = '', required = false } = file as { readonly path?: string; readonly required?: boolean };
  if (required) return path;
  return new Map<string, YamlValue>([
    ['path', path],
    ['required', required],
  ]);
}

/** Plain data, keys in go-yaml's order. */
export function plainToYaml(value: unknown): YamlValue {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plainToYaml);
  if (typeof value === 'object') return sorted(value as Values, plainToYaml);
  if (typeof value === 'number')
    return Number.isInteger(value) && !Object.is(value, -0) ? value : new Plain(formatYamlFloat(value));
  return typeof value === 'string' || typeof value === 'boolean' ? value : String(value);
}

function formatYamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (value === Number.POSITIVE_INFINITY) return '.inf';
  return value === Number.NEGATIVE_INFINITY ? '-.inf' : formatGoFloat(value);
}

function sorted(values: Values, print: (value: unknown) => YamlValue): ReadonlyMap<string, YamlValue> {
  const keys = Object.keys(values).sort(compareKeys);
  return new Map(keys.map((key) => [key, print(values[key])]));
}
