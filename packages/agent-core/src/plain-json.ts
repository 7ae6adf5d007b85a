import { valueBytes } from "./event-size.ts";
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
  return plainBytes(value, redact) !== notPlain;
}

/** The same, and how large it is: what `roughBytes` gives, or `notPlain`. */
export function plainBytes(value: unknown, redact?: Redact): number {
  return bytesOf(value, redact, 0);
}

export const notPlain = -1;

/** Deeper values take the round trip: it fails by name where this would run out of stack. */
const maxDepth = 1_000;

function bytesOf(value: unknown, redact: Redact | undefined, depth: number): number {
  switch (typeof value) {
    case "string":
      return textBytes(value, redact);
    case "boolean":
      return valueBytes;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? valueBytes : notPlain;
    case "object":
      if (value === null) return valueBytes;
      return depth > maxDepth ? notPlain : bytesOfParts(value, redact, depth + 1);
    default:
      return notPlain;
  }
}

function textBytes(text: string, redact: Redact | undefined): number {
  const isClean = redact === undefined || text.length < (redact.shortest ?? 1) || redact(text) === text;
  return isClean ? valueBytes + 2 * text.length : notPlain;
}

function bytesOfParts(value: object, redact: Redact | undefined, depth: number): number {
  let sum = valueBytes;
  if (Array.isArray(value)) {
    // Not `every`, which passes over holes.
    for (const part of value) {
      const bytes = bytesOf(part, redact, depth);
      if (bytes === notPlain) return notPlain;
      sum += bytes;
    }
    return sum;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return notPlain;
  // Most names and many texts are too short for a secret: those take no call.
  const shortest = redact === undefined ? Number.POSITIVE_INFINITY : (redact.shortest ?? 1);
  for (const name in value) {
    if (name.length >= shortest && textBytes(name, redact) === notPlain) return notPlain;
    sum += 2 * name.length;
    const part: unknown = value[name as keyof typeof value];
    if (typeof part === "string" && part.length < shortest) {
      sum += valueBytes + 2 * part.length;
      continue;
    }
    const isText = name !== "data" || !("mediaType" in value);
    const bytes = bytesOf(part, isText ? redact : undefined, depth);
    if (bytes === notPlain) return notPlain;
    sum += bytes;
  }
  return sum;
}
