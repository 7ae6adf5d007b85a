import { isAbsolute, relative } from "node:path";
import { slashed } from "./slashed.ts";

/** How a path is written in a result: from the session's folder when it is inside, else absolute. */
export function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  const outside =
    inside === ".." || inside.startsWith("../") || inside.startsWith("..\\") || isAbsolute(inside);
  if (outside) return slashed(path);
  return inside === "" ? "." : slashed(inside);
}
