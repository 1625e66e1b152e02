declare const brand: unique symbol;

/** A primitive that only its own constructor function makes, so that ids of two kinds cannot be mixed up. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };
