import type { RuleBook, RuleEntry } from "./rule-book.ts";

/** A book that is read only. */
export type RuleList = Pick<RuleBook, "entries">;

/** Both as one; the same array until one of them changes, or another one stands in the place of the second. */
export function joinedRules(first: RuleList, second: () => RuleList | undefined): RuleList {
  let from: readonly unknown[] = [];
  let entries: readonly RuleEntry[] = [];
  return {
    entries: () => {
      const now = [first.entries(), second()?.entries()] as const;
      if (now[0] !== from[0] || now[1] !== from[1]) {
        from = now;
        entries = now[1] === undefined ? now[0] : [...now[0], ...now[1]];
      }
      return entries;
    },
  };
}
