import type { Decision, Fault, Policy } from "@claw/agent-core";
import type { RuleFaultCode } from "./parse-rule.ts";
import type { RuleBehavior, RuleSource } from "./rule.ts";
import type { RuleBook } from "./rule-book.ts";
import { familyOf, toolNameMatches } from "./tool-name.ts";

/** A rule that was not added. */
export interface UnusableRule {
  readonly behavior: RuleBehavior;
  readonly text: string;
  readonly source: RuleSource;
  readonly fault: Fault<RuleFaultCode>;
}

/** Adds the rules of one source; those that cannot be used are given back, never dropped in silence. */
export function addRules(
  book: RuleBook,
  rules: Readonly<Partial<Record<RuleBehavior, readonly string[]>>>,
  source: RuleSource,
): readonly UnusableRule[] {
  return (["deny", "ask", "allow"] as const).flatMap((behavior) =>
    (rules[behavior] ?? []).flatMap((text) => {
      const fault = book.add(behavior, text, source);
      return fault === undefined ? [] : [{ behavior, text, source, fault }];
    }),
  );
}

/**
 * Asks about what unusable rules may have been meant to stop: everything that has an effect where one cannot be read
 * at all, else every call of the tools that they name. A rule that is known to stop nothing in other agents either,
 * such as `Write(x)`, is left to its fault. `undefined` where there is nothing to make up for.
 */
export function askInsteadOf(unusable: readonly UnusableRule[]): Policy | undefined {
  const tools = unusable.flatMap((rule) => meantTool(rule) ?? []);
  if (tools.length === 0) return undefined;
  return ({ tool, effects }): Decision | undefined =>
    effects.length > 0 && tools.some((name) => toolNameMatches(name, tool, "deny"))
      ? { type: "ask", reason: "A deny or ask rule cannot be understood, and may be about this." }
      : undefined;
}

function meantTool({ behavior, text, fault }: UnusableRule): string | undefined {
  if (behavior === "allow") return undefined;
  if (fault.code === "rule-syntax") return "*";
  const tool = text.trim().split("(")[0] ?? "";
  return familyOf(tool) === undefined ? tool : undefined;
}
