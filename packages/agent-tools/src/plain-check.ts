import type { JsonObject, JsonValue } from "@claw/agent-core";

/** Whether a value surely fits. `false` says nothing: the validator has to look, and finds the words for what is wrong. */
export type PlainCheck = (value: unknown) => boolean;

/**
 * A check of the few keywords that most tools' schemas consist of, so that calls which fit, as nearly all do, need no
 * validator to be loaded. `undefined` for a schema that says anything else.
 */
export function plainCheck(schema: JsonValue): PlainCheck | undefined {
  if (typeof schema !== "object" || schema === null || isList(schema)) return undefined;
  const checks: PlainCheck[] = [];
  for (const keyword of Object.keys(schema)) {
    if (silent.has(keyword)) continue;
    const check = checksOf.get(keyword)?.(schema[keyword] ?? null, schema);
    if (check === undefined) return undefined;
    checks.push(check);
  }
  return (value) => checks.every((check) => check(value));
}

/** What one keyword asks for, seen beside the others; `undefined` where that is not plain. */
type KeywordCheck = (wanted: JsonValue, beside: JsonObject) => PlainCheck | undefined;

/** These ask for nothing. */
const silent: ReadonlySet<string> = new Set(["title", "description", "default", "examples", "deprecated"]);

const checksOf: ReadonlyMap<string, KeywordCheck> = new Map<string, KeywordCheck>([
  ["type", typeCheck],
  ["properties", propertiesCheck],
  ["required", requiredCheck],
  ["additionalProperties", additionalCheck],
  ["items", itemsCheck],
  [
    "enum",
    (wanted) => (isList(wanted) && wanted.every(isScalar) ? (value) => isOneOf(value, wanted) : undefined),
  ],
  ["const", (wanted) => (isScalar(wanted) ? (value) => value === wanted : undefined)],
  ["minimum", limit((value, least) => typeof value !== "number" || value >= least)],
  ["exclusiveMinimum", limit((value, under) => typeof value !== "number" || value > under)],
  ["maximum", limit((value, most) => typeof value !== "number" || value <= most)],
  ["minItems", limit((value, least) => !isList(value) || value.length >= 2 * least - 1)],
  ["maxItems", limit((value, most) => !isList(value) || value.length <= most)],
  // A character of JSON Schema is one or two of ours.
  ["minLength", limit((value, least) => typeof value !== "string" || value.length >= 2 * least - 1)],
  ["maxLength", limit((value, most) => typeof value !== "string" || value.length <= most)],
]);

const typeChecks: ReadonlyMap<JsonValue, PlainCheck> = new Map<JsonValue, PlainCheck>([
  ["string", (value) => typeof value === "string"],
  ["number", (value) => typeof value === "number"],
  ["integer", (value) => Number.isInteger(value)],
  ["boolean", (value) => typeof value === "boolean"],
  ["null", (value) => value === null],
  ["array", isList],
  ["object", isObject],
]);

function typeCheck(wanted: JsonValue): PlainCheck | undefined {
  const types = (isList(wanted) ? wanted : [wanted]).map((type) => typeChecks.get(type));
  if (types.includes(undefined)) return undefined;
  return (value) => types.some((check) => check?.(value) === true);
}

function propertiesCheck(wanted: JsonValue): PlainCheck | undefined {
  if (!isObject(wanted)) return undefined;
  const checks: (readonly [string, PlainCheck])[] = [];
  for (const [name, schema] of Object.entries(wanted)) {
    const check = plainCheck(schema);
    if (check === undefined) return undefined;
    checks.push([name, check]);
  }
  return (value) =>
    !isObject(value) || checks.every(([name, check]) => !Object.hasOwn(value, name) || check(value[name]));
}

function requiredCheck(wanted: JsonValue): PlainCheck | undefined {
  if (!isList(wanted)) return undefined;
  return (value) => !isObject(value) || wanted.every((name) => Object.hasOwn(value, String(name)));
}

function additionalCheck(wanted: JsonValue, { properties = {} }: JsonObject): PlainCheck | undefined {
  if (wanted === true) return () => true;
  if (wanted !== false || !isObject(properties)) return undefined;
  return (value) => !isObject(value) || Object.keys(value).every((name) => Object.hasOwn(properties, name));
}

function itemsCheck(wanted: JsonValue): PlainCheck | undefined {
  const check = plainCheck(wanted);
  return check && ((value) => !isList(value) || value.every(check));
}

function limit(fits: (value: unknown, limit: number) => boolean): KeywordCheck {
  return (wanted) => (typeof wanted === "number" ? (value) => fits(value, wanted) : undefined);
}

function isOneOf(value: unknown, wanted: readonly unknown[]): boolean {
  return wanted.includes(value);
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
