import type { RuleBook, RuleEntry } from "./rule-book.ts";
import { toolNameMatches } from "./tool-name.ts";

/** The rule that denies every call of a tool, if there is one: such a tool need not be shown to a model at all. */
export function deniedTool(rules: RuleBook, tool: string): RuleEntry | undefined {
  return rules
    .entries()
    .find(
      ({ behavior, rule }) =>
        behavior === "deny" && rule.type === "tool" && toolNameMatches(rule.tool, tool, behavior),
    );
}
