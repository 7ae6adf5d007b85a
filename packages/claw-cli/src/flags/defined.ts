/** An object with this field, or without it where there is no value. */
export function defined<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [Name in Key]?: Value } {
  // A computed key widens to string; the pair is exactly the type that is promised.
  return value === undefined ? {} : ({ [key]: value } as { readonly [Name in Key]: Value });
}
