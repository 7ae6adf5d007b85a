import type { AgentDefinition } from "@claw/agent-extensions";
import { toolOfRule } from "./agent-policy.ts";

/** Whether a definition lets its agent have a tool at all. */
export function isListed({ tools, disallowedTools = [] }: AgentDefinition, tool: string): boolean {
  if (disallowedTools.some((rule) => !rule.includes("(") && toolOfRule(rule) === tool)) return false;
  return tools === undefined || tools.some((rule) => toolOfRule(rule) === tool || isServerOf(rule, tool));
}

/** `mcp__server` stands for all tools of the server. */
function isServerOf(rule: string, tool: string): boolean {
  return /^mcp__[^_]+(?:_[^_]+)*$/.test(rule) && tool.startsWith(`${rule}__`);
}
