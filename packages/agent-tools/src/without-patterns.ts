import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";

/** The schema without its regular expressions; what they alone described is then allowed. */
export function withoutPatterns(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema)
    .filter(
      ([key, value]) => !(key === "pattern" && typeof value === "string") && key !== "patternProperties",
    )
    .filter(([key]) => !(Object.hasOwn(schema, "patternProperties") && closing.has(key)))
    .map(([key, value]): [string, JsonValue] => [key, data.has(key) ? value : inside(key, value)]);
  return Object.fromEntries(entries);
}

/** They reject what no `patternProperties` matched, which is no longer known. */
const closing: ReadonlySet<string> = new Set(["additionalProperties", "unevaluatedProperties"]);

/** Keywords that hold values, not schemas. */
const data: ReadonlySet<string> = new Set(["const", "enum", "default", "examples"]);

/** Keywords whose keys are names of the author's, not keywords. */
const maps: ReadonlySet<string> = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);

function inside(key: string, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => inside("", item));
  if (!isJsonObject(value)) return value;
  if (!maps.has(key)) return withoutPatterns(value);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, inside("", schema)]));
}
