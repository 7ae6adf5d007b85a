/**
 * The value as plain JSON: the value itself when it is that already, otherwise what a round trip through JSON leaves
 * of it (no functions, no `undefined`). Looks at each node once and copies nothing in the ordinary case.
 * @throws where JSON itself does: a cycle, a `BigInt`, a depth beyond the stack.
 */
export function plainJson<Value>(value: Value): Value {
  // What is left has the same fields, or fewer: whoever asked for more has to look.
  return isPlain(value, 0) ? value : (JSON.parse(JSON.stringify(value) ?? "null") as Value);
}

/** Deeper values take the round trip: it fails by name where this would run out of stack. */
const maxDepth = 1_000;

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object" || depth > maxDepth) return false;
  if (!Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return false;
  }
  // Not `every`, which passes over holes.
  for (const part of Array.isArray(value) ? value : Object.values(value)) {
    if (!isPlain(part, depth + 1)) return false;
  }
  return true;
}
