import type { ToolSpec } from "@claw/agent-core";
import { type AnyTool, defineTool, jsonSchema } from "@claw/agent-tools";
import type { Mcp } from "../mcp.ts";
import { textScore } from "./text-score.ts";

export interface ToolSearchOptions {
  readonly mcp: Mcp;
  /** The printed form of a tool. */
  readonly specOf: (tool: AnyTool) => ToolSpec;
  /** Whether a rule refuses every call of it. */
  readonly hides: (name: string) => boolean;
  /** How long a search waits for servers that are still starting, in milliseconds. */
  readonly waitMs: number;
}

export const toolSearchName = "ToolSearch";
export const mcpCallName = "McpCall";

const maxResults = 20;

/**
 * Finds tools of MCP servers that are not shown from the start. What it gives is text at the end of the conversation,
 * so the request's prefix, and with it the provider's prompt cache, stays as it is.
 */
export function toolSearch({ mcp, specOf, hides, waitMs }: ToolSearchOptions): AnyTool {
  return defineTool({
    name: toolSearchName,
    description: `Finds tools of the connected MCP servers that are not in your list, and shows how to call them. Servers: ${serverList(mcp)}. Call what you find with ${mcpCallName}. An empty query lists the names of all.`,
    input: jsonSchema<{ query: string; max_results?: number }>({
      type: "object",
      properties: {
        query: {
          type: "string",
          description:
            'Words of the name or the purpose, or "select:name,name" for tools whose names you know',
        },
        max_results: { type: "integer", minimum: 1, maximum: maxResults, description: "Default 5" },
      },
      required: ["query"],
      additionalProperties: false,
    }),
    effects: () => [],
    timeoutMs: waitMs + 10_000,
    run: async ({ query, max_results = 5 }, { signal }) => {
      await mcp.settled(waitMs, signal);
      const tools = mcp.tools().filter((tool) => !hides(tool.name));
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      if (words.length === 0) return `${tools.map((tool) => tool.name).join("\n")}\n${away(mcp)}`.trim();
      const found = matching(tools, query, words).slice(0, max_results);
      if (found.length === 0) return `No tool of an MCP server answers to "${query}". ${away(mcp)}`.trim();
      const shown = found.map((tool) => JSON.stringify(specOf(tool)));
      return `${shown.join("\n")}\nCall one with ${mcpCallName} {"tool": name, "input": {…}}. ${away(mcp)}`.trim();
    },
  });
}

function matching(tools: readonly AnyTool[], query: string, words: readonly string[]): readonly AnyTool[] {
  const named = /^select:(.*)$/s.exec(query)?.[1]?.split(",");
  if (named !== undefined) {
    const wanted = new Set(named.map((name) => name.trim()));
    return tools.filter((tool) => wanted.has(tool.name));
  }
  return tools
    .map((tool) => ({ tool, score: textScore(words, tool.name, tool.description) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ tool }) => tool);
}

/** Which servers' tools may be missing. */
function away(mcp: Mcp): string {
  return mcp
    .status()
    .filter(({ state }) => state !== "ready")
    .map(
      ({ name, state, fault }) => `The MCP server ${name} is ${state}${fault ? `: ${fault.message}` : "."}`,
    )
    .join(" ");
}

function serverList(mcp: Mcp): string {
  return mcp.servers.map((server) => server.key).join(", ");
}
