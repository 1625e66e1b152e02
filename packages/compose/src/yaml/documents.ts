import {
  type AliasEvent,
  type DocumentDirective,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml';
import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import type { Limits } from '../load/limits.ts';
import { list, type MapNode, map, type Node, type Place, type ScalarNode, scalar, withKey } from '../tree/node.ts';
import type { Source } from '../tree/source.ts';
import { resolvePlain } from './scalar.ts';
import { resolveTagged, shortTag } from './tags.ts';

/** One YAML document. `resets` are the paths that `!reset` and `!override` clear in what came before. */
export interface YamlDocument {
  readonly root: Node;
  readonly resets: readonly Path[];
}

/** Size and depth count a node as often as aliases show it. */
interface Built {
  readonly node: Node;
  readonly size: number;
  readonly depth: number;
  /** Relative paths of the `!override` tags below, which every alias repeats. */
  readonly overrides: readonly Path[];
}

/** Reads every document of a file, or throws a `ComposeError` with the place of what is wrong. */
export function readDocuments(source: Source, limits: Limits): YamlDocument[] {
  return new DocumentReader(source, limits).readAll();
}

const removed: unique symbol = Symbol('removed');

class DocumentReader {
  readonly #source: Source;
  readonly #limits: Limits;
  readonly #events: readonly Event[];
  #at = 0;
  #anchors = new Map<string, Built | 'open' | 'reset'>();
  #directives: readonly DocumentDirective[] = [];
  #resets: Path[] = [];

  constructor(source: Source, limits: Limits) {
    this.#source = source;
    this.#limits = limits;
    this.#events = parse(source, limits);
  }

  readAll(): YamlDocument[] {
    const documents: YamlDocument[] = [];
    while (this.#at < this.#events.length) {
      const event = this.#next();
      if (event.type !== EVENT_ID.DOCUMENT) continue;
      this.#anchors = new Map();
      this.#directives = event.directives;
      for (const directive of event.directives) {
        if (directive.kind === 'yaml' && directive.version !== '1.1') {
          throw this.#fail(`docker compose reads only YAML 1.1, not %YAML ${directive.version}`, event);
        }
      }
      this.#resets = [];
      if (this.#peek().type !== EVENT_ID.POP) {
        const built = this.#value([], true);
        if (built === removed) throw this.#fail('a whole file cannot be !reset', event);
        documents.push({ root: built.node, resets: this.#resets });
      }
    }
    return documents;
  }

  #next(): Event {
    return this.#events[this.#at++]!;
  }

  #peek(): Event {
    return this.#events[this.#at]!;
  }

  /** `live` is false inside an `!override`, where docker compose gives the tags no meaning. */
  #value(path: Path, live: boolean): Built | typeof removed {
    const event = this.#next();
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, path, live, () => leaf(this.#scalar(event)));
      case EVENT_ID.SEQUENCE:
        return this.#anchored(event, path, live, (inner) => this.#sequence(event, path, inner));
      case EVENT_ID.MAPPING:
        return this.#anchored(event, path, live, (inner) => this.#mapping(event, path, inner));
      case EVENT_ID.ALIAS:
        return this.#alias(event, path, live);
      default:
        throw this.#fail('a value is missing', event);
    }
  }

  #anchored(
    event: ScalarEvent | SequenceEvent | MappingEvent,
    path: Path,
    live: boolean,
    build: (live: boolean) => Built,
  ): Built | typeof removed {
    const tag = this.#tag(event);
    const anchor = event.anchorStart === -1 ? undefined : this.#source.text.slice(event.anchorStart, event.anchorEnd);
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const tagged = live && (tag === '!reset' || tag === '!override');
    let built = build(live && !tagged);
    if (tagged) {
      this.#resets.push(path);
      if (tag === '!override') built = { ...built, overrides: [[], ...built.overrides] };
    }
    if (built.depth > this.#limits.depth) {
      throw new ComposeError(
        'limit',
        `reading ${this.#source.uri}: it is nested deeper than ${this.#limits.depth} levels`,
      );
    }
    if (built.size > this.#limits.nodes) {
      throw new ComposeError(
        'limit',
        `reading ${this.#source.uri}: with its aliases it has more than ${this.#limits.nodes} values`,
        { place: built.node },
      );
    }
    const isReset = tagged && tag === '!reset';
    if (anchor !== undefined) this.#anchors.set(anchor, isReset ? 'reset' : built);
    return isReset ? removed : built;
  }

  #alias(event: AliasEvent, path: Path, live: boolean): Built | typeof removed {
    const name = this.#source.text.slice(event.anchorStart, event.anchorEnd);
    const target = this.#anchors.get(name);
    if (target === undefined) throw this.#fail(`the anchor ${JSON.stringify(name)} is not known here`, event);
    if (target === 'open') throw this.#fail(`the value of the anchor ${JSON.stringify(name)} contains itself`, event);
    if (target === 'reset') {
      if (live) this.#resets.push(path);
      return removed;
    }
    if (live) for (const override of target.overrides) this.#resets.push([...path, ...override]);
    return target;
  }

  #scalar(event: ScalarEvent): ScalarNode {
    const text = getScalarValue(this.#source.text, event);
    const place = this.#place(event);
    const tag = this.#tag(event);
    if (tag === '' || tag === '!!merge') {
      if (event.style !== SCALAR_STYLE.PLAIN) return scalar(place, 'string', text);
      const { type, value } = resolvePlain(text);
      return scalar(place, type, value);
    }
    const resolved = resolveTagged(tag, text);
    if (resolved === undefined) throw this.#fail(`${JSON.stringify(text)} is not a value of ${tag}`, event);
    return scalar(place, resolved.type, resolved.value);
  }

  #sequence(event: SequenceEvent, path: Path, live: boolean): Built {
    const items: Node[] = [];
    const overrides: Path[] = [];
    let size = 1;
    let depth = 0;
    for (let index = 0; this.#peek().type !== EVENT_ID.POP; index++) {
      const built = this.#value([...path, index], live);
      if (built === removed) continue;
      items.push(built.node);
      size += built.size;
      depth = Math.max(depth, built.depth);
      for (const override of built.overrides) overrides.push([index, ...override]);
    }
    this.#next();
    return { node: list(this.#place(event), items), size, depth: depth + 1, overrides };
  }

  #mapping(event: MappingEvent, path: Path, live: boolean): Built {
    const entries = new Map<string, Node>();
    const written = new Set<string>();
    const overrides: Path[] = [];
    let merged: Node | undefined;
    let size = 1;
    let depth = 0;
    while (this.#peek().type !== EVENT_ID.POP) {
      const { key, place, isMerge } = this.#key(path);
      if (written.has(key)) {
        throw new ComposeError('duplicate', `the key ${JSON.stringify(key)} is written twice`, {
          path: [...path, key],
          place,
        });
      }
      written.add(key);
      // docker compose leaves `<<` out of the paths it records, unless it stands at the top.
      const childPath = isMerge && path.length > 0 ? path : [...path, key];
      const built = this.#value(childPath, live);
      if (built === removed) continue;
      size += built.size;
      depth = Math.max(depth, built.depth);
      for (const override of built.overrides)
        overrides.push(isMerge && path.length > 0 ? override : [key, ...override]);
      if (isMerge) merged = built.node;
      else entries.set(key, withKey(built.node, place.start));
    }
    this.#next();
    if (merged !== undefined) this.#merge(merged, entries);
    return { node: map(this.#place(event), entries), size, depth: depth + 1, overrides };
  }

  #key(path: Path): { readonly key: string; readonly place: Place; readonly isMerge: boolean } {
    const event = this.#peek();
    if (event.type === EVENT_ID.SCALAR && this.#tag(event) === '' && event.style === SCALAR_STYLE.PLAIN) {
      const raw = getScalarValue(this.#source.text, event);
      if (raw === '<<') {
        this.#next();
        return { key: raw, place: this.#place(event), isMerge: true };
      }
    }
    const built = this.#value(path, false);
    if (built !== removed) {
      const { node } = built;
      if (node.kind === 'scalar' && node.type === 'string') {
        return { key: node.value as string, place: node, isMerge: false };
      }
      throw new ComposeError(
        'yaml',
        `a key must be a string${node.kind === 'scalar' ? `, not ${String(node.value)}` : ''}`,
        {
          path,
          place: node,
        },
      );
    }
    throw this.#fail('a key cannot be !reset', event);
  }

  /** YAML's `<<`: what is written wins over what is merged, and the first merged mapping over the next. */
  #merge(from: Node, entries: Map<string, Node>): void {
    if (from.kind === 'map') {
      addMissing(from, entries);
      return;
    }
    if (from.kind === 'list' && from.items.every((item) => item.kind === 'map')) {
      for (const item of from.items) addMissing(item as MapNode, entries);
      return;
    }
    throw new ComposeError('yaml', 'the value of << must be a mapping or a list of mappings', { place: from });
  }

  #tag(event: { readonly tagStart: number; readonly tagEnd: number }): string {
    if (event.tagStart === -1) return '';
    return shortTag(this.#source.text.slice(event.tagStart, event.tagEnd), this.#directives);
  }

  #place(event: ScalarEvent | SequenceEvent | MappingEvent): Place {
    if (event.type !== EVENT_ID.SCALAR) {
      return { source: this.#source, start: event.start, end: event.start + 1, key: -1 };
    }
    const start = event.valueStart === -1 ? this.#emptyAt(event) : event.valueStart;
    return { source: this.#source, start, end: event.valueEnd === -1 ? start : event.valueEnd, key: -1 };
  }

  /** An empty scalar has no place of its own: its tag's, or just after the event before it. */
  #emptyAt(event: ScalarEvent): number {
    if (event.tagStart !== -1) return event.tagStart;
    if (event.anchorStart !== -1) return event.anchorStart;
    const before = this.#events[this.#at - 2];
    return before?.type === EVENT_ID.SCALAR && before.valueEnd !== -1 ? before.valueEnd : 0;
  }

  #fail(message: string, event: Event): ComposeError {
    const start =
      'valueStart' in event && event.valueStart !== -1
        ? event.valueStart
        : 'start' in event
          ? event.start
          : 'anchorStart' in event && event.anchorStart !== -1
            ? event.anchorStart
            : 0;
    return new ComposeError('yaml', message, { place: { source: this.#source, start, end: start + 1, key: -1 } });
  }
}

function leaf(node: Node): Built {
  return { node, size: 1, depth: 0, overrides: [] };
}

function addMissing(from: MapNode, entries: Map<string, Node>): void {
  for (const [key, node] of from.entries) if (!entries.has(key)) entries.set(key, node);
}

function parse(source: Source, limits: Limits): Event[] {
  try {
    return parseEvents(source.text, { maxDepth: limits.depth });
  } catch (thrown) {
    if (!(thrown instanceof YAMLException)) throw thrown;
    if (thrown.reason.includes('maxDepth')) {
      throw new ComposeError('limit', `reading ${source.uri}: it is nested deeper than ${limits.depth} levels`);
    }
    const start = Math.min(thrown.mark?.position ?? 0, source.text.length);
    throw new ComposeError('yaml', `this is not YAML: ${thrown.reason}`, {
      place: { source, start, end: Math.min(start + 1, source.text.length), key: -1 },
    });
  }
}
