import type { Redact } from "./ports/redact.ts";

/**
 * The value as plain JSON: the value itself when it is that already, otherwise what a round trip through JSON leaves
 * of it (no functions, no `undefined`). Looks at each node once and copies nothing in the ordinary case.
 * @throws where JSON itself does: a cycle, a `BigInt`, a depth beyond the stack.
 */
export function plainJson<Value>(value: Value): Value {
  // What is left has the same fields, or fewer: whoever asked for more has to look.
  return isPlainJson(value) ? value : (JSON.parse(JSON.stringify(value) ?? "null") as Value);
}

/**
 * Whether the value is plain JSON, and, with `redact`, has no secret in any text or name of a field, as nearly all has not.
 * One look at each node for both: this is asked of every event. A picture's or a document's base64 is no text.
 */
export function isPlainJson(value: unknown, redact?: Redact): boolean {
  return isPlain(value, redact, 0);
}

/** Deeper values take the round trip: it fails by name where this would run out of stack. */
const maxDepth = 1_000;

function isPlain(value: unknown, redact: Redact | undefined, depth: number): boolean {
  switch (typeof value) {
    case "string":
      return redact === undefined || value.length < (redact.shortest ?? 1) || redact(value) === value;
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      return value === null || (depth <= maxDepth && hasPlainParts(value, redact, depth + 1));
    default:
      return false;
  }
}

function hasPlainParts(value: object, redact: Redact | undefined, depth: number): boolean {
  if (Array.isArray(value)) {
    // Not `every`, which passes over holes.
    for (const part of value) if (!isPlain(part, redact, depth)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const name in value) {
    const part: unknown = value[name as keyof typeof value];
    const isText = name !== "data" || !("mediaType" in value);
    // Names are short: most need not be asked about.
    const isNamed = redact !== undefined && name.length >= (redact.shortest ?? 1);
    if (isNamed && redact(name) !== name) return false;
    if (!isPlain(part, isText ? redact : undefined, depth)) return false;
  }
  return true;
}
