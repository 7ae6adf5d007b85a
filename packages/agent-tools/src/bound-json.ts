import { type JsonValue, thrownText } from "@claw/agent-core";
import { wellFormed } from "./well-formed.ts";

/**
 * Plain JSON made from anything: cycles, getters that throw, functions and BigInts become text, and what is over the
 * budget is left out with a mark that says so. Never throws.
 */
export function boundJson(value: unknown, maxCharacters: number): JsonValue {
  const state: Walk = { left: maxCharacters, open: new Set() };
  try {
    return visit(value, state) ?? null;
  } catch (thrown) {
    return `[cannot be shown: ${thrownText(thrown).slice(0, 200)}]`;
  }
}

interface Walk {
  left: number;
  /** The objects around the current one. */
  readonly open: Set<object>;
}

const maxDepth = 64;

/** `undefined` for what JSON leaves out of an object. */
function visit(value: unknown, walk: Walk): JsonValue | undefined {
  walk.left -= 8;
  switch (typeof value) {
    case "string":
      return cut(value, walk);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "bigint":
      return cut(String(value), walk);
    case "undefined":
      return undefined;
    case "function":
    case "symbol":
      return `[${typeof value}]`;
    case "object":
      return value === null ? null : visitObject(value, walk);
  }
}

function cut(value: string, walk: Walk): string {
  const room = Math.max(0, walk.left);
  walk.left -= value.length;
  if (value.length <= room) return wellFormed(value);
  return `${wellFormed(value.slice(0, room))}… [${value.length - room} characters left out]`;
}

function visitObject(value: object, walk: Walk): JsonValue {
  if (walk.open.has(value)) return "[circular]";
  if (walk.open.size >= maxDepth) return "[too deep]";
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return String(value);
  if (value instanceof Error) return cut(`${value.name}: ${thrownText(value)}`, walk);
  walk.open.add(value);
  try {
    return Array.isArray(value) ? visitArray(value, walk) : visitFields(value, walk);
  } finally {
    walk.open.delete(value);
  }
}

function visitArray(items: readonly unknown[], walk: Walk): JsonValue {
  const copy: JsonValue[] = [];
  for (let index = 0; index < items.length; index++) {
    if (walk.left <= 0) {
      copy.push(`[${items.length - index} more left out]`);
      break;
    }
    copy.push(attempt(() => visit(items[index], walk)) ?? null);
  }
  return copy;
}

function visitFields(value: object, walk: Walk): JsonValue {
  const copy = new Map<string, JsonValue>();
  // Not Object.keys: a huge object is left after the first few fields.
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    if (walk.left <= 0) {
      copy.set("…", "[more left out]");
      break;
    }
    const name = cut(key, walk);
    const field = attempt(() => visit(Reflect.get(value, key), walk));
    if (field !== undefined) copy.set(name, field);
  }
  // Not by assignment: a field may be named `__proto__`.
  return Object.fromEntries(copy);
}

function attempt(read: () => JsonValue | undefined): JsonValue | undefined {
  try {
    return read();
  } catch (thrown) {
    return `[cannot be read: ${thrownText(thrown).slice(0, 200)}]`;
  }
}
