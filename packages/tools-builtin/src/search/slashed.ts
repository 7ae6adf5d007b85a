import { sep } from "node:path";

/** The path with `/` between its names on every system: how patterns and models write paths. */
export function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
