import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { field, objectField, textField } from "./json-fields.ts";

/**
 * The schema of a tool's arguments as vendors take it: an object that lists its properties, without a choice or a
 * combination at the top, for which the whole request is refused, and lists that say of what. Whatever fits the schema fits this one, too; the tool
 * itself is held to what it says.
 */
export function vendorSchema(
  schema: JsonObject,
  nameOf: (property: string) => string = (property) => property,
): JsonObject {
  if (isTaken(schema, nameOf)) return schema;
  const { anyOf, oneOf, allOf, enum: _, not: __, ...rest } = schema;
  const both = branches(allOf, schema);
  const either = [...branches(anyOf, schema), ...branches(oneOf, schema)];
  const properties = new Map<string, JsonValue>();
  for (const branch of [schema, ...both, ...either]) {
    for (const [name, value] of Object.entries(objectField(branch, "properties") ?? {})) {
      // The first that tells of a property is the nearest to the tool.
      if (!properties.has(nameOf(name))) properties.set(nameOf(name), withItems(value));
    }
  }
  const inEach = [schema, ...both].flatMap(requiredOf);
  const inAny = requiredOf(either[0]).filter((name) =>
    either.every((branch) => requiredOf(branch).includes(name)),
  );
  const required = [...new Set([...inEach, ...inAny].map(nameOf))];
  return {
    ...rest,
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** As nearly all are: told by a few looks, since every tool of every session is asked about. */
function isTaken(schema: JsonObject, nameOf: (property: string) => string): boolean {
  const properties = objectField(schema, "properties");
  if (schema["type"] !== "object" || properties === undefined) return false;
  for (const word of refusedAtTheTop) if (Object.hasOwn(schema, word)) return false;
  for (const name of Object.keys(properties)) if (nameOf(name) !== name) return false;
  // Of what a list is has to be looked for in it.
  return !JSON.stringify(schema).includes('"array"');
}

const refusedAtTheTop = ["anyOf", "oneOf", "allOf", "enum", "not"];

/** OpenAI refuses a list of which nothing is said; of anything is what it means. */
function withItems(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(withItems);
  if (!isJsonObject(schema)) return schema;
  const entries = Object.entries(schema).map(([word, value]): [string, JsonValue] => [
    word,
    data.has(word) ? value : withItems(value),
  ]);
  const isBare =
    schema["type"] === "array" && !Object.hasOwn(schema, "items") && !Object.hasOwn(schema, "prefixItems");
  return Object.fromEntries(isBare ? [...entries, ["items", {}]] : entries);
}

/** Words behind which there is no schema. */
const data: ReadonlySet<string> = new Set(["const", "default", "enum", "example", "examples"]);

function branches(list: JsonValue | undefined, root: JsonObject): readonly JsonObject[] {
  return Array.isArray(list) ? list.map((branch) => resolved(branch, root)).filter(isJsonObject) : [];
}

/** What a local reference (`#/$defs/Name`) means. */
function resolved(branch: JsonValue, root: JsonObject): JsonValue | undefined {
  const reference = isJsonObject(branch) ? textField(branch, "$ref") : undefined;
  if (reference === undefined) return branch;
  const path = reference.startsWith("#/") ? reference.slice(2).split("/") : [];
  return path.reduce<JsonValue | undefined>(
    (at, name) => (isJsonObject(at) ? field(at, name) : undefined),
    root,
  );
}

function requiredOf(schema: JsonObject | undefined): readonly string[] {
  const names = field(schema, "required");
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}
