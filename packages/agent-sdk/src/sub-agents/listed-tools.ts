import type { AgentDefinition } from "@claw/agent-extensions";
import { mcpToolName } from "@claw/agent-permissions";
import { toolOfRule } from "./agent-policy.ts";

/** Whether a definition lets its agent have a tool at all. */
export function isListed(definition: AgentDefinition, tool: string): boolean {
  const { tools, disallowedTools = [], mcpServers } = definition;
  if (mcpServers !== undefined && tool.startsWith("mcp__") && !mcpServers.some((name) => isOf(name, tool))) {
    return false;
  }
  if (disallowedTools.some((rule) => !rule.includes("(") && isOfRule(rule, tool))) return false;
  const isNamed = tools?.some((rule) => isOfRule(rule, tool)) ?? false;
  if (isNamed || tool === "Recall") return true;
  if (taskTools.has(tool)) return isListed(definition, "Bash");
  return tools === undefined;
}

/** Whoever may start a command may look after it. */
const taskTools: ReadonlySet<string> = new Set(["TaskOutput", "TaskStop", "Monitor"]);

/** Whether a tool is one of this server's, as models know it. */
function isOf(server: string, tool: string): boolean {
  return tool.startsWith(mcpToolName(server, ""));
}

function isOfRule(rule: string, tool: string): boolean {
  return toolOfRule(rule) === tool || isServerOf(rule, tool);
}

/** `mcp__server` stands for all tools of the server, and so does `mcp__server__*`. */
function isServerOf(rule: string, tool: string): boolean {
  const server = /^(mcp__[^_]+(?:_[^_]+)*)(?:__\*)?$/.exec(rule)?.[1];
  return server !== undefined && tool.startsWith(`${server}__`);
}
