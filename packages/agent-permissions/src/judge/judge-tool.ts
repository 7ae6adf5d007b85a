import { isJsonObject, type JsonValue, type PermissionRequest } from "@claw/agent-core";
import { parameterOf } from "../rules/parse-rule.ts";
import type { Rule, RuleBehavior } from "../rules/rule.ts";
import type { RuleEntry } from "../rules/rule-book.ts";
import type { RuleSet, SortedRule } from "../rules/rule-set.ts";
import { toolNameMatches } from "../rules/tool-name.ts";
import { wildcardMatches } from "../rules/wildcard.ts";
import { type Finding, ruleName } from "./finding.ts";

/** What deny and ask rules say about the tool and its arguments, whatever the call does. */
export function judgeTool(rules: RuleSet, request: PermissionRequest): readonly Finding[] {
  const findings: Finding[] = [];
  for (const behavior of ["deny", "ask"] as const) {
    const entry = toolEntry(rules, behavior, request) ?? argumentEntry(rules, behavior, request);
    if (entry === undefined) continue;
    const says = behavior === "deny" ? "denied by" : "asked about because of";
    const reason = `${request.tool} is ${says} ${ruleName(entry)}.`;
    findings.push({ behavior, basis: "rule", nature: "acts", entry, reason });
  }
  return findings;
}

/** The allow rule on the tool as such, or on the agent or skill that it starts. */
export function toolAllowEntry(rules: RuleSet, request: PermissionRequest): RuleEntry | undefined {
  return toolEntry(rules, "allow", request);
}

function toolEntry(
  rules: RuleSet,
  behavior: RuleBehavior,
  request: PermissionRequest,
): RuleEntry | undefined {
  const names = [request.tool, ...request.effects.flatMap(mcpName)];
  const matches =
    behavior === "allow"
      ? (rule: string): boolean => names.every((name) => toolNameMatches(rule, name, behavior))
      : (rule: string): boolean => names.some((name) => toolNameMatches(rule, name, behavior));
  const byName = rules.tools[behavior].find(({ rule }) => matches(rule.tool));
  return (
    byName ??
    rules.names[behavior].find(({ rule }) => startsNamed(rule.tool, rule.pattern, behavior, request))
  )?.entry;
}

function mcpName(effect: PermissionRequest["effects"][number]): readonly string[] {
  return effect.type === "mcp" ? [mcpToolName(effect.server, effect.tool)] : [];
}

/** The name under which a model knows a tool of an MCP server: what its alphabet lacks is an underscore. */
export function mcpToolName(server: string, tool: string): string {
  return `mcp__${server}__${tool}`.replace(/[^A-Za-z0-9_-]/g, "_");
}

/** `Agent(reviewer)` and `Skill(release *)`. */
function startsNamed(
  tool: "Agent" | "Task" | "Skill",
  pattern: string,
  behavior: RuleBehavior,
  { tool: called, input }: PermissionRequest,
): boolean {
  if (!toolNameMatches(tool, called, behavior)) return false;
  const fields = tool === "Skill" ? ["skill", "name", "command"] : ["subagent_type", "agent", "name", "type"];
  const names = fields.map((field) => scalar(input, field)).filter((name) => name !== undefined);
  // An allow trusts the one field that decides; a deny hits whichever field holds the name.
  const asked = behavior === "allow" ? names.slice(0, 1) : names;
  const anyArguments = pattern.endsWith(" *");
  const name = anyArguments ? pattern.slice(0, -2) : pattern;
  const bare =
    behavior !== "allow" || anyArguments || tool !== "Skill" || scalar(input, "args") === undefined;
  return bare && asked.some((one) => wildcardMatches(name, one));
}

/** Rules on one argument; rules in other languages may be meant so too (`Bash(run_in_background:true)`). */
function argumentEntry(
  rules: RuleSet,
  behavior: "ask" | "deny",
  { tool, input }: PermissionRequest,
): RuleEntry | undefined {
  const explicit = rules.arguments[behavior].find(
    ({ rule }) =>
      toolNameMatches(rule.tool, tool, behavior) && argumentMatches(input, rule.parameter, rule.pattern),
  );
  if (explicit !== undefined) return explicit.entry;
  const others: readonly SortedRule<Exclude<Rule, { readonly type: "tool" | "argument" | "host" }>>[] = [
    ...rules.commands[behavior],
    ...rules.paths[behavior],
    ...rules.names[behavior],
  ];
  return others.find(({ rule }) => {
    const meant = parameterOf(rule.pattern);
    return (
      meant !== undefined &&
      toolNameMatches(rule.tool, tool, behavior) &&
      argumentMatches(input, meant.parameter, meant.value)
    );
  })?.entry;
}

function argumentMatches(input: JsonValue, parameter: string, pattern: string): boolean {
  const value = scalar(input, parameter);
  return value !== undefined && wildcardMatches(pattern, value);
}

/** A top-level argument that is text, a number or a truth value. */
function scalar(input: JsonValue, field: string): string | undefined {
  if (!isJsonObject(input) || !Object.hasOwn(input, field)) return undefined;
  const value = input[field];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}
