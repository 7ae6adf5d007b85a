import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import type { ExampleRule } from "../check/example-rule.ts";
import type { RuleBehavior } from "../rules/rule.ts";
import type { ImportedRules } from "./import-rules.ts";
import { prefixRule } from "./prefix-pattern.ts";

/** Gemini CLI: `[[rule]]` tables with toolName, commandPrefix, decision and priority. */
export async function readGeminiRules(text: string): Promise<ImportedRules> {
  const { parse } = await import("smol-toml");
  const value: JsonValue = JSON.parse(JSON.stringify(parse(text)));
  const tables = isJsonObject(value) ? (value["rule"] ?? []) : [];
  if (!Array.isArray(tables)) throw new Error("`rule` is not a list of tables.");
  const rules: ExampleRule[] = [];
  const left: string[] = [];
  for (const [index, table] of tables.entries()) {
    const place = `rule ${index + 1}`;
    if (!isJsonObject(table)) throw new Error(`${place} is not a table.`);
    const behavior = behaviorOf(table, place);
    const reason = unsayable(table, behavior);
    if (reason !== undefined) left.push(`${place} (${behavior}): ${reason}.`);
    else {
      for (const rule of rulesOf(table)) rules.push({ behavior, rule, place, match: [], notMatch: [] });
    }
  }
  return { rules, left: [...left, ...outranked(tables)] };
}

function behaviorOf({ decision }: JsonObject, place: string): RuleBehavior {
  switch (decision) {
    case "allow":
      return "allow";
    case "deny":
      return "deny";
    case "ask_user":
      return "ask";
  }
  throw new Error(`${place}: decision must be allow, deny or ask_user.`);
}

/** Conditions that narrow a rule: without them an allow would allow more. */
const narrowing = [
  "modes",
  "interactive",
  "subagent",
  "toolAnnotations",
  "argsPattern",
  "commandRegex",
] as const;

const known = [
  "toolName",
  "mcpName",
  "commandPrefix",
  "decision",
  "priority",
  "denyMessage",
  "allowRedirection",
];

function unsayable(table: JsonObject, behavior: RuleBehavior): string | undefined {
  const condition = narrowing.find((key) => table[key] !== undefined);
  if (condition !== undefined) return `${condition} cannot be said here`;
  const unknown = Object.keys(table).find((key) => !known.includes(key));
  if (unknown !== undefined) return `${unknown} is not known`;
  if (behavior === "allow" && table["allowRedirection"] === true) {
    return "allowRedirection cannot be said here: where output goes is judged by itself";
  }
  const rules = rulesOf(table);
  return rules.length === 0 ? "no rule can say which calls it means" : undefined;
}

const toolNames: ReadonlyMap<string, string> = new Map([
  ["run_shell_command", "Bash"],
  ["read_file", "Read"],
  ["read_many_files", "Read"],
  ["list_directory", "LS"],
  ["write_file", "Write"],
  ["replace", "Edit"],
  ["glob", "Glob"],
  ["search_file_content", "Grep"],
  ["grep_search", "Grep"],
  ["web_fetch", "WebFetch"],
  ["*", "*"],
]);

/** Empty where one of its calls cannot be said: half a rule is another rule. */
function rulesOf({ toolName, mcpName, commandPrefix }: JsonObject): readonly string[] {
  const names = listed(toolName ?? (commandPrefix === undefined ? "*" : "run_shell_command"));
  if (typeof mcpName === "string") return names.map((name) => `mcp__${mcpName}__${name}`);
  if (commandPrefix !== undefined) {
    const rules = listed(commandPrefix).map((prefix) => prefixRule(prefix.trim().split(/\s+/)));
    return names.every((name) => name === "run_shell_command") ? whole(rules) : [];
  }
  return whole(names.map((name) => toolNames.get(name) ?? mcpRule(name)));
}

/** `server__tool`. */
function mcpRule(name: string): string | undefined {
  return /^[\w-]+__[\w*-]+$/.test(name) ? `mcp__${name}` : undefined;
}

function whole(rules: readonly (string | undefined)[]): readonly string[] {
  const said = rules.filter((rule) => rule !== undefined);
  return said.length === rules.length ? said : [];
}

function listed(value: JsonValue): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** There the higher priority wins; here a denial does. */
function outranked(tables: readonly JsonValue[]): readonly string[] {
  const priorities = (behavior: string): readonly number[] =>
    tables
      .filter(isJsonObject)
      .filter(({ decision }) => decision === behavior)
      .map(({ priority }) => (typeof priority === "number" ? priority : 0));
  const allow = Math.max(-1, ...priorities("allow"));
  const stops = [...priorities("deny"), ...priorities("ask_user")];
  return stops.some((priority) => priority < allow)
    ? ["An allow rule with a higher priority does not win here: deny beats ask beats allow."]
    : [];
}
