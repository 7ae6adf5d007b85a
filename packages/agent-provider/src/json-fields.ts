import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";

// Reading of JSON that a stranger wrote: a field of the wrong type counts as absent.

/** The text under a key. */
export function textField(object: JsonObject | undefined, key: string): string | undefined {
  const value = field(object, key);
  return typeof value === "string" ? value : undefined;
}

/** The finite number under a key. */
export function numberField(object: JsonObject | undefined, key: string): number | undefined {
  const value = field(object, key);
  // JSON has no infinity, but 1e999 becomes one.
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The number under a key, where it can be a count. */
export function countField(object: JsonObject | undefined, key: string): number | undefined {
  const value = numberField(object, key);
  return value !== undefined && value >= 0 ? value : undefined;
}

/** The object under a key. */
export function objectField(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = field(object, key);
  return isJsonObject(value) ? value : undefined;
}

/** The objects of the array under a key; an empty list when there is none. */
export function objectsField(object: JsonObject | undefined, key: string): readonly JsonObject[] {
  const value = field(object, key);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The value under a key of the object itself; what it inherits does not count. */
export function field(object: JsonObject | undefined, key: string): JsonValue | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
