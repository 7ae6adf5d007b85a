import { globMatcher } from "../search/glob-matcher.ts";
import type { GlobQuery } from "./glob-query.ts";

/** Whether a path relative to the base fits. Names that hold the pattern's own brackets literally fit too. */
export function queryMatcher(query: GlobQuery): (relative: string) => boolean {
  const matches = globMatcher(query.rest, { dot: false });
  if (!query.rest.includes("[")) return matches;
  const literally = globMatcher(query.rest.replace(/(?<!\\)[[\]]/g, "\\$&"), { dot: false });
  return (relative) => matches(relative) || literally(relative);
}
