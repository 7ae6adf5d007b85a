import { isJsonObject, type JsonValue, thrownText } from "@claw/agent-core";

/** The arguments of a call from their text, in the form that a `ToolCallPart` has. */
export interface ToolInput {
  readonly input: JsonValue;
  readonly malformed?: string;
}

/**
 * Reads the arguments of a tool call. No text at all is no arguments, unless the reply was cut off. What is not a
 * JSON object is kept as its raw text together with the reason, and never guessed at.
 */
export function readToolInput(raw: string, cutOff: boolean): ToolInput {
  if (raw.trim() === "") {
    return cutOff ? { input: raw, malformed: "The reply was cut off before the arguments." } : { input: {} };
  }
  let value: JsonValue;
  try {
    value = JSON.parse(raw) as JsonValue; // JSON.parse returns nothing else
  } catch (error) {
    const why = cutOff ? "The reply was cut off inside the arguments." : "The arguments are not valid JSON:";
    return { input: raw, malformed: `${why} ${thrownText(error)}` };
  }
  if (isJsonObject(value)) return { input: value };
  return { input: raw, malformed: `The arguments must be a JSON object, not ${kindOf(value)}.` };
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
