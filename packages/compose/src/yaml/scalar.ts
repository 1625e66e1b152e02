import type { ScalarType, ScalarValue } from '../tree/node.ts';
import { parseTimestamp } from './timestamp.ts';

/** A scalar's type and value. */
export interface Resolved {
  readonly type: ScalarType;
  readonly value: ScalarValue;
}

const words = new Map<string, Resolved>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, { type: 'null', value: null }] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, { type: 'bool', value: true }] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, { type: 'bool', value: false }] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, { type: 'float', value: Number.NaN }] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, { type: 'float', value: Number.POSITIVE_INFINITY }] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, { type: 'float', value: Number.NEGATIVE_INFINITY }] as const),
]);

const floatPattern = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const dottedFloatPattern = /^\.[0-9]+([eE][-+]?[0-9]+)?$/;
const maxInt = 2n ** 63n - 1n;
const minInt = -(2n ** 63n);
const maxUint = 2n ** 64n - 1n;

/**
 * The value of a plain scalar as docker compose reads it: only true and false are booleans, `0440` and `0o440` are octal, `1_000`
 * is an integer, `22:22` a string, `2024-01-02` a timestamp.
 */
export function resolvePlain(text: string): Resolved {
  const first = text.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  const sign = first === 43 || first === 45;
  if (!digit && !sign) {
    const word = words.get(text);
    if (word !== undefined) return word;
    if (first === 46 && dottedFloatPattern.test(text)) return { type: 'float', value: Number(text) };
    return { type: 'string', value: text };
  }
  const word = words.get(text);
  if (word !== undefined) return word;
  if (digit) {
    const time = parseTimestamp(text);
    if (time !== undefined) return { type: 'timestamp', value: time };
  }
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const integer = parseInteger(plain);
  if (integer !== undefined) return { type: 'int', value: integer };
  if (floatPattern.test(plain)) {
    const value = Number(plain);
    if (Number.isFinite(value)) return { type: 'float', value };
  }
  return { type: 'string', value: text };
}

/** An integer by Go's prefixes (`0x`, `0b`, `0o`, leading zero), or undefined where it is none or leaves 64 bits. */
export function parseInteger(text: string): number | bigint | undefined {
  if (text.length > 100) return undefined;
  const match = /^([-+]?)(?:(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+)|0([0-7]*)|([1-9][0-9]*))$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', prefixed, octal, decimal] = match;
  const digits = prefixed ?? decimal ?? (octal === '' || octal === undefined ? '0' : `0o${octal}`);
  const size = BigInt(digits);
  const value = sign === '-' ? -size : size;
  if (value < minInt || value > (sign === '' ? maxUint : maxInt)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
