import { isJsonObject, type JsonObject, type ToolCallPart } from "@claw/agent-core";

/**
 * The arguments of a call as they go back to a model. Vendors take objects only, so what was no JSON object is
 * wrapped: the model sees what it wrote, next to the error that it got for it.
 */
export function callArguments(part: ToolCallPart): JsonObject {
  if (part.malformed === undefined && isJsonObject(part.input)) return part.input;
  return { INVALID_JSON: part.input };
}
