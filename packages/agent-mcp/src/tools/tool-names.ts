import type { ToolDefinition } from "../server/catalog.ts";
import { safeName } from "../server/safe-name.ts";

/** Vendors take no longer names. */
const maxLength = 64;

/** `mcp__server__tool` for each tool of a server, unique whatever the server calls them. */
export function toolNames(
  key: string,
  tools: readonly ToolDefinition[],
): ReadonlyMap<string, ToolDefinition> {
  const prefix = `mcp__${key}__`;
  const named = new Map<string, ToolDefinition>();
  const originals = new Set(tools.map((tool) => tool.name));
  for (const tool of tools) {
    // The name of another tool is taken although that one has not had its turn.
    const isTaken = (candidate: string): boolean =>
      named.has(prefix + candidate) || (candidate !== tool.name && originals.has(candidate));
    const name = prefix + safeName(tool.name, isTaken, maxLength - prefix.length);
    if (!named.has(name)) named.set(name, tool);
  }
  return named;
}
