import type { Fault } from "@claw/agent-core";
import { isRuleFault, parseRule, type RuleFaultCode } from "./parse-rule.ts";
import { printRule } from "./print-rule.ts";
import type { Rule, RuleBehavior, RuleSource } from "./rule.ts";

/** The rules of a session. Live: a policy made with the book sees each change at its next decision. */
export interface RuleBook {
  /** A fault says why the rule was not added. A rule that is there already is not added twice. */
  readonly add: (
    behavior: RuleBehavior,
    text: string,
    source: RuleSource,
  ) => Fault<RuleFaultCode> | undefined;
  /** Takes the rule out, from one source or from all; tells whether it was there. */
  readonly remove: (behavior: RuleBehavior, text: string, source?: RuleSource) => boolean;
  /** In the order in which they were added. The same array until the book changes. */
  readonly entries: () => readonly RuleEntry[];
}

export interface RuleEntry {
  readonly behavior: RuleBehavior;
  readonly rule: Rule;
  /** As it is written in its source. */
  readonly text: string;
  readonly source: RuleSource;
}

export function createRuleBook(): RuleBook {
  let entries: readonly RuleEntry[] = [];
  return {
    add(behavior, text, source) {
      const rule = parseRule(text);
      if (isRuleFault(rule)) return rule;
      const fault = behavior === "allow" ? tooBroad(rule) : undefined;
      if (fault !== undefined) return fault;
      const entry: RuleEntry = { behavior, rule, text: text.trim(), source };
      if (!entries.some((other) => sameRule(other, entry) && sameSource(other.source, source))) {
        entries = [...entries, entry];
      }
      return undefined;
    },
    remove(behavior, text, source) {
      const rule = parseRule(text);
      if (isRuleFault(rule)) return false;
      const kept = entries.filter(
        (entry) =>
          !(
            sameRule(entry, { behavior, rule }) &&
            (source === undefined || sameSource(entry.source, source))
          ),
      );
      const found = kept.length < entries.length;
      if (found) entries = kept;
      return found;
    },
    entries: () => entries,
  };
}

type RuleUse = Pick<RuleEntry, "behavior" | "rule">;

function sameRule(one: RuleUse, other: RuleUse): boolean {
  return one.behavior === other.behavior && printRule(one.rule) === printRule(other.rule);
}

function sameSource(one: RuleSource, other: RuleSource): boolean {
  return one.name === other.name && one.root === other.root;
}

function tooBroad(rule: Rule): Fault<RuleFaultCode> | undefined {
  if (rule.type === "argument") {
    return {
      code: "rule-too-broad",
      message: `The rule "${printRule(rule)}" can deny or ask, but not allow: one argument does not tell what a call does.`,
    };
  }
  if (rule.type === "tool" && rule.tool.includes("*") && !/^mcp__[^*]+?__[^*]*\*/.test(rule.tool)) {
    return {
      code: "rule-too-broad",
      message: `The rule "${rule.tool}" cannot allow: it would also match tools that are not known yet.`,
      hint: "Name the tool, or the MCP server as in `mcp__server__*`.",
    };
  }
  return undefined;
}
