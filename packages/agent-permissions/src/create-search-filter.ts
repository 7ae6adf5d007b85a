import { isWithin, normalPath, pathBelow, slashed } from "./paths/path-name.ts";
import type { RuleBook } from "./rules/rule-book.ts";
import { ruleSetOf } from "./rules/rule-set.ts";

export interface SearchFilterOptions {
  readonly rules: RuleBook;
  readonly cwd: string;
  /** Where `cwd` leads to, if that is another name: a rule for one name of a file counts for the other. */
  readonly realCwd?: string;
  readonly home: string;
  readonly caseInsensitive?: boolean;
}

/**
 * For tools that search folders: whether a file found on the way may be opened, which a deny or ask rule on reading
 * says no to. It goes by names, so the search must not follow links. Live like the rules are. A tool that keeps to it
 * is named in the policy's `filteredTools`.
 */
export function createSearchFilter(options: SearchFilterOptions): (path: string) => boolean {
  const cwd = normalPath(slashed(options.cwd));
  const realCwd = normalPath(slashed(options.realCwd ?? options.cwd));
  const home = normalPath(slashed(options.home));
  const rules = ruleSetOf(options.rules, { cwd, home, caseInsensitive: options.caseInsensitive === true });
  return (path) => {
    const { paths, tools } = rules();
    const given = normalPath(slashed(path));
    const names = [given, renamed(given, realCwd, cwd), renamed(given, cwd, realCwd)];
    return (["deny", "ask"] as const).every(
      (behavior) =>
        !tools[behavior].some(({ rule }) => rule.tool === "Read") &&
        !paths[behavior].some(({ rule, pattern }) => rule.tool === "Read" && names.some(pattern.matches)),
    );
  };
}

function renamed(path: string, from: string, to: string): string {
  return isWithin(path, from) ? normalPath(`${to}/${pathBelow(path, from)}`) : path;
}
