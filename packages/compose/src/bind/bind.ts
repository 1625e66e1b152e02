import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { isNothing, type MapNode, type Node, typeInWords } from '../tree/node.ts';
import { compareCodePoints } from '../tree/order.ts';
import { bindEnvFiles, bindHosts, bindKeyed, bindMultiOptions, bindSsh, bindUlimits } from './collections.ts';
import type { Field, FieldType, Shape } from './field.ts';
import { bindScalar } from './scalars.ts';

export type Model = Record<string, unknown>;

/** An object without a prototype: `__proto__` is a legal name. */
export function emptyModel(): Model {
  return Object.create(null) as Model;
}

/** The model object of a mapping: its shape's keys in order, zero values left out, then its `x-` keys. */
export function bindStruct(node: Node, shape: Shape, path: Path): Model {
  if (isNothing(node)) return withZeros(shape);
  if (node.kind !== 'map') {
    throw new ComposeError('value', `${formatPath(path)} must be a mapping, not ${typeInWords(node)}`, {
      path,
      place: node,
    });
  }
  const model: Model = {};
  for (const field of shape.fields) {
    const child = node.entries.get(field.key);
    const given =
      child === undefined || isNothing(child) ? undefined : bindValue(child, field.type, [...path, field.key]);
    const value = given === undefined ? zeroOf(field) : given;
    if (value !== undefined) model[field.json ?? field.key] = value;
  }
  if (shape.extensible) bindExtensions(node, model);
  return model;
}

/** Takes over the `x-` keys, in order. */
export function bindExtensions(node: MapNode, model: Model): void {
  const keys: string[] = [];
  for (const key of node.entries.keys()) if (key.startsWith('x-') && key !== 'x-#value') keys.push(key);
  for (const key of keys.sort(compareCodePoints)) model[key] = plainValue(node.entries.get(key)!);
}

/** A struct for each name, sorted. */
export function bindNamed(node: Node, shape: Shape, nullable: boolean, path: Path): Model {
  if (node.kind !== 'map') {
    throw new ComposeError('value', `${formatPath(path)} must be a mapping, not ${typeInWords(node)}`, {
      path,
      place: node,
    });
  }
  const model = emptyModel();
  for (const key of [...node.entries.keys()].sort(compareCodePoints)) {
    const child = node.entries.get(key)!;
    model[key] = nullable && isNothing(child) ? null : bindStruct(child, shape, [...path, key]);
  }
  return model;
}

/** A value that the Compose Specification gives no meaning, as plain data. */
export function plainValue(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'bigint' ? Number(node.value) : node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'map': {
      const model = emptyModel();
      for (const key of [...node.entries.keys()].sort(compareCodePoints))
        model[key] = plainValue(node.entries.get(key)!);
      return model;
    }
  }
}

function withZeros(shape: Shape): Model {
  const model: Model = {};
  for (const field of shape.fields) {
    const value = zeroOf(field);
    if (value !== undefined) model[field.json ?? field.key] = value;
  }
  return model;
}

/** The zero value that is printed all the same. */
function zeroOf(field: Field): unknown {
  if (field.type.kind === 'struct' && field.type.always === true) return withZeros(field.type.shape);
  if (field.zero !== true) return undefined;
  switch (field.type.kind) {
    case 'command':
      return null;
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'bytes':
      return '0';
    default:
      return 0;
  }
}

/** The value, or undefined for Go's zero value where docker compose leaves it out. */
function bindValue(node: Node, type: FieldType, path: Path): unknown {
  switch (type.kind) {
    case 'struct':
      return bindStruct(node, type.shape, path);
    case 'struct-list': {
      const items = itemsOf(node, path);
      if (items.length === 0) return undefined;
      return items.map((item, index) => bindStruct(item, type.shape, [...path, index]));
    }
    case 'struct-map': {
      const named = bindNamed(node, type.shape, type.nullable === true, path);
      return Object.keys(named).length === 0 ? undefined : named;
    }
    case 'mapping':
    case 'environment':
    case 'options':
    case 'string-map':
      return bindKeyed(node, type.kind, path);
    case 'multi-options':
      return bindMultiOptions(node, path);
    case 'hosts':
      return bindHosts(node, path);
    case 'ssh':
      return bindSsh(node, path);
    case 'ulimits':
      return bindUlimits(node, path);
    case 'env-files':
      return bindEnvFiles(node, path);
    default:
      return bindScalar(node, type, path);
  }
}

function itemsOf(node: Node, path: Path): readonly Node[] {
  if (node.kind === 'list') return node.items;
  throw new ComposeError('value', `${formatPath(path)} must be a list, not ${typeInWords(node)}`, {
    path,
    place: node,
  });
}
