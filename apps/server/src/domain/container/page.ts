import type { ContainerPage, ContainerPageRequest, ContainerView } from '@drover/contract';
import { Refusal } from '../refusal.ts';

/**
 * One page of the containers that match, in the order asked for. It is merged from the lists, each of which is in order and grouped by
 * what filters look at, so that it costs the same wherever it lies and hardly looks at what is not on it.
 */
export function pageOf(lists: readonly (readonly ContainerView[])[], request: ContainerPageRequest): ContainerPage {
  const { limit, sort, descending } = request;
  const compare = comparing(fieldsOf[sort], descending);
  const after = request.after === undefined ? undefined : readCursor(request.after, fieldsOf[sort]);
  const search = searchOf(request);
  let total = 0;
  const runs: Run[] = [];
  for (const list of lists) {
    const matching = matchesOf(orderOf(list, sort), search);
    total += matching.length;
    const views = descending ? matching.toReversed() : matching;
    const next = after === undefined ? 0 : firstBehind(views, after, compare);
    if (next < views.length) runs.push({ views, next });
  }
  const containers = merge(runs, limit + 1, compare);
  const more = containers.length > limit;
  if (more) containers.pop();
  const last = containers.at(-1);
  return { containers, total, ...(more && last !== undefined ? { next: writeCursor(last, fieldsOf[sort]) } : {}) };
}

type Sort = ContainerPageRequest['sort'];

type Field = 'name' | 'host' | 'stack' | 'service' | 'state' | 'createdAt' | 'id';

/** Where a container stands in an order: the fields that the order looks at. */
type Place = { readonly [Each in Field]?: string | undefined };

type Compare = (a: Place, b: Place) => number;

/** What each order looks at, one field after the other. The id decides between equals, so that no page misses or repeats one. */
const fieldsOf: { readonly [Each in Sort]: readonly Field[] } = {
  name: ['name', 'id'],
  host: ['host', 'name', 'id'],
  stack: ['stack', 'service', 'name', 'id'],
  state: ['state', 'name', 'id'],
  created: ['createdAt', 'id'],
};

function comparing(fields: readonly Field[], descending: boolean): Compare {
  const [less, more] = descending ? [1, -1] : [-1, 1];
  return (a, b) => {
    for (const field of fields) {
      const one = a[field] ?? '';
      const other = b[field] ?? '';
      if (one !== other) return one < other ? less : more;
    }
    return 0;
  };
}

const filters = ['stack', 'service', 'host', 'state'] as const;

type Filter = (typeof filters)[number];

/** A list in an order, with what was worked out of it once; it holds for as long as the list is that of its host. */
interface Order {
  readonly views: readonly ContainerView[];
  /** Containers by what a filter looks at, each in the order. */
  readonly groups: { [Each in Filter]?: ReadonlyMap<string | undefined, readonly ContainerView[]> };
  /** What a search looks at, of each, without capitals. */
  texts?: readonly string[];
}

const orders = new WeakMap<readonly ContainerView[], { [Each in Sort]?: Order }>();

function orderOf(list: readonly ContainerView[], sort: Sort): Order {
  let known = orders.get(list);
  if (known === undefined) {
    known = {};
    orders.set(list, known);
  }
  known[sort] ??= { views: list.toSorted(comparing(fieldsOf[sort], false)), groups: {} };
  return known[sort];
}

interface Search {
  /** What containers have to be, the first by its group. */
  readonly wanted: readonly (readonly [Filter, string])[];
  /** Part of the name or the image, without capitals. */
  readonly text: string | undefined;
}

function searchOf(request: ContainerPageRequest): Search {
  const wanted = filters.flatMap((filter) => {
    const value = request[filter];
    return value === undefined ? [] : [[filter, value] as const];
  });
  return { wanted, text: request.search?.toLowerCase() };
}

/** Those that are asked for, in ascending order. */
function matchesOf(order: Order, { wanted: [first, ...others], text }: Search): readonly ContainerView[] {
  if (first === undefined) {
    if (text === undefined) return order.views;
    order.texts ??= order.views.map(textOf);
    const { texts } = order;
    return order.views.filter((_, nth) => texts[nth]?.includes(text));
  }
  const [filter, value] = first;
  order.groups[filter] ??= Map.groupBy(order.views, (view) => view[filter]);
  const group = order.groups[filter].get(value) ?? [];
  if (others.length === 0 && text === undefined) return group;
  return group.filter(
    (view) =>
      others.every(([other, wanted]) => view[other] === wanted) && (text === undefined || textOf(view).includes(text)),
  );
}

function textOf({ name, image, stack = '', host = '' }: ContainerView): string {
  return `${name}\0${image}\0${stack}\0${host}`.toLowerCase();
}

/** Containers in the order of the page, and the place of the next one to take. */
interface Run {
  readonly views: readonly ContainerView[];
  next: number;
}

/** The place of the first that lies behind a cursor. */
function firstBehind(views: readonly ContainerView[], after: Place, compare: Compare): number {
  let low = 0;
  let high = views.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(views[middle] as ContainerView, after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first so many of all runs together: the runs are a heap with the one whose next container is first on top. */
function merge(runs: Run[], most: number, compare: Compare): ContainerView[] {
  const headOf = (run: Run) => run.views[run.next] as ContainerView;
  const sink = (from: number): void => {
    for (let at = from; ; ) {
      const left = 2 * at + 1;
      if (left >= runs.length) return;
      const right = left + 1;
      const [a, b] = [runs[left] as Run, runs[right]];
      const smaller = b !== undefined && compare(headOf(b), headOf(a)) < 0 ? right : left;
      const [parent, child] = [runs[at] as Run, runs[smaller] as Run];
      if (compare(headOf(parent), headOf(child)) <= 0) return;
      runs[at] = child;
      runs[smaller] = parent;
      at = smaller;
    }
  };
  for (let at = (runs.length >> 1) - 1; at >= 0; at -= 1) sink(at);
  const merged: ContainerView[] = [];
  while (merged.length < most) {
    const [top] = runs;
    if (top === undefined) break;
    merged.push(headOf(top));
    top.next += 1;
    if (top.next === top.views.length) {
      const last = runs.pop() as Run;
      if (runs.length === 0) break;
      runs[0] = last;
    }
    sink(0);
  }
  return merged;
}

/** Where a page ended; the next one begins behind it, whatever came or went meanwhile. */
function writeCursor(last: Place, fields: readonly Field[]): string {
  return Buffer.from(JSON.stringify(fields.map((field) => last[field] ?? ''))).toString('base64url');
}

function readCursor(text: string, fields: readonly Field[]): Place {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(values) && values.length === fields.length && values.every((value) => typeof value === 'string'))
      return Object.fromEntries(fields.map((field, nth) => [field, values[nth]]));
  } catch {
    // Said below.
  }
  throw new Refusal('invalid', 'reading a page of containers: "after" is not the "next" of another page in this order');
}
