import { isJsonObject, type JsonObject, type JsonValue, type ToolSpec } from "@claw/agent-core";
import { field } from "../../json-fields.ts";
import { parseJson } from "../../parse-json.ts";

/**
 * An argument that is written as text between tags: the text itself where the tool's schema allows text, or says
 * nothing of the key; else the JSON that it is, when it has the type.
 */
export function typedValue(raw: string, key: string, tool: ToolSpec): JsonValue {
  const schema = schemaOf(tool, key);
  const types = schema === undefined ? [] : typesOf(schema);
  if (types.length === 0 || types.includes("string")) return raw;
  const value = looseJson(raw);
  return value !== undefined && types.includes(typeOf(value, types)) ? value : raw;
}

/** The JSON that a text is. Models that are trained on Python write its words. */
export function looseJson(raw: string): JsonValue | undefined {
  const text = raw.trim();
  return parseJson(pythonWords.get(text) ?? text);
}

const pythonWords: ReadonlyMap<string, string> = new Map([
  ["True", "true"],
  ["False", "false"],
  ["None", "null"],
]);

function schemaOf(tool: ToolSpec, key: string): JsonObject | undefined {
  const properties = field(tool.inputSchema, "properties");
  const schema = isJsonObject(properties) ? field(properties, key) : undefined;
  return isJsonObject(schema) ? schema : undefined;
}

function typesOf(schema: JsonObject): readonly string[] {
  const type = field(schema, "type");
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type.map(String);
  const options = field(schema, "anyOf") ?? field(schema, "oneOf");
  if (Array.isArray(options))
    return options.flatMap((option: JsonValue) => (isJsonObject(option) ? typesOf(option) : []));
  const values = field(schema, "enum");
  return Array.isArray(values) ? values.map((value: JsonValue) => typeOf(value, [])) : [];
}

function typeOf(value: JsonValue, wanted: readonly string[]): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number")
    return Number.isInteger(value) && wanted.includes("integer") ? "integer" : "number";
  return typeof value;
}
