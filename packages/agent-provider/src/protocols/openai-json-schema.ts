import { isJsonObject, type JsonObject, type JsonValue, type ModelRequest } from "@claw/agent-core";
import { objectField } from "../json-fields.ts";
import { vendorToolName } from "../vendor-names.ts";

/**
 * The wanted JSON as OpenAI's APIs take it. `strict`, which is a promise, is only for schemas in which each object
 * names all of its properties as required and allows no others; for the rest the model does its best.
 */
export function openaiJsonSchema(output: NonNullable<ModelRequest["output"]>): JsonObject {
  const { schema, name } = output;
  return { name: vendorToolName(name ?? "answer"), schema, strict: isStrict(schema) };
}

function isStrict(schema: JsonValue): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (!isJsonObject(schema)) return true;
  const properties = objectField(schema, "properties");
  const isObject = schema["type"] === "object" || properties !== undefined;
  if (isObject && !isClosed(schema, Object.keys(properties ?? {}))) return false;
  return Object.values(schema).every(isStrict);
}

function isClosed(schema: JsonObject, names: readonly string[]): boolean {
  const { required } = schema;
  if (schema["additionalProperties"] !== false) return false;
  return names.every((name) => Array.isArray(required) && required.includes(name));
}
