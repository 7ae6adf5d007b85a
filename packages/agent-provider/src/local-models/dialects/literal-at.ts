/**
 * Whether a literal stands at a place: the place behind it, `open` when the text ends inside of it, or `undefined`.
 */
export function literalAt(text: string, at: number, literal: string): number | "open" | undefined {
  if (text.startsWith(literal, at)) return at + literal.length;
  const left = text.length - at;
  return left < literal.length && literal.startsWith(text.slice(at)) ? "open" : undefined;
}

/** The first of several literals that stands at a place. */
export function anyLiteralAt(
  text: string,
  at: number,
  literals: readonly string[],
): number | "open" | undefined {
  let result: "open" | undefined;
  for (const literal of literals) {
    const behind = literalAt(text, at, literal);
    if (typeof behind === "number") return behind;
    result ??= behind;
  }
  return result;
}
