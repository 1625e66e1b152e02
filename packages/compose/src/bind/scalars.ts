import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { parseByteSize } from '../syntax/byte-size.ts';
import { formatDuration, parseDurationNanoseconds } from '../syntax/duration.ts';
import { shortestFloat32 } from '../syntax/float32.ts';
import { parseBoolean, parseGoFloat, parseGoInt } from '../syntax/go-number.ts';
import { splitShellWords } from '../syntax/shell-words.ts';
import { formatGoNode, formatGoScalar } from '../tree/go-format.ts';
import { isNothing, isText, type Node, quotable, type ScalarNode, typeInWords } from '../tree/node.ts';
import type { FieldType } from './field.ts';

type ScalarFieldType = Exclude<
  FieldType,
  {
    readonly kind:
      | 'struct'
      | 'struct-list'
      | 'struct-map'
      | 'mapping'
      | 'environment'
      | 'options'
      | 'string-map'
      | 'multi-options'
      | 'hosts'
      | 'ssh'
      | 'ulimits'
      | 'env-files';
  }
>;

const maxInt64 = 2n ** 63n - 1n;

/** The value of a field that is one value or a plain list; undefined for a zero value that is left out. */
export function bindScalar(node: Node, type: ScalarFieldType, path: Path): unknown {
  switch (type.kind) {
    case 'string':
      return orAbsent(stringOf(node, path), '');
    case 'strings':
      return orEmpty(listOf(node, path).map((item) => (isNothing(item) ? '' : stringOf(item, path))));
    case 'string-list':
      return isText(node) ? [node.value] : orEmpty(listOf(node, path).map((item) => textOf(item, path)));
    case 'printed-list':
      return isText(node) ? [node.value] : orEmpty(listOf(node, path).map(formatGoNode));
    case 'bool':
      return orAbsent(boolOf(node, path), false);
    case 'optional-bool':
      return boolOf(node, path);
    case 'int':
      return orAbsent(intOf(node, path), 0);
    case 'optional-int':
      return intOf(node, path);
    case 'uint':
      return orAbsent(Number(BigInt.asUintN(type.bits, BigInt(uintOf(node, path)))), 0);
    case 'optional-uint':
      return uintOf(node, path);
    case 'float':
      return orAbsent(shortestFloat32(floatOf(node, path)), 0);
    case 'cpus':
      return orAbsent(shortestFloat32(floatOf(node, path)), 0);
    case 'duration':
      return orAbsent(durationOf(node, path), '0s');
    case 'optional-duration':
      return durationOf(node, path);
    case 'bytes':
      return orAbsent(bytesOf(node, path), '0');
    case 'command':
      return commandOf(node, path);
    case 'health-test':
      return isText(node) ? ['CMD-SHELL', node.value] : orEmpty(listOf(node, path).map((item) => textOf(item, path)));
    case 'device-count':
      return orAbsent(deviceCountOf(node, path), 0);
    case 'file-mode':
      return fileModeOf(node, path);
  }
}

function orAbsent<Value>(value: Value, zero: Value): Value | undefined {
  return value === zero ? undefined : value;
}

function orEmpty(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values;
}

export function wrong(node: Node, path: Path, wanted: string): ComposeError {
  return new ComposeError('value', `${formatPath(path)} must be ${wanted}, not ${typeInWords(node)}`, {
    path,
    place: node,
  });
}

export function invalid(node: Node, path: Path, wanted: string): ComposeError {
  return new ComposeError('value', `${formatPath(path)}: ${quotable(node)} is not ${wanted}`, { path, place: node });
}

export function listOf(node: Node, path: Path): readonly Node[] {
  if (node.kind === 'list') return node.items;
  throw wrong(node, path, 'a list');
}

/** A string, or an integer as docker compose prints it. */
export function stringOf(node: Node, path: Path): string {
  if (node.kind === 'scalar' && (node.type === 'string' || node.type === 'int')) return String(node.value);
  throw wrong(node, path, 'a string');
}

export function textOf(node: Node, path: Path): string {
  if (isText(node)) return node.value;
  throw wrong(node, path, 'a string');
}

/** True or false, or a word that stands for one. */
export function boolOf(node: Node, path: Path): boolean {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  if (!isText(node)) throw wrong(node, path, 'true or false');
  const value = parseBoolean(node.value);
  if (value === undefined) throw invalid(node, path, 'true or false');
  return value;
}

function numberOf(node: Node): number | undefined {
  return node.kind === 'scalar' && (node.type === 'int' || node.type === 'float') ? Number(node.value) : undefined;
}

function intOf(node: Node, path: Path): number {
  const number = numberOf(node);
  if (number !== undefined && Number.isFinite(number)) return Math.trunc(number);
  if (!isText(node)) throw wrong(node, path, 'an integer');
  const value = parseGoInt(node.value);
  if (value === undefined) throw invalid(node, path, 'an integer');
  return Number(value);
}

function uintOf(node: Node, path: Path): number {
  const number = numberOf(node);
  if (number === undefined) throw wrong(node, path, 'an integer');
  if (number < 0 || !Number.isFinite(number)) throw invalid(node, path, 'zero or more');
  return Math.trunc(number);
}

function floatOf(node: Node, path: Path): number {
  const value = isText(node) ? parseGoFloat(node.value) : numberOf(node);
  if (value !== undefined && Number.isFinite(value)) return value;
  throw node.kind === 'scalar' ? invalid(node, path, 'a number') : wrong(node, path, 'a number');
}

function durationOf(node: Node, path: Path): string {
  if (node.kind !== 'scalar') throw wrong(node, path, 'a duration');
  const nanoseconds = parseDurationNanoseconds(formatGoScalar(node));
  if (nanoseconds === undefined) throw invalid(node, path, 'a duration such as 1m30s');
  return formatDuration(nanoseconds);
}

function bytesOf(node: Node, path: Path): string {
  // docker compose takes a size that is neither a string nor an integer of 64 bits for nothing.
  if (node.kind === 'scalar' && node.type === 'int')
    return (node.value as number) > maxInt64 ? '0' : String(node.value);
  if (!isText(node)) return '0';
  const size = parseByteSize(node.value);
  if (size === undefined) throw invalid(node, path, 'a size such as 512m');
  return String(BigInt(size));
}

function commandOf(node: Node, path: Path): readonly string[] | undefined {
  if (node.kind === 'list') return node.items.map((item) => textOf(item, path));
  if (!isText(node)) return undefined;
  const words = splitShellWords(node.value);
  if (words === undefined) throw invalid(node, path, 'a command line: a quote or bracket is left open');
  return words;
}

function deviceCountOf(node: Node, path: Path): number {
  if (isText(node)) {
    if (node.value.toLowerCase() === 'all') return -1;
    const value = parseGoInt(node.value);
    if (value === undefined) throw invalid(node, path, 'all or a number');
    return Number(value);
  }
  return Number(intScalar(node, path).value);
}

function intScalar(node: Node, path: Path): ScalarNode {
  if (node.kind === 'scalar' && node.type === 'int') return node;
  throw wrong(node, path, 'an integer');
}

function fileModeOf(node: Node, path: Path): string {
  if (!isText(node)) return octal(Number(intScalar(node, path).value));
  if (!/^[-+]?[0-7]{1,21}$/.test(node.value)) throw invalid(node, path, 'an octal mode such as 0440');
  return octal(Number.parseInt(node.value, 8));
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
