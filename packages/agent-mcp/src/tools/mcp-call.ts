import { isJsonObject, type JsonObject } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema } from "@claw/agent-tools";
import { mcpCallName, toolSearchName } from "./tool-search.ts";

/**
 * Calls a tool that `ToolSearch` found. It does nothing itself: the call it makes goes the way of every other, with
 * its own check, permission and record.
 */
export function mcpCall(): AnyTool {
  return defineTool({
    name: mcpCallName,
    description: `Calls a tool of an MCP server that ${toolSearchName} showed you.`,
    input: jsonSchema<{ tool: string; input?: JsonObject }>({
      type: "object",
      properties: {
        tool: { type: "string", description: "Its name, such as mcp__server__tool" },
        input: { type: "object", description: "Its arguments, as its schema says" },
      },
      required: ["tool"],
      additionalProperties: false,
    }),
    effects: () => [],
    concurrent: () => false,
    timeoutMs: Number.POSITIVE_INFINITY,
    run: ({ tool, input }, { invoke }) => {
      if (!tool.startsWith("mcp__")) {
        return failed(
          "invalid-input",
          `${mcpCallName} calls tools of MCP servers only; call ${tool} by its name.`,
        );
      }
      return invoke(tool, isJsonObject(input) ? input : {});
    },
  });
}
