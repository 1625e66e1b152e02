/** An object as the Engine sends and takes it: a field may be absent, or `null` where it is empty. */
export type Wire<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** A map whose keys users choose; read it with `Object.entries` or `Object.hasOwn` only, since `__proto__` is a legal key. */
export type StringMap = { readonly [key: string]: string };

export type KeySet = { readonly [key: string]: Record<string, never> };
