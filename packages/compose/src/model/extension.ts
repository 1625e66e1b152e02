/** Keys that begin with `x-` carry whatever the author wants; they are kept in the model and never hashed. */
export interface Extensible {
  readonly [extension: `x-${string}`]: unknown;
}

/** A mapping keyed by the author's own words. Null-prototype when made by the loader: `__proto__` is a legal key. */
export type Named<Value> = Readonly<Record<string, Value>>;
