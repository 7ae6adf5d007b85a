import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { field } from "../../json-fields.ts";

/**
 * Why a value does not fit one of the schemas of the cases: types, `enum`, `required`, `properties`, `items` and
 * `additionalProperties: false`, which is all that they use. `undefined` when it fits.
 */
export function schemaFault(value: JsonValue, schema: JsonObject, path = "$"): string | undefined {
  const type = field(schema, "type");
  if (typeof type === "string" && !hasType(value, type)) return `${path} is no ${type}`;
  const allowed = field(schema, "enum");
  if (Array.isArray(allowed) && !allowed.includes(value)) return `${path} is none of ${allowed.join(", ")}`;
  if (Array.isArray(value)) return itemsFault(value, field(schema, "items"), path);
  return isJsonObject(value) ? fieldsFault(value, schema, path) : undefined;
}

function hasType(value: JsonValue, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isJsonObject(value);
  return typeof value === type;
}

function itemsFault(
  items: readonly JsonValue[],
  schema: JsonValue | undefined,
  path: string,
): string | undefined {
  if (!isJsonObject(schema)) return undefined;
  for (const [index, item] of items.entries()) {
    const fault = schemaFault(item, schema, `${path}[${index}]`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function fieldsFault(value: JsonObject, schema: JsonObject, path: string): string | undefined {
  const required = field(schema, "required");
  for (const key of Array.isArray(required) ? required : []) {
    if (typeof key === "string" && !Object.hasOwn(value, key)) return `${path}.${key} is missing`;
  }
  const properties = field(schema, "properties");
  for (const [key, item] of Object.entries(value)) {
    const known = isJsonObject(properties) ? field(properties, key) : undefined;
    if (!isJsonObject(known)) return `${path}.${key} is not in the schema`;
    const fault = schemaFault(item, known, `${path}.${key}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
