import { Refusal } from '../failure.ts';
import type { FakeNode } from './objects.ts';

interface Constraint {
  readonly key: string;
  readonly equal: boolean;
  readonly value: string;
}

/** Reads `node.role==manager`; refuses what the real engine refuses, in its words and with its status. */
export function parseConstraint(text: string): Constraint {
  const operator = ['==', '!='].find((candidate) => text.includes(candidate));
  if (operator === undefined) throw new Refusal('server', 'constraint expected one operator from ==, !=');
  const at = text.indexOf(operator);
  const key = text.slice(0, at).trim();
  const value = text.slice(at + 2).trim();
  if (!/^[a-z_][a-z0-9\-_.]+$/i.test(key)) throw new Refusal('server', `key '${key}' is invalid`);
  if (!/^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i.test(value)) throw new Refusal('server', `value '${value}' is invalid`);
  return { key, equal: operator === '==', value };
}

/** Whether a node satisfies a constraint; an unknown key is never satisfied. */
export function satisfies(node: FakeNode, text: string): boolean {
  const { key, equal, value } = parseConstraint(text);
  const actual = attributeOf(node, key);
  return actual !== null && (actual.toLowerCase() === value.toLowerCase()) === equal;
}

/** What a node has under a key of constraints and preferences; absent labels are empty. */
export function attributeOf(node: FakeNode, key: string): string | null {
  const { member, spec } = node;
  if (key.startsWith('node.labels.')) return spec.Labels?.[key.slice('node.labels.'.length)] ?? '';
  if (key.startsWith('engine.labels.')) return member.engineLabels[key.slice('engine.labels.'.length)] ?? '';
  switch (key) {
    case 'node.id':
      return node.id;
    case 'node.hostname':
      return member.hostname;
    case 'node.ip':
      return member.address;
    case 'node.role':
      return spec.Role ?? 'worker';
    case 'node.platform.os':
      return 'linux';
    case 'node.platform.arch':
      return 'x86_64';
    default:
      return null;
  }
}
