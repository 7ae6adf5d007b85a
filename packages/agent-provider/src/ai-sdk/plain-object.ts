import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";

/** The JSON of an object that may hold anything, or `undefined` when it has none. What is no JSON in it is left out. */
export function plainObject(value: unknown): JsonObject | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    const json = JSON.parse(JSON.stringify(value)) as JsonValue; // JSON.parse returns nothing else
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
