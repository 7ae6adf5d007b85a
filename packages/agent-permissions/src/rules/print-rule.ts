import type { Rule } from "./rule.ts";

/** The rule as it is written in settings; `parseRule` reads it back to the same rule. */
export function printRule(rule: Rule): string {
  switch (rule.type) {
    case "tool":
      return rule.tool;
    case "host":
      return `${rule.tool}(domain:${rule.pattern})`;
    case "argument":
      return `${rule.tool}(${rule.parameter}:${rule.pattern})`;
    case "command":
    case "path":
    case "name":
      return `${rule.tool}(${rule.pattern})`;
  }
}
