import { isJsonObject, type JsonObject, type JsonValue, thrownText } from "@claw/agent-core";
import { field } from "../../json-fields.ts";
import { parseJson } from "../../parse-json.ts";
import { readToolInput } from "../../read-tool-input.ts";
import type { ReadContext, TextCall } from "./dialect.ts";
import { jsonEnd } from "./json-end.ts";

/** How much the form around the JSON says. `weak`: nothing, so the JSON must be a call and nothing more. */
export type Evidence = "strong" | "weak";

/**
 * The calls in a JSON text: one call object, or an array of them. All of them must name a tool of the request, else
 * there is none. `undefined` for what is no call.
 */
export function readCallJson(
  raw: string,
  evidence: Evidence,
  context: ReadContext,
): readonly TextCall[] | undefined {
  const value = parseJson(raw);
  if (value === undefined) return context.repairs ? readBroken(raw, context) : undefined;
  const objects = Array.isArray(value) ? value : [value];
  const calls = objects.map((object: JsonValue) => readCall(object, evidence, context));
  return calls.length > 0 && calls.every((call) => call !== undefined) ? calls : undefined;
}

function readCall(value: JsonValue, evidence: Evidence, context: ReadContext): TextCall | undefined {
  if (!isJsonObject(value)) return undefined;
  const inner = field(value, "function");
  // The form of OpenAI's API: {"type": "function", "function": {"name", "arguments"}}.
  if (isJsonObject(inner))
    return hasOnly(value, wrapperKeys) ? readNamed(inner, evidence, context) : undefined;
  return readNamed(value, evidence, context);
}

function readNamed(call: JsonObject, evidence: Evidence, context: ReadContext): TextCall | undefined {
  const name = field(call, "name");
  if (typeof name !== "string" || !context.tools.has(name)) return undefined;
  const keys = argumentKeys.filter((key) => Object.hasOwn(call, key));
  if (keys.length > 1 || (evidence === "weak" && (keys.length === 0 || !hasOnly(call, callKeys))))
    return undefined;
  const input = keys[0] === undefined ? {} : (field(call, keys[0]) ?? null);
  if (isJsonObject(input)) return { name, input };
  return { name, ...readToolInput(typeof input === "string" ? input : JSON.stringify(input), false) };
}

const argumentKeys: readonly string[] = ["arguments", "parameters", "input"];
const wrapperKeys: ReadonlySet<string> = new Set(["type", "id", "function", "index"]);
const callKeys: ReadonlySet<string> = new Set([...argumentKeys, "name", "type", "id"]);

function hasOnly(object: JsonObject, keys: ReadonlySet<string>): boolean {
  return Object.keys(object).every((key) => keys.has(key));
}

/**
 * A call whose JSON is broken, but whose beginning is plain: the name and the start of the arguments. They go on as
 * raw text: up to their own end where nothing but brackets follows it, else up to the last bracket.
 */
function readBroken(raw: string, context: ReadContext): readonly TextCall[] | undefined {
  const text = raw.trim();
  const beginning = brokenBeginning.exec(text);
  const name = beginning?.groups?.["name"] ?? "";
  if (beginning === null || !text.endsWith("}") || !context.tools.has(name)) return undefined;
  const rest = text.slice(beginning[0].length);
  if (!rest.startsWith("{")) return undefined;
  const end = jsonEnd(rest, 0, context);
  const isAll = end !== undefined && /^[\s}]*$/.test(rest.slice(end));
  const input = isAll ? rest.slice(0, end) : rest.slice(0, -1).trim();
  return [{ name, input, malformed: `The JSON of the call is not valid: ${whyBroken(text)}` }];
}

const brokenBeginning =
  /^\{\s*(?:["'](?:type|id)["']\s*:\s*["'][\w-]*["']\s*,\s*)*["']name["']\s*:\s*["'](?<name>[\w.:-]+)["']\s*,\s*["'](?:arguments|parameters|input)["']\s*:\s*/;

function whyBroken(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    return thrownText(error);
  }
}
