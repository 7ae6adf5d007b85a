import type { JsonValue } from "@claw/agent-core";

/** A copy of a value that is plain JSON; `undefined` for one that is not, such as one with a `Date` inside. */
export function plainJson(value: unknown): JsonValue | undefined {
  // It was looked at: what is left out of the type is fields that are `undefined`, and those are not copied.
  return isPlain(value, 0) ? copyJson(value as JsonValue) : undefined;
}

/** A copy of plain JSON. `structuredClone` would do, at the price of a message to another thread on Node 20. */
export function copyJson<Value extends JsonValue>(value: Value): Value {
  // The same shape all the way down.
  return copy(value) as Value;
}

function copy(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  // Not by assignment, which a field of the name `__proto__` would turn into something else.
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => (field === undefined ? [] : [[name, copy(field)]])),
  );
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
