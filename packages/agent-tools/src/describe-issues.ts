import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { nearNames } from "./near-names.ts";
import { wellFormed } from "./well-formed.ts";

/** Tells a model what is wrong with its input: for each problem the JSON path, what was expected and what was found. */
export function describeIssues(
  tool: string,
  input: JsonValue,
  issues: readonly StandardSchemaV1.Issue[],
  schema: JsonObject,
): string {
  const shown = issues.slice(0, most).map((issue) => `- ${describe(input, issue)}`);
  const left = issues.length - shown.length;
  return [
    `The input of ${tool} does not fit its schema. Nothing was run.`,
    ...shown,
    ...(left > 0 ? [`- and ${left} more`] : []),
    ...fieldHints(input, schema, "$").slice(0, most),
    "Send the call again with corrected input.",
  ].join("\n");
}

const most = 5;

function describe(input: JsonValue, issue: StandardSchemaV1.Issue): string {
  let value: JsonValue | undefined = input;
  let path = "$";
  for (const segment of issue.path ?? []) {
    const key = String(typeof segment === "object" ? segment.key : segment);
    path += Array.isArray(value) ? `[${key}]` : member(key);
    value = childOf(value, key);
  }
  const message = wellFormed(String(issue.message).slice(0, 500)).replaceAll(/\s+/g, " ");
  return `${path.slice(0, 300)}: ${message} (found ${preview(value)})`;
}

function childOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  // An own property of a JSON array or object, by its name.
  return (value as JsonObject)[key];
}

function member(key: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function preview(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(typeof value === "string" ? wellFormed(value.slice(0, 80)) : value);
  return `${typeof value} ${text}${typeof value === "string" && value.length > 80 ? "…" : ""}`;
}

/** Fields that the schema does not know, with the ones that may have been meant. */
function fieldHints(value: JsonValue, schema: JsonValue | undefined, path: string): readonly string[] {
  const properties = isJsonObject(schema) ? schema["properties"] : undefined;
  if (!isJsonObject(value) || !isJsonObject(properties)) return [];
  const known = Object.keys(properties);
  const hints = Object.keys(value)
    .filter((key) => !Object.hasOwn(properties, key))
    .map((key) => {
      const near = nearNames(
        key,
        known.filter((name) => !Object.hasOwn(value, name)),
      );
      const meant = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `it has ${known.join(", ")}.`;
      return `${path} has no field ${JSON.stringify(wellFormed(key.slice(0, 80)))}; ${meant}`;
    });
  const nested = known.flatMap((key) =>
    Object.hasOwn(value, key) ? fieldHints(value[key] ?? null, properties[key], path + member(key)) : [],
  );
  return [...hints, ...nested];
}
