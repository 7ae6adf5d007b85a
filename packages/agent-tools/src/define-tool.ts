import type { Tool } from "./tool.ts";
import type { ToolSchema } from "./tool-schema.ts";

/** Returns the tool unchanged; exists so that the type of `input` follows from the schema. */
export function defineTool<Schema extends ToolSchema>(tool: Tool<Schema>): Tool<Schema> {
  return tool;
}
