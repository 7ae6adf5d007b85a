import type { RuleEntry } from "../rules/rule-book.ts";
import { anything, wildcardMayMatch } from "../rules/wildcard.ts";
import type { ShellWord } from "../shell/shell-script.ts";
import type { CallFacts } from "./call-facts.ts";

/** A deny or ask rule on reading that some name which fits the glob may fall under; `folders`: where alone they lie. */
export function ruledGlob(
  { rules }: CallFacts,
  { glob }: ShellWord,
  folders?: readonly string[],
): RuleEntry | undefined {
  const segments = glob?.split("/") ?? [];
  for (const behavior of ["deny", "ask"] as const) {
    const found = rules.paths[behavior].find(({ rule, pattern }) => {
      if (folders?.some((folder) => pattern.mayMatchBelow(folder)) === false) return false;
      const named = rule.pattern.split("/").filter((segment) => !/^(|\.|\*+|~)$/.test(segment));
      const last = named.at(-1)?.replace(/[*?]+|\[[^\]]*\]/g, anything);
      return last === undefined || segments.some((segment) => mayBeOne(segment, last));
    });
    if (found !== undefined && segments.length > 0) return found.entry;
  }
  return undefined;
}

/** Whether a name can fit both patterns. */
function mayBeOne(glob: string, pattern: string): boolean {
  if (glob.startsWith(anything) && pattern.startsWith(".")) return false;
  if (!pattern.includes(anything)) return wildcardMayMatch(pattern, glob);
  const [one = "", other = ""] = [glob, pattern].map((text) => text.slice(text.lastIndexOf(anything) + 1));
  return one.endsWith(other) || other.endsWith(one);
}
