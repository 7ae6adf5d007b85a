import type { Fault } from "@claw/agent-core";
import { hasOddCharacters } from "../visible.ts";
import type { Rule } from "./rule.ts";
import { familyOf } from "./tool-name.ts";

export type RuleFaultCode =
  /** Not a rule at all. */
  | "rule-syntax"
  /** A rule that would never match, or never do what it seems to say. */
  | "rule-without-effect"
  /** A form that only deny and ask rules may have. */
  | "rule-too-broad";

/** Reads one rule as people write it in settings: `Tool` or `Tool(spec)`. Blanks around it do not count. */
export function parseRule(text: string): Rule | Fault<RuleFaultCode> {
  const rule = text.trim();
  if (hasOddCharacters(rule) || /[\t\n]/.test(rule)) {
    return syntax(rule, "It holds invisible characters or line breaks.");
  }
  const open = rule.indexOf("(");
  if (open < 0) return toolRule(rule, rule);
  if (!rule.endsWith(")")) return syntax(rule, "A specifier ends with `)`.");
  const tool = rule.slice(0, open);
  const spec = rule.slice(open + 1, -1);
  if (spec === "" || spec === "*") return toolRule(rule, tool);
  if (!toolName.test(tool)) return syntax(rule, "A tool's name has no blanks, commas or brackets.");
  return specifiedRule(rule, tool, spec);
}

/** Whether what `parseRule` returned is its complaint. */
export function isRuleFault(parsed: Rule | Fault<RuleFaultCode>): parsed is Fault<RuleFaultCode> {
  return "code" in parsed;
}

/** `param:value`, in a specifier. */
export function parameterOf(
  spec: string,
): { readonly parameter: string; readonly value: string } | undefined {
  const found = /^([A-Za-z_-][\w-]*):(.+)$/s.exec(spec);
  const parameter = found?.[1];
  const value = found?.[2];
  if (parameter === undefined || value === undefined || primaryFields.has(parameter)) return undefined;
  return { parameter, value };
}

/** The fields that have a grammar of their own: a rule on their literal text would be easy to get around. */
const primaryFields: ReadonlySet<string> = new Set(["command", "file_path", "path", "notebook_path", "url"]);

const toolName = /^[^\s(),]+$/;

function toolRule(rule: string, tool: string): Rule | Fault<RuleFaultCode> {
  if (toolName.test(tool)) return { type: "tool", tool };
  return syntax(rule, "Write `Tool` or `Tool(specifier)`; a tool's name has no blanks, commas or brackets.");
}

function specifiedRule(rule: string, tool: string, spec: string): Rule | Fault<RuleFaultCode> {
  switch (tool) {
    case "Bash":
      return { type: "command", tool, pattern: spec };
    case "Read":
    case "Edit":
    case "Cd":
      return pathRule(rule, tool, spec);
    case "Agent":
    case "Task":
    case "Skill":
      return { type: "name", tool, pattern: spec };
    case "WebFetch":
      if (spec.startsWith("domain:")) return hostRule(rule, spec.slice("domain:".length));
      break;
  }
  const parameter = parameterOf(spec);
  if (parameter !== undefined) {
    return { type: "argument", tool, parameter: parameter.parameter, pattern: parameter.value };
  }
  const better = familyOf(tool);
  if (better !== undefined) {
    return withoutEffect(
      rule,
      `Paths of ${tool} are decided by ${better} rules.`,
      `Write ${better}(${spec}).`,
    );
  }
  return withoutEffect(
    rule,
    `${tool} has no such specifier.`,
    `Write ${tool} for every call, or ${tool}(parameter:value) to deny or ask.`,
  );
}

function pathRule(rule: string, tool: "Read" | "Edit" | "Cd", spec: string): Rule | Fault<RuleFaultCode> {
  if (!spec.startsWith("!")) return { type: "path", tool, pattern: spec };
  return withoutEffect(rule, "A path rule cannot be negated.", "Put the exception into a rule of its own.");
}

function hostRule(rule: string, host: string): Rule | Fault<RuleFaultCode> {
  const pattern = host.toLowerCase().replace(/\.$/, "");
  if (/^[^\s/:@?#]*[^\s/:@?#.]$/.test(pattern) || /^\[[0-9a-f:.]+\]$/.test(pattern)) {
    return { type: "host", tool: "WebFetch", pattern };
  }
  return syntax(rule, "A domain is a bare host name, such as `example.org` or `*.example.org`.");
}

function syntax(rule: string, hint: string): Fault<RuleFaultCode> {
  return { code: "rule-syntax", message: `"${rule.slice(0, 200)}" is not a permission rule.`, hint };
}

function withoutEffect(rule: string, why: string, hint: string): Fault<RuleFaultCode> {
  return {
    code: "rule-without-effect",
    message: `The rule "${rule.slice(0, 200)}" has no effect. ${why}`,
    hint,
  };
}
