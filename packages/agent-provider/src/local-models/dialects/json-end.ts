import type { ReadContext } from "./dialect.ts";

/** Where the JSON object or array that begins at `at` ends (exclusive); `undefined` when it does not. */
export function jsonEnd(text: string, at: number, { work }: Pick<ReadContext, "work">): number | undefined {
  const end = findEnd(text, at);
  work.left -= (end ?? text.length) - at;
  return end;
}

function findEnd(text: string, at: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let index = at; index < text.length; index++) {
    const char = text.charAt(index);
    if (inString) {
      if (char === "\\") index++;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      inString = true;
    } else if (char === "{" || char === "[") {
      depth++;
    } else if (char === "}" || char === "]") {
      depth--;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}
