import { FaultError, isJsonObject, type JsonObject, type ToolSpec, thrownText } from "@claw/agent-core";
import type { AnyTool } from "./tool.ts";

/**
 * The tool as a model sees it, its schema printed.
 * @throws FaultError `invalid-tool` when the name, the description or the schema cannot be shown to a model, or a function is missing.
 */
export function toolSpec(tool: AnyTool): ToolSpec {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(tool.name)) {
    const name = JSON.stringify(String(tool.name).slice(0, 200));
    throw invalid(`${name} is not a tool name.`, "Use 1 to 128 letters, digits, underscores or hyphens.");
  }
  if (typeof tool.description !== "string") throw invalid(`The tool ${tool.name} has no description.`);
  for (const part of ["effects", "run"] as const) {
    if (typeof tool[part] !== "function")
      throw invalid(`The tool ${tool.name} has no function "${part}".`, hints[part]);
  }
  return { name: tool.name, description: tool.description, inputSchema: printedSchema(tool) };
}

const hints = {
  effects:
    "It says what a call will do before it runs: `() => []` where it touches nothing outside of the session.",
  run: "It does what the model asked for, and returns text, content or an outcome.",
};

function printedSchema(tool: AnyTool): JsonObject {
  // Checked at run time too: older versions of schema libraries have no printer.
  const standard: Partial<AnyTool["input"]["~standard"]> | undefined = tool.input?.["~standard"];
  if (typeof standard?.validate !== "function" || typeof standard.jsonSchema?.input !== "function") {
    throw invalid(
      `The input of the tool ${tool.name} is not a schema that can print itself as JSON Schema.`,
      "Use zod 4 (not zod 3 or zod/mini), arktype 2, valibot through toStandardJsonSchema, or jsonSchema({ … }).",
    );
  }
  const schema = print(tool, () => standard.jsonSchema?.input({ target: "draft-2020-12" }));
  if (!isJsonObject(schema) || schema["type"] !== "object") {
    throw invalid(
      `The input of the tool ${tool.name} is not an object schema.`,
      "Models send named arguments: put the schema into a field of an object.",
    );
  }
  // Every request carries it, and no model needs it.
  const { $schema: _, ...rest } = schema;
  return rest;
}

function print(tool: AnyTool, printer: () => Record<string, unknown> | undefined): JsonObject | undefined {
  try {
    // Through JSON, so that it is plain and nobody else's.
    return JSON.parse(JSON.stringify(printer())) as JsonObject;
  } catch (thrown) {
    throw invalid(
      `The input of the tool ${tool.name} cannot be printed as JSON Schema: ${thrownText(thrown)}`,
      "Use types that JSON has; transform them after the check.",
    );
  }
}

function invalid(message: string, hint?: string): FaultError {
  return new FaultError({ code: "invalid-tool", message, ...(hint === undefined ? {} : { hint }) });
}
