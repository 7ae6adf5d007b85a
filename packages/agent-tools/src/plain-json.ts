import type { JsonValue } from "@claw/agent-core";

/** A copy of a value that is plain JSON; `undefined` for one that is not, such as one with a `Date` inside. */
export function plainJson(value: unknown): JsonValue | undefined {
  return isPlain(value, 0) ? (JSON.parse(JSON.stringify(value)) as JsonValue) : undefined;
}

const maxDepth = 1_000;

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth > maxDepth) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  // An optional field that a schema filled with `undefined` is left out, as JSON does.
  return Object.values(value).every((field) => field === undefined || isPlain(field, depth + 1));
}
