import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { suggest } from '../diagnostics/suggestion.ts';
import type { Node } from '../tree/node.ts';
import { quotable, typeInWords } from '../tree/node.ts';
import type { JsonSchema, JsonType } from './json-schema.ts';

/** A place where a tree is not what its schema says. */
type Violation =
  | { readonly kind: 'type'; readonly node: Node; readonly path: Path; readonly wanted: readonly JsonType[] }
  | { readonly kind: 'unknown'; readonly node: Node; readonly path: Path; readonly allowed: readonly string[] }
  | { readonly kind: 'other'; readonly node: Node; readonly path: Path; readonly message: string };

/** Nobody reads more, and a file can be wrong in a hundred thousand places. */
const mostErrors = 100;

/** What in a tree the schema forbids, in words, with its place; the first hundred. */
export function validate(root: Node, schema: JsonSchema): ComposeError[] {
  const violations: Violation[] = [];
  new Validator(schema).check(root, schema, [], violations);
  return violations.slice(0, mostErrors).map(toError);
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  let found = expressions.get(pattern);
  if (found === undefined) {
    found = new RegExp(pattern, 'u');
    expressions.set(pattern, found);
  }
  return found;
}

/** The path is one array for the whole walk; a violation keeps a copy. */
class Validator {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  check(node: Node, schema: JsonSchema, path: (string | number)[], out: Violation[]): void {
    const target = schema.$ref === undefined ? schema : this.#definition(schema.$ref);
    if (target !== schema) {
      this.check(node, target, path, out);
      return;
    }
    const wanted = typesOf(schema);
    if (wanted.length > 0 && !wanted.some((type) => hasType(node, type))) {
      out.push({ kind: 'type', node, path: [...path], wanted });
      return;
    }
    if (schema.oneOf !== undefined) this.#checkOneOf(node, schema.oneOf, path, out);
    if (schema.enum !== undefined && !(node.kind === 'scalar' && schema.enum.includes(node.value))) {
      out.push(other(node, path, `must be one of ${schema.enum.map((value) => String(value)).join(', ')}`));
    }
    if (node.kind === 'map') this.#checkMap(node, schema, path, out);
    else if (node.kind === 'list') this.#checkList(node, schema, path, out);
    else checkScalar(node, schema, path, out);
  }

  #definition(reference: string): JsonSchema {
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    return this.#root.definitions?.[name] ?? {};
  }

  #checkMap(
    node: Node & { readonly kind: 'map' },
    schema: JsonSchema,
    path: (string | number)[],
    out: Violation[],
  ): void {
    const { properties = {}, patternProperties = {}, additionalProperties } = schema;
    for (const [key, child] of node.entries) {
      path.push(key);
      let known = false;
      if (Object.hasOwn(properties, key)) {
        known = true;
        this.check(child, properties[key]!, path, out);
      }
      for (const pattern in patternProperties) {
        if (!expression(pattern).test(key)) continue;
        known = true;
        this.check(child, patternProperties[pattern]!, path, out);
      }
      if (!known && additionalProperties === false) {
        out.push({ kind: 'unknown', node: child, path: [...path], allowed: Object.keys(properties) });
      } else if (!known && typeof additionalProperties === 'object') {
        this.check(child, additionalProperties, path, out);
      }
      path.pop();
    }
    for (const key of schema.required ?? []) {
      if (!node.entries.has(key)) out.push(other(node, path, `needs the key ${key}`));
    }
  }

  #checkList(
    node: Node & { readonly kind: 'list' },
    schema: JsonSchema,
    path: (string | number)[],
    out: Violation[],
  ): void {
    if (schema.items !== undefined) {
      for (const [index, item] of node.items.entries()) {
        path.push(index);
        this.check(item, schema.items, path, out);
        path.pop();
      }
    }
    if (schema.uniqueItems === true) {
      const seen = new Set<string>();
      for (const item of node.items) {
        const identity = identityOf(item);
        if (seen.has(identity)) out.push(other(item, path, `holds ${quotable(item)} twice`));
        seen.add(identity);
      }
    }
  }

  #checkOneOf(node: Node, branches: readonly JsonSchema[], path: (string | number)[], out: Violation[]): void {
    const failures: Violation[][] = [];
    for (const branch of branches) {
      const found: Violation[] = [];
      this.check(node, branch, path, found);
      if (found.length > 0) failures.push(found);
    }
    const matching = branches.length - failures.length;
    if (matching > 1) out.push(other(node, path, 'can be read in two ways'));
    else if (matching === 0) out.push(...mostSpecific(node, failures, path));
  }
}

/** What went wrong deepest is what the author was writing; failures at the top are about the type as a whole. */
function mostSpecific(node: Node, failures: readonly (readonly Violation[])[], path: Path): readonly Violation[] {
  const depth = (branch: readonly Violation[]): number =>
    branch.reduce((most, violation) => Math.max(most, violation.path.length), 0);
  const deepest = failures.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
  if (depth(deepest) > path.length) return deepest;
  const all = failures.flat();
  const rest = all.find((violation) => violation.kind !== 'type');
  if (rest !== undefined) return [rest];
  const wanted = all.flatMap((violation) => (violation.kind === 'type' ? violation.wanted : []));
  return [{ kind: 'type', node, path: [...path], wanted: [...new Set(wanted)] }];
}

function checkScalar(
  node: Node & { readonly kind: 'scalar' },
  schema: JsonSchema,
  path: (string | number)[],
  out: Violation[],
): void {
  const { value } = node;
  if (typeof value === 'string' && node.type === 'string') {
    if (schema.pattern !== undefined && !expression(schema.pattern).test(value)) {
      out.push(other(node, path, `has the form ${schema.pattern}, which ${quotable(node)} has not`));
    }
    return;
  }
  if (typeof value !== 'number' && typeof value !== 'bigint') return;
  if (schema.minimum !== undefined && value < schema.minimum)
    out.push(other(node, path, `must be at least ${schema.minimum}`));
  if (schema.maximum !== undefined && value > schema.maximum)
    out.push(other(node, path, `must be at most ${schema.maximum}`));
}

function typesOf(schema: JsonSchema): readonly JsonType[] {
  if (schema.type === undefined) return [];
  return typeof schema.type === 'string' ? [schema.type] : schema.type;
}

function hasType(node: Node, type: JsonType): boolean {
  if (node.kind !== 'scalar') return type === (node.kind === 'map' ? 'object' : 'array');
  switch (type) {
    case 'string':
      return node.type === 'string';
    case 'number':
      return node.type === 'int' || node.type === 'float';
    case 'integer':
      return node.type === 'int' || (node.type === 'float' && Number.isInteger(node.value));
    case 'boolean':
      return node.type === 'bool';
    case 'null':
      return node.type === 'null';
    case 'object':
    case 'array':
      return false;
  }
}

function identityOf(node: Node): string {
  switch (node.kind) {
    case 'scalar':
      return `${node.type === 'string' ? 'string' : node.type === 'float' ? 'int' : node.type}:${String(node.value)}`;
    case 'list':
      return `[${node.items.map(identityOf).join(',')}]`;
    case 'map':
      return `{${[...node.entries]
        .map(([key, child]) => `${JSON.stringify(key)}:${identityOf(child)}`)
        .sort()
        .join(',')}}`;
  }
}

function other(node: Node, path: Path, message: string): Violation {
  return { kind: 'other', node, path: [...path], message };
}

const words: Readonly<Record<JsonType, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  null: 'nothing',
};

function toError(violation: Violation): ComposeError {
  const { node, path } = violation;
  const where = path.length === 0 ? 'the file' : formatPath(path);
  switch (violation.kind) {
    case 'type': {
      const wanted = violation.wanted.map((type) => words[type]);
      const last = wanted.pop() ?? 'something else';
      const choice = wanted.length === 0 ? last : `${wanted.join(', ')} or ${last}`;
      return new ComposeError('schema', `${where} must be ${choice}, not ${typeInWords(node)}`, { path, place: node });
    }
    case 'unknown': {
      const key = String(path.at(-1));
      const suggestion = suggest(key, violation.allowed);
      const parent = path.length === 1 ? 'the top of a Compose file' : formatPath(path.slice(0, -1));
      const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
      return new ComposeError('unknown-key', `${JSON.stringify(key)} is no key of ${parent}${hint}`, {
        path,
        place: { ...node, ...keyPlace(node, key) },
        suggestion,
      });
    }
    case 'other':
      return new ComposeError('schema', `${where} ${violation.message}`, { path, place: node });
  }
}

function keyPlace(node: Node, key: string): { readonly start: number; readonly end: number } {
  return node.key === -1 ? node : { start: node.key, end: node.key + key.length };
}
