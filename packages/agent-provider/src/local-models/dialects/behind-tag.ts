import { anyLiteralAt } from "./literal-at.ts";
import { skipBlank } from "./skip-blank.ts";

/** Where a form begins, and whether a tag stands before it. */
export interface BehindTag {
  readonly begin: number;
  readonly tagged: boolean;
}

/** Passes over one of the tags, where one stands there, and over blanks behind it. `open`: that will show. */
export function behindTag(text: string, at: number, tags: readonly string[]): BehindTag | "open" {
  const behind = anyLiteralAt(text, at, tags);
  if (behind === "open") return "open";
  const begin = behind === undefined ? at : skipBlank(text, behind);
  return begin === text.length ? "open" : { begin, tagged: behind !== undefined };
}
