import type { ContainerPage, ContainerPageRequest, ContainerView } from '@drover/contract';
import { Refusal } from '../refusal.ts';

/**
 * One page of the containers that match, in the order asked for. It looks at each container once and keeps no more than a page, so
 * that a page of a hundred costs the same wherever it lies.
 */
export function pageOf(views: Iterable<ContainerView>, request: ContainerPageRequest): ContainerPage {
  const { limit, sort, descending } = request;
  const compare = comparing(fieldsOf[sort], descending);
  const matches = matching(request);
  const after = request.after === undefined ? undefined : readCursor(request.after, fieldsOf[sort]);
  const page = new Smallest<ContainerView>(limit + 1, compare);
  let total = 0;
  for (const view of views) {
    if (!matches(view)) continue;
    total += 1;
    if (after === undefined || compare(view, after) > 0) page.add(view);
  }
  const found = page.sorted();
  const containers = found.slice(0, limit);
  const last = containers.at(-1);
  return {
    containers,
    total,
    ...(found.length > limit && last !== undefined ? { next: writeCursor(last, fieldsOf[sort]) } : {}),
  };
}

type Field = 'name' | 'host' | 'stack' | 'service' | 'state' | 'createdAt' | 'id';

/** Where a container stands in an order: the fields that the order looks at. */
type Place = { readonly [Each in Field]?: string | undefined };

type Compare = (a: Place, b: Place) => number;

/** What each order looks at, one field after the other. The id decides between equals, so that no page misses or repeats one. */
const fieldsOf: { readonly [Sort in ContainerPageRequest['sort']]: readonly Field[] } = {
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
      const [one = '', other = ''] = [a[field], b[field]];
      if (one !== other) return one < other ? less : more;
    }
    return 0;
  };
}

function matching({ stack, service, host, state, search }: ContainerPageRequest): (view: ContainerView) => boolean {
  const text = search?.toLowerCase();
  return (view) =>
    (stack === undefined || view.stack === stack) &&
    (service === undefined || view.service === service) &&
    (host === undefined || view.host === host) &&
    (state === undefined || view.state === state) &&
    (text === undefined || view.name.toLowerCase().includes(text) || view.image.toLowerCase().includes(text));
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

/** Keeps the smallest items of all that are added: a heap with the largest of them on top. */
class Smallest<Item> {
  readonly #most: number;
  readonly #compare: (a: Item, b: Item) => number;
  readonly #heap: Item[] = [];

  constructor(most: number, compare: (a: Item, b: Item) => number) {
    this.#most = most;
    this.#compare = compare;
  }

  add(item: Item): void {
    const heap = this.#heap;
    const top = heap[0];
    if (heap.length === this.#most) {
      if (this.#compare(item, top as Item) >= 0) return;
      heap[0] = item;
      this.#sink();
      return;
    }
    heap.push(item);
    this.#rise();
  }

  sorted(): Item[] {
    return [...this.#heap].sort(this.#compare);
  }

  #rise(): void {
    for (let at = this.#heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfLarger(at, parent)) return;
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      if (left >= this.#heap.length) return;
      const larger = right < this.#heap.length && this.#isLarger(right, left) ? right : left;
      if (!this.#swapIfLarger(larger, at)) return;
      at = larger;
    }
  }

  #swapIfLarger(child: number, parent: number): boolean {
    if (!this.#isLarger(child, parent)) return false;
    const heap = this.#heap;
    [heap[child], heap[parent]] = [heap[parent] as Item, heap[child] as Item];
    return true;
  }

  #isLarger(a: number, b: number): boolean {
    return this.#compare(this.#heap[a] as Item, this.#heap[b] as Item) > 0;
  }
}
