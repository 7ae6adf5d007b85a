import type { Fault } from "@claw/agent-core";
import type { ToolDefinition } from "../server/catalog.ts";

/**
 * What is new or changed in a server's tools since they were last seen; `undefined` when nothing is. One that is gone
 * is no news: some servers tell of their tools piece by piece.
 */
export function toolDrift(
  server: string,
  before: readonly ToolDefinition[],
  now: readonly ToolDefinition[],
): Fault<"mcp-tools-changed"> | undefined {
  const old = new Map(before.map((tool) => [tool.name, JSON.stringify(tool)]));
  const added = now.filter((tool) => !old.has(tool.name)).map((tool) => tool.name);
  const changed = now
    .filter((tool) => old.has(tool.name) && old.get(tool.name) !== JSON.stringify(tool))
    .map((tool) => tool.name);
  const parts = [
    ["new", added],
    ["changed", changed],
  ] as const;
  const said = parts.filter(([, list]) => list.length > 0).map(([word, list]) => `${word}: ${shown(list)}`);
  if (said.length === 0) return undefined;
  return {
    code: "mcp-tools-changed",
    message: `The tools of the MCP server "${server}" are not what they were (${said.join("; ")}).`,
    hint: "A tool's description is its server's word. Look at what changed if you did not expect it.",
  };
}

function shown(names: readonly string[]): string {
  const more = names.length > 8 ? `, and ${names.length - 8} more` : "";
  return `${names.slice(0, 8).join(", ")}${more}`;
}
