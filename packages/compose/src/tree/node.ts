import type { Origin } from '../diagnostics/diagnostic.ts';
import type { Source } from './source.ts';

/** Where a node was written. `key` is the offset of the mapping key before it, or -1. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly key: number;
}

export type ScalarType = 'string' | 'int' | 'float' | 'bool' | 'null' | 'timestamp';

export type ScalarValue = string | number | bigint | boolean | null;

/** A scalar as go-yaml reads it. A timestamp's value is its RFC 3339 text; an int beyond 2^53 is a bigint. */
export interface ScalarNode extends Place {
  readonly kind: 'scalar';
  readonly type: ScalarType;
  readonly value: ScalarValue;
  /** The text before interpolation, where variables changed it: what messages may quote. */
  readonly written: string | undefined;
}

export interface ListNode extends Place {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends Place {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Node>;
}

/**
 * A value of a Compose file that knows its place. Nodes are never changed: every stage makes new ones and shares the rest, so an
 * anchor used a thousand times is one node.
 */
export type Node = ScalarNode | ListNode | MapNode;

export function scalar(place: Place, type: ScalarType, value: ScalarValue, written?: string): ScalarNode {
  const { source, start, end, key } = place;
  return { kind: 'scalar', source, start, end, key, type, value, written };
}

export function text(place: Place, value: string): ScalarNode {
  return scalar(place, 'string', value, writtenOf(place));
}

export function bool(place: Place, value: boolean): ScalarNode {
  return scalar(place, 'bool', value);
}

export function nothing(place: Place): ScalarNode {
  return scalar(place, 'null', null);
}

export function list(place: Place, items: readonly Node[]): ListNode {
  const { source, start, end, key } = place;
  return { kind: 'list', source, start, end, key, items };
}

export function map(place: Place, entries: ReadonlyMap<string, Node>): MapNode {
  const { source, start, end, key } = place;
  return { kind: 'map', source, start, end, key, entries };
}

/** The same node after another key. */
export function withKey(node: Node, key: number): Node {
  return node.key === key ? node : { ...node, key };
}

/** What a derived text may show: a piece of an interpolated scalar is as secret as the whole. */
function writtenOf(place: Place): string | undefined {
  return 'written' in place ? (place as ScalarNode).written : undefined;
}

export function originOf(place: Place): Origin {
  return place.source.origin(place.start, place.end);
}

/** The place of the key, for a complaint about the key itself. */
export function keyOriginOf(place: Place, key: string): Origin {
  return place.key === -1 ? originOf(place) : place.source.origin(place.key, place.key + key.length);
}

export function isText(node: Node | undefined): node is ScalarNode & { readonly value: string } {
  return node?.kind === 'scalar' && node.type === 'string';
}

export function isNothing(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.type === 'null';
}

export function isInt(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.type === 'int';
}

/** The text at a key, if it is a string. */
export function textAt(node: MapNode, key: string): string | undefined {
  const child = node.entries.get(key);
  return isText(child) ? child.value : undefined;
}

/** What a message may quote of a node: never a value that came from a variable. */
export function quotable(node: Node): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  return JSON.stringify(node.written ?? String(node.value));
}

/** A node's type in words. */
export function typeInWords(node: Node): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  switch (node.type) {
    case 'string':
      return 'a string';
    case 'int':
      return 'an integer';
    case 'float':
      return 'a number';
    case 'bool':
      return 'a boolean';
    case 'null':
      return 'nothing';
    case 'timestamp':
      return 'a date (quote it to make it a string)';
  }
}
