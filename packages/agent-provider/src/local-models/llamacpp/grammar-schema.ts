import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { field, textField } from "../../json-fields.ts";

/**
 * A JSON Schema in the subset that the grammar of `node-llama-cpp` knows. There every property is required, so one that
 * is not may also be `null` (`withoutAbsent` takes it out again). What the subset has no word for is allowed to be
 * anything: the schema itself is checked afterwards, as for every model.
 */
export function grammarSchema(schema: JsonObject): JsonObject {
  return convert(schema, { root: schema, left: maxNodes });
}

interface Conversion {
  readonly root: JsonObject;
  /** A schema that refers to itself has no end. */
  left: number;
}

const maxNodes = 500;

function convert(schema: JsonValue | undefined, walk: Conversion): JsonObject {
  walk.left -= 1;
  if (!isJsonObject(schema) || walk.left < 0) return anything;
  const reference = textField(schema, "$ref");
  if (reference !== undefined) return convert(resolved(reference, walk.root), walk);
  const values = scalars(field(schema, "enum")) ?? scalars([field(schema, "const") ?? []]);
  if (values !== undefined) return { enum: values };
  const options = field(schema, "anyOf") ?? field(schema, "oneOf");
  if (Array.isArray(options)) return oneOf(options.map((option: JsonValue) => convert(option, walk)));
  const type = field(schema, "type");
  if (Array.isArray(type)) return oneOf(type.map((one: JsonValue) => convertType(one, schema, walk)));
  return convertType(type ?? impliedType(schema), schema, walk);
}

function convertType(type: JsonValue | undefined, schema: JsonObject, walk: Conversion): JsonObject {
  const description = textField(schema, "description");
  const described = description === undefined ? {} : { description };
  switch (type) {
    case "string":
    case "number":
    case "integer":
    case "boolean":
    case "null":
      return { type, ...described };
    case "array":
      return { type, items: convert(field(schema, "items"), walk), ...described };
    case "object":
      return { ...convertObject(schema, walk), ...described };
    default:
      return anything;
  }
}

function convertObject(schema: JsonObject, walk: Conversion): JsonObject {
  const properties = field(schema, "properties");
  if (!isJsonObject(properties)) {
    const rest = field(schema, "additionalProperties");
    return {
      type: "object",
      additionalProperties: isJsonObject(rest) ? convert(rest, walk) : rest !== false,
    };
  }
  const required = requiredKeys(schema);
  const converted = Object.entries(properties).map(([key, property]): [string, JsonObject] => {
    const inner = convert(property, walk);
    return [key, required.has(key) ? inner : oneOf([inner, { type: "null" }])];
  });
  return { type: "object", properties: Object.fromEntries(converted) };
}

/** The keys that an object must have. */
export function requiredKeys(schema: JsonObject): ReadonlySet<JsonValue> {
  const required = field(schema, "required");
  return new Set<JsonValue>(Array.isArray(required) ? required : []);
}

function impliedType(schema: JsonObject): string | undefined {
  if (Object.hasOwn(schema, "properties")) return "object";
  return Object.hasOwn(schema, "items") ? "array" : undefined;
}

function oneOf(options: readonly JsonObject[]): JsonObject {
  const [only, ...others] = options;
  if (only === undefined) return anything;
  return others.length === 0 ? only : { oneOf: options };
}

/** `#/$defs/Name` and the like. */
function resolved(reference: string, root: JsonObject): JsonValue | undefined {
  if (!reference.startsWith("#/")) return undefined;
  let found: JsonValue | undefined = root;
  for (const step of reference.slice(2).split("/")) {
    if (!isJsonObject(found)) return undefined;
    found = field(found, step.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return found;
}

function scalars(values: JsonValue | undefined): readonly JsonValue[] | undefined {
  if (!Array.isArray(values) || values.length === 0) return undefined;
  return values.every((value: JsonValue) => typeof value !== "object" || value === null) ? values : undefined;
}

const anything: JsonObject = {
  oneOf: [
    { type: ["string", "number", "boolean", "null"] },
    { type: "array" },
    { type: "object", additionalProperties: true },
  ],
};
