// Writes src/generated/compose-schema.ts from the JSON schema of the Compose Specification:
//   node packages/compose/scripts/generate-schema.ts compose-spec.json
// Texts for readers are left out. A keyword that src/schema/validate.ts does not know stops the script.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const dropped = new Set(['$schema', '$id', 'title', 'description', 'deprecated', 'default', 'format']);
const schemaKeywords = new Set(['additionalProperties', 'items']);
const listKeywords = new Set(['oneOf', 'anyOf']);
const mapKeywords = new Set(['properties', 'patternProperties', 'definitions', '$defs']);
const plainKeywords = new Set(['type', '$ref', 'required', 'enum', 'pattern', 'minimum', 'maximum', 'uniqueItems']);

// Keys of the current specification that the schema of docker compose 2.40 has not.
const hookStep: Json = {
  type: 'object',
  properties: {
    command: { $ref: '#/definitions/command' },
    image: { type: 'string' },
    user: { type: 'string' },
    privileged: { type: ['boolean', 'string'] },
    working_dir: { type: 'string' },
    environment: { $ref: '#/definitions/list_or_dict' },
    per_replica: { type: ['boolean', 'string'] },
  },
  additionalProperties: false,
  patternProperties: { '^x-': {} },
};

function isMap(json: Json | undefined): json is { [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function strip(schema: Json): Json {
  if (!isMap(schema)) return schema;
  const kept: { [key: string]: Json } = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (dropped.has(keyword)) continue;
    if (mapKeywords.has(keyword) && isMap(value)) {
      kept[keyword] = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, strip(inner)]));
    } else if (listKeywords.has(keyword) && Array.isArray(value)) kept[keyword] = value.map(strip);
    else if (schemaKeywords.has(keyword)) kept[keyword] = strip(value);
    else if (plainKeywords.has(keyword)) kept[keyword] = value;
    else throw new Error(`the schema uses the keyword ${keyword}, which src/schema/validate.ts does not know`);
  }
  return kept;
}

function at(json: Json, ...path: string[]): { [key: string]: Json } {
  let found: Json | undefined = json;
  for (const part of path) found = isMap(found) ? found[part] : Array.isArray(found) ? found[Number(part)] : undefined;
  if (!isMap(found)) throw new Error(`the schema has nothing at ${path.join('.')}`);
  return found;
}

const [input] = process.argv.slice(2);
if (input === undefined) throw new Error('usage: node generate-schema.ts compose-spec.json');
const schema = strip(JSON.parse(readFileSync(input, 'utf8')));
const service = at(schema, 'definitions', 'service', 'properties');
service.pre_start ??= { type: 'array', items: hookStep };
const build = at(schema, 'definitions', 'service', 'properties', 'build', 'oneOf', '1', 'properties');
build.no_cache_filter ??= { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };

const header = `// Made by scripts/generate-schema.ts from the JSON schema of the Compose Specification
// (github.com/compose-spec/compose-spec, Apache-2.0), texts left out. Do not edit.
import type { JsonSchema } from '../schema/json-schema.ts';

export const composeSchema: JsonSchema = `;
const output = fileURLToPath(new URL('../src/generated/compose-schema.ts', import.meta.url));
writeFileSync(output, `${header}${JSON.stringify(schema, null, 1)};\n`);
