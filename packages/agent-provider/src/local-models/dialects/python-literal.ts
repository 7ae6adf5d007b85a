import type { JsonValue } from "@claw/agent-core";
import { readItems } from "./read-items.ts";
import { skipBlank } from "./skip-blank.ts";

/** A value, and where it ends. */
export interface Literal {
  readonly value: JsonValue;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Reads a Python literal that has a counterpart in JSON: text, numbers, `True`, `False`, `None` (JSON's words too),
 * lists and dicts with text keys. `undefined` for anything else: expressions, tuples, f-strings.
 */
export function pythonLiteral(text: string, at: number, depth = 0): Literal | undefined {
  if (depth > maxDepth) return undefined;
  const char = text.charAt(at);
  if (char === '"' || char === "'") return readText(text, at);
  if (char === "[") return readList(text, at, depth);
  if (char === "{") return readDict(text, at, depth);
  return readWord(text, at);
}

const maxDepth = 64;

const words: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ["True", true],
  ["true", true],
  ["False", false],
  ["false", false],
  ["None", null],
  ["null", null],
]);

function readWord(text: string, at: number): Literal | undefined {
  const pattern =
    /[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])|(?:True|False|None|true|false|null)\b/y;
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0];
  if (found === undefined) return undefined;
  const word = words.get(found);
  const value = word === undefined ? Number(found) + 0 : word; // JSON has no negative zero
  if (typeof value === "number" && !(Number.isFinite(value) && isExact(found, value))) return undefined;
  return { value, end: at + found.length };
}

/** A number with more digits than a double has would be another number. */
function isExact(written: string, value: number): boolean {
  return /[.eE]/.test(written) || Number.isSafeInteger(value);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["b", "\b"],
  ["f", "\f"],
  ["0", "\0"],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["\n", ""],
]);

function readText(text: string, at: number): Literal | undefined {
  const quote = text.charAt(at);
  if (text.startsWith(quote.repeat(3), at)) return undefined;
  let value = "";
  for (let index = at + 1; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === quote) return { value, end: index + 1 };
    if (char !== "\\") {
      value += char;
      continue;
    }
    const next = text.charAt(++index);
    const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(text.slice(index, index + 5));
    if (code === null) {
      // Python keeps the backslash of an escape that it does not know.
      value += escapes.get(next) ?? `\\${next}`;
    } else {
      value += String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? "", 16));
      index += code[0].length - 1;
    }
  }
  return undefined;
}

function readList(text: string, at: number, depth: number): Literal | undefined {
  const items: JsonValue[] = [];
  const end = readItems(text, at, "]", (from) => {
    const item = pythonLiteral(text, from, depth + 1);
    if (item !== undefined) items.push(item.value);
    return item?.end;
  });
  return end === undefined ? undefined : { value: items, end };
}

function readDict(text: string, at: number, depth: number): Literal | undefined {
  const entries = new Map<string, JsonValue>();
  const end = readItems(text, at, "}", (from) => {
    const key = pythonLiteral(text, from, depth + 1);
    if (typeof key?.value !== "string" || entries.has(key.value)) return undefined;
    const colon = skipBlank(text, key.end);
    if (text.charAt(colon) !== ":") return undefined;
    const value = pythonLiteral(text, skipBlank(text, colon + 1), depth + 1);
    if (value !== undefined) entries.set(key.value, value.value);
    return value?.end;
  });
  return end === undefined ? undefined : { value: Object.fromEntries(entries), end };
}
