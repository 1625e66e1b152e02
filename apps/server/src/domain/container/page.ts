import type { ContainerPage, ContainerPageRequest, ContainerView } from '@drover/contract';
import { Refusal } from '../refusal.ts';

/**
 * One page of the containers that match, in the order asked for. It looks at each container once and keeps no more than a page, so
 * that a page of a hundred costs the same wherever it lies.
 */
export function pageOf(views: Iterable<ContainerView>, request: ContainerPageRequest): ContainerPage {
  const { limit, sort, descending } = request;
  const compare = comparing(descending);
  const matches = matching(request);
  const after = request.after === undefined ? undefined : readCursor(request.after);
  const page = new Smallest(limit + 1, compare);
  let total = 0;
  for (const view of views) {
    if (!matches(view)) continue;
    total += 1;
    const item = { key: keys[sort](view), id: view.id, view };
    if (after === undefined || compare(item, after) > 0) page.add(item);
  }
  const items = page.sorted();
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return {
    containers: shown.map(({ view }) => view),
    total,
    ...(items.length > limit && last !== undefined ? { next: writeCursor(last) } : {}),
  };
}

interface Place {
  readonly key: string;
  readonly id: string;
}

interface Item extends Place {
  readonly view: ContainerView;
}

type Compare = (a: Place, b: Place) => number;

const keys: { readonly [Sort in ContainerPageRequest['sort']]: (view: ContainerView) => string } = {
  name: ({ name }) => name,
  host: ({ host = '', name }) => `${host}\0${name}`,
  stack: ({ stack = '', service = '', name }) => `${stack}\0${service}\0${name}`,
  state: ({ state, name }) => `${state}\0${name}`,
  created: ({ createdAt }) => createdAt,
};

function comparing(descending: boolean): Compare {
  const sign = descending ? -1 : 1;
  // The id decides between equals, so that no page misses or repeats one.
  return (a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
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
function writeCursor({ key, id }: Place): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

function readCursor(text: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(place) && typeof place[0] === 'string' && typeof place[1] === 'string')
      return { key: place[0], id: place[1] };
  } catch {
    // Said below.
  }
  throw new Refusal('invalid', 'reading a page of containers: "after" is not the "next" of another page');
}

/** Keeps the smallest items of all that are added: a heap with the largest of them on top. */
class Smallest {
  readonly #most: number;
  readonly #compare: Compare;
  readonly #heap: Item[] = [];

  constructor(most: number, compare: Compare) {
    this.#most = most;
    this.#compare = compare;
  }

  add(item: Item): void {
    const heap = this.#heap;
    const top = heap[0];
    if (heap.length === this.#most) {
      if (top === undefined || this.#compare(item, top) >= 0) return;
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
    const [a, b] = [this.#heap[child], this.#heap[parent]];
    if (a !== undefined && b !== undefined) {
      this.#heap[child] = b;
      this.#heap[parent] = a;
    }
    return true;
  }

  #isLarger(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    return one !== undefined && other !== undefined && this.#compare(one, other) > 0;
  }
}
