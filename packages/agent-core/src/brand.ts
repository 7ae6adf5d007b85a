declare const brand: unique symbol;

/** A primitive that only its own parser may make, so that ids of different kinds cannot be mixed up. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
