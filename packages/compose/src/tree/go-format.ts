import type { Node, ScalarNode } from './node.ts';
import { compareCodePoints } from './order.ts';

/** A float as Go's `%v` prints it: shortest digits, with an exponent below 1e-4 and from 1e6. */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const exponential = value.toExponential();
  const exponent = Number(exponential.slice(exponential.indexOf('e') + 1));
  if (exponent < -4 || exponent >= 6) return padExponent(exponential);
  return String(value);
}

function padExponent(text: string): string {
  const at = text.indexOf('e');
  const sign = text[at + 1] === '-' ? '-' : '+';
  const digits = text.slice(at + 2);
  return `${text.slice(0, at)}e${sign}${digits.padStart(2, '0')}`;
}

/** A scalar as Go's `fmt.Sprint` prints it. */
export function formatGoScalar(node: ScalarNode): string {
  switch (node.type) {
    case 'string':
      return node.value as string;
    case 'float':
      return formatGoFloat(node.value as number);
    case 'null':
      return '<nil>';
    default:
      return String(node.value);
  }
}

/** Any node as Go's `fmt.Sprint` prints it: `[a b]`, `map[k:v]`. */
export function formatGoNode(node: Node): string {
  switch (node.kind) {
    case 'scalar':
      return formatGoScalar(node);
    case 'list':
      return `[${node.items.map(formatGoNode).join(' ')}]`;
    case 'map': {
      const keys = [...node.entries.keys()].sort(compareCodePoints);
      return `map[${keys.map((key) => `${key}:${formatGoNode(node.entries.get(key)!)}`).join(' ')}]`;
    }
  }
}
