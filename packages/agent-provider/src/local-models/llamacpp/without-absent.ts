import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { field, textField } from "../../json-fields.ts";
import { requiredKeys } from "./grammar-schema.ts";

/**
 * The arguments without those that are `null` only because the grammar has no other word for leaving them out: the
 * schema does not require them and does not know `null` there.
 */
export function withoutAbsent(value: JsonValue, schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) return value;
  if (Array.isArray(value))
    return value.map((item: JsonValue) => withoutAbsent(item, field(schema, "items")));
  const properties = field(schema, "properties");
  if (!isJsonObject(value) || !isJsonObject(properties)) return value;
  const required = requiredKeys(schema);
  const kept = Object.entries(value).filter(
    ([key, item]) => item !== null || required.has(key) || takesNull(field(properties, key)),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutAbsent(item, field(properties, key))]));
}

/** Unknown schemas and references may. */
function takesNull(schema: JsonValue | undefined): boolean {
  if (!isJsonObject(schema) || Object.keys(schema).length === 0) return true;
  if (textField(schema, "$ref") !== undefined) return true;
  const type = field(schema, "type");
  if (type === "null" || (Array.isArray(type) && type.includes("null"))) return true;
  if (field(schema, "const") === null || includesNull(field(schema, "enum"))) return true;
  const options = field(schema, "anyOf") ?? field(schema, "oneOf");
  return Array.isArray(options) && options.some((option: JsonObject | JsonValue) => takesNull(option));
}

function includesNull(values: JsonValue | undefined): boolean {
  return Array.isArray(values) && values.includes(null);
}
