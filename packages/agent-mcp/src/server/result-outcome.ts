import { isJsonObject, type JsonObject, type JsonValue, type ToolOutcome, text } from "@claw/agent-core";
import { jsonSchema } from "@claw/agent-tools";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { blockContent } from "./block-content.ts";

/** The outcome in a server's result. Pictures stay pictures; structured output is text for the model, and details. */
export async function resultOutcome(result: CallToolResult, outputSchema?: JsonObject): Promise<ToolOutcome> {
  const structured = plain(result.structuredContent);
  const blocks = result.content.flatMap(blockContent);
  const spoken = blocks.length > 0 || structured === undefined ? blocks : [text(JSON.stringify(structured))];
  const problem =
    structured === undefined || outputSchema === undefined || result.isError === true
      ? undefined
      : await structuredProblem(structured, outputSchema);
  const content = problem === undefined ? spoken : [...spoken, text(`\n[${problem}]`)];
  const details = structured === undefined ? {} : { details: { structured } };
  if (result.isError !== true) return { status: "ok", content, ...details };
  const message = content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  return {
    status: "failed",
    content: content.length > 0 ? content : [text("The tool reports an error without words.")],
    error: {
      code: "tool-failed",
      message: message.slice(0, 2_000) || "The tool reports an error without words.",
    },
    ...details,
  };
}

/** The server's regular expressions are not run. */
async function structuredProblem(structured: JsonValue, schema: JsonObject): Promise<string | undefined> {
  try {
    const checked = await jsonSchema(schema, { ignorePatterns: true })["~standard"].validate(structured);
    const first = checked.issues?.[0];
    return first === undefined
      ? undefined
      : `The structured output does not fit the tool's own schema: ${first.message.slice(0, 300)}`;
  } catch {
    return undefined; // A schema that cannot be compiled says nothing about the output.
  }
}

function plain(value: unknown): JsonValue | undefined {
  if (value === undefined) return undefined;
  const copy = JSON.parse(JSON.stringify(value)) as JsonValue;
  return isJsonObject(copy) || Array.isArray(copy) ? copy : { value: copy };
}
