import { skipBlank } from "./skip-blank.ts";

/** Reads what stands between brackets with commas between; gives the place behind the closing one. */
export function readItems(
  text: string,
  at: number,
  closing: string,
  readItem: (from: number) => number | undefined,
): number | undefined {
  let next = skipBlank(text, at + 1);
  while (text.charAt(next) !== closing) {
    const end = readItem(next);
    if (end === undefined) return undefined;
    next = skipBlank(text, end);
    if (text.charAt(next) === ",") next = skipBlank(text, next + 1);
    else if (text.charAt(next) !== closing) return undefined;
  }
  return next + 1;
}
