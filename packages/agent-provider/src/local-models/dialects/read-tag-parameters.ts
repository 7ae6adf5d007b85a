import { isJsonObject, type JsonObject, type JsonValue, type ToolSpec } from "@claw/agent-core";
import { field } from "../../json-fields.ts";
import { parseJson } from "../../parse-json.ts";
import { skipBlank } from "./skip-blank.ts";

/** How a parameter's tag is written. */
export interface ParameterStyle {
  /** Before the key. */
  readonly open: string;
  /** Behind the key. */
  readonly close: string;
  /** The value stands on lines of its own: one line break on each side of it is not part of it. */
  readonly ownLines: boolean;
}

/**
 * The arguments between a call's tags, one tag for each parameter. Values are text; where the tool's schema wants
 * something else, they are read as JSON. `undefined` when there is anything besides, a key comes twice, or a value has
 * the closing tag in it: nobody knows then where it ends.
 */
export function readTagParameters(
  body: string,
  style: ParameterStyle,
  tool: ToolSpec,
): JsonObject | undefined {
  const values = new Map<string, JsonValue>();
  let at = skipBlank(body, 0);
  while (at < body.length) {
    if (!body.startsWith(style.open, at)) return undefined;
    const keyEnd = body.indexOf(style.close, at + style.open.length);
    const end = keyEnd === -1 ? -1 : body.indexOf(closing, keyEnd);
    if (end === -1) return undefined;
    const key = body.slice(at + style.open.length, keyEnd).trim();
    if (!/^[\w.-]{1,128}$/.test(key) || values.has(key)) return undefined;
    const raw = body.slice(keyEnd + style.close.length, end);
    values.set(key, typed(style.ownLines ? withoutOwnLines(raw) : raw, schemaOf(tool, key)));
    at = skipBlank(body, end + closing.length);
  }
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(values);
}

const closing = "</parameter>";

function withoutOwnLines(raw: string): string {
  return raw.replace(/^\r?\n/, "").replace(/\r?\n$/, "");
}

function schemaOf(tool: ToolSpec, key: string): JsonObject | undefined {
  const properties = field(tool.inputSchema, "properties");
  const schema = isJsonObject(properties) ? field(properties, key) : undefined;
  return isJsonObject(schema) ? schema : undefined;
}

/** The text itself where text is allowed, or nothing is known; else the JSON that it is, when it has the type. */
function typed(raw: string, schema: JsonObject | undefined): JsonValue {
  const types = schema === undefined ? [] : typesOf(schema);
  if (types.length === 0 || types.includes("string")) return raw;
  const text = raw.trim();
  const value = parseJson(pythonWords.get(text) ?? text);
  return value !== undefined && types.includes(typeOf(value, types)) ? value : raw;
}

/** Models that are trained on Python write its words. */
const pythonWords: ReadonlyMap<string, string> = new Map([
  ["True", "true"],
  ["False", "false"],
  ["None", "null"],
]);

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
