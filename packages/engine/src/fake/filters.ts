import type { Filters } from '../call-options.ts';
import type { StringMap } from '../model/wire.ts';
import { Refusal } from './failure.ts';

/** Whether labels hold every `name` or `name=value` that is wanted. */
export function labelsMatch(labels: StringMap | null | undefined, wanted: readonly string[]): boolean {
  return wanted.every((term) => {
    const equals = term.indexOf('=');
    const name = equals < 0 ? term : term.slice(0, equals);
    if (labels == null || !Object.hasOwn(labels, name)) return false;
    return equals < 0 || labels[name] === term.slice(equals + 1);
  });
}

/** One test per filter name: whether a thing has any of the values. */
export type FilterTests<T> = { readonly [name: string]: (thing: T, wanted: readonly string[]) => boolean };

/** The things that pass every filter; an unknown filter is refused as the real engine does. */
export function applyFilters<T>(
  things: readonly T[],
  filters: Filters | undefined,
  tests: FilterTests<T>,
): readonly T[] {
  const active = Object.entries(filters ?? {});
  for (const [name] of active) {
    if (!Object.hasOwn(tests, name)) throw new Refusal('bad-request', `invalid filter '${name}'`);
  }
  return things.filter((thing) => active.every(([name, wanted]) => tests[name]?.(thing, wanted) ?? false));
}
