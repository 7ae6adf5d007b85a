import type { OutputUnit } from "@cfworker/json-schema";
import type { StandardSchemaV1 } from "@standard-schema/spec";

/**
 * What is wrong, once per place: the validator repeats each error at every level above it, and reports every branch
 * of an `anyOf`.
 */
export function jsonSchemaIssues(units: readonly OutputUnit[]): readonly StandardSchemaV1.Issue[] {
  const deepest = units
    .map((unit, index) => ({ unit, outer: units[index - 1] }))
    .filter(({ unit }) => !repeats(unit));
  const places = new Map<string, { path: readonly string[]; messages: Set<string>; branches: boolean }>();
  for (const { unit, outer } of deepest.length > 0 ? deepest : units.map((unit) => ({ unit, outer: unit }))) {
    const path = pathOf(unit);
    const key = JSON.stringify(path);
    const place = places.get(key) ?? { path, messages: new Set(), branches: false };
    place.messages.add(wording(unit, outer));
    if (/\/(?:anyOf|oneOf)\//.test(unit.keywordLocation)) place.branches = true;
    places.set(key, place);
  }
  return [...places.values()].map(({ path, messages, branches }) => ({
    path,
    message: [...messages].join(branches ? ", or " : "; "),
  }));
}

const wrappers: ReadonlySet<string> = new Set([
  "$ref",
  "$recursiveRef",
  "additionalItems",
  "additionalProperties",
  "allOf",
  "anyOf",
  "dependentSchemas",
  "if",
  "items",
  "patternProperties",
  "prefixItems",
  "properties",
  "unevaluatedItems",
  "unevaluatedProperties",
]);

function repeats(unit: OutputUnit): boolean {
  if (unit.keyword === "oneOf") return unit.error.includes("(0 matches)");
  return wrappers.has(unit.keyword);
}

/** A missing field is reported where it should be. */
function pathOf(unit: OutputUnit): readonly string[] {
  const path = unit.instanceLocation
    .split("/")
    .slice(1)
    .map((part) => decodeURI(part.replaceAll("%23", "#")).replaceAll("~1", "/").replaceAll("~0", "~"));
  const missing = unit.keyword === "required" ? /property "(.*)"\.$/s.exec(unit.error)?.[1] : undefined;
  return missing === undefined ? path : [...path, missing];
}

function wording(unit: OutputUnit, outer: OutputUnit | undefined): string {
  const end = (pattern: RegExp): string => pattern.exec(unit.error)?.[1] ?? unit.error;
  switch (unit.keyword) {
    case "required":
      return "required, but missing";
    case "type":
      return `expected ${end(/Expected "(.*)"\.$/s).replaceAll('", "', " or ")}`;
    case "enum":
      return `expected one of ${end(/any of \[(.*)\]\.$/s)}`;
    case "const":
      return `expected ${end(/not match (.*)\.$/s)}`;
    case "false":
      return outer?.keyword.endsWith("Properties") === true ? "unknown field" : "not allowed here";
    case "minimum":
      return `expected at least ${end(/less than (.*)\.$/)}`;
    case "maximum":
      return `expected at most ${end(/greater than (.*)\.$/)}`;
    default:
      return unit.error.replace(/\.$/, "");
  }
}
