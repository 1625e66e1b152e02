/**
 * An object as it travels to and from the Engine: every field may be absent, and may be `null` where Go holds an empty
 * slice, map or pointer. `undefined` is left out when it is sent.
 */
export type Wire<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** A map whose keys users choose. What the Engine sent may hold `__proto__`; read it with `Object.hasOwn` or entries. */
export type StringMap = { readonly [key: string]: string };

/** A Go set: only its keys mean something. */
export type KeySet = { readonly [key: string]: Record<string, never> };
