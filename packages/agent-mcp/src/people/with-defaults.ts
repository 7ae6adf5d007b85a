import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";

/** The answers to a form, and the schema's defaults for what was not answered. */
export function withDefaults(
  schema: JsonObject,
  answers: Readonly<Record<string, JsonValue>>,
): Readonly<Record<string, JsonValue>> {
  const fields = schema["properties"];
  const defaults: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(isJsonObject(fields) ? fields : {})) {
    const fallback = isJsonObject(field) ? field["default"] : undefined;
    if (fallback !== undefined) defaults[name] = fallback;
  }
  return { ...defaults, ...answers };
}
