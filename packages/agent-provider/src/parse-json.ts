import type { JsonValue } from "@claw/agent-core";

/** The value a text stands for, or `undefined` when the text is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue; // JSON.parse returns nothing else
  } catch {
    return undefined;
  }
}
