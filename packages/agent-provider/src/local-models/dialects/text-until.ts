import type { ReadContext } from "./dialect.ts";

/** The text up to a literal, and the place behind it; `undefined` when it does not come. */
export function textUntil(
  text: string,
  at: number,
  literal: string,
  { work }: Pick<ReadContext, "work">,
): { readonly text: string; readonly end: number } | undefined {
  const found = text.indexOf(literal, at);
  work.left -= (found === -1 ? text.length : found) - at;
  return found === -1 ? undefined : { text: text.slice(at, found), end: found + literal.length };
}
