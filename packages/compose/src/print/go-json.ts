import type { FieldType, Shape } from '../bind/field.ts';
import { compareCodePoints } from '../tree/order.ts';

/**
 * JSON as Go's `encoding/json` writes it: fields in the shape's order, names of maps sorted, `<`, `>`, `&` and the two line
 * separators escaped. Byte for byte, because docker compose hashes it.
 */
export function structToJson(model: object, shape: Shape): string {
  const values = model as Readonly<Record<string, unknown>>;
  const parts: string[] = [];
  for (const field of shape.fields) {
    const key = field.json ?? field.key;
    const value = values[key];
    if (value === undefined) continue;
    parts.push(`${quote(key)}:${fieldToJson(value, field.type)}`);
  }
  return `{${parts.join(',')}}`;
}

function fieldToJson(value: unknown, type: FieldType): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'struct':
      return structToJson(value as object, type.shape);
    case 'struct-list':
      return `[${(value as readonly object[]).map((item) => structToJson(item, type.shape)).join(',')}]`;
    case 'struct-map':
      return namedToJson(value as object, (item) =>
        item === null ? 'null' : structToJson(item as object, type.shape),
      );
    case 'env-files':
      return `[${(value as readonly unknown[]).map(envFileToJson).join(',')}]`;
    case 'ulimits':
      return namedToJson(value as object, (limit) => inOrder(limit, ['soft', 'hard']));
    default:
      return valueToJson(value);
  }
}

/** docker compose prints a required file as its path, whatever its format. */
function envFileToJson(file: unknown): string {
  if (typeof file !== 'object' || file === null || !('required' in file)) return valueToJson(file);
  if (file.required === true) return valueToJson('path' in file ? file.path : '');
  return inOrder(file, ['path', 'required', 'format']);
}

function inOrder(value: unknown, keys: readonly string[]): string {
  if (typeof value !== 'object' || value === null) return valueToJson(value);
  const values = value as Readonly<Record<string, unknown>>;
  const given = keys.filter((key) => values[key] !== undefined);
  return `{${given.map((key) => `${quote(key)}:${valueToJson(values[key])}`).join(',')}}`;
}

/** An object with sorted keys, each value printed by the caller. */
export function namedToJson(named: object, print: (value: unknown) => string): string {
  const values = named as Readonly<Record<string, unknown>>;
  const keys = Object.keys(values).sort(compareCodePoints);
  return `{${keys.map((key) => `${quote(key)}:${print(values[key])}`).join(',')}}`;
}

/** Plain data with sorted keys. */
export function valueToJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(valueToJson).join(',')}]`;
  if (typeof value === 'object') return namedToJson(value, valueToJson);
  return numberOrBoolean(value);
}

function numberOrBoolean(value: unknown): string {
  if (typeof value === 'number' && Object.is(value, -0)) return '-0';
  return String(value);
}

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

function quote(text: string): string {
  const json = JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
  return /[<>&\u2028\u2029]/.test(json) ? json.replaceAll(/[<>&\u2028\u2029]/g, (char) => escapes[char] ?? char) : json;
}
