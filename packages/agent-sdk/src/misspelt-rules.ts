import type { Fault } from "@claw/agent-core";
import type { RuleEntry } from "@claw/agent-permissions";
import { builtinToolNames } from "@claw/tools-builtin";

/**
 * What to say about rules on a built-in tool whose name is written in other letters, such as `bash`: they are about no tool, so
 * that one that denies stops nothing. `own` are the names of the other tools that there are.
 */
export function misspeltRules(rules: readonly RuleEntry[], own: readonly string[]): readonly Fault[] {
  const exact = new Set([...builtinToolNames, ...own]);
  const known = new Map(builtinToolNames.map((name) => [name.toLowerCase(), name]));
  return rules.flatMap(({ rule: { tool }, text, source }) => {
    const meant = exact.has(tool) ? undefined : known.get(tool.toLowerCase().replaceAll(/[-_]/g, ""));
    if (meant === undefined) return [];
    return {
      code: "rule-without-effect",
      message: `The rule ${text} of ${source.name} has no effect: no tool is called ${tool}.`,
      hint: `Did you mean ${meant}?`,
    };
  });
}
