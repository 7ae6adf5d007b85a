import { isCleanJson } from "./clean-json.ts";
import type { Redact } from "./ports/redact.ts";
import { redactionMark } from "./redaction-mark.ts";

/**
 * The value with every text in it redacted, names of fields included. What has no secret is the value itself, not a
 * copy. Pictures and documents are left as they are: their base64 is no text. A model would not take back reasoning
 * whose text differs from what it signed, so such reasoning loses its replay data.
 */
export function withoutSecrets<Value>(value: Value, redact: Redact): Value {
  if (isCleanJson(value, redact)) return value;
  // Texts stay texts and everything else keeps its shape.
  return walk(value, safely(redact), 0) as Value;
}

/** Deeper values are looked at as one text: a walk would run out of stack. */
const maxDepth = 500;

function walk(value: unknown, redact: Redact, depth: number): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) return asOneText(value, redact);
  return Array.isArray(value) ? walkList(value, redact, depth) : walkFields(value, redact, depth);
}

function walkList(list: readonly unknown[], redact: Redact, depth: number): readonly unknown[] {
  let changed = false;
  const parts = list.map((part) => {
    const without = walk(part, redact, depth + 1);
    changed ||= without !== part;
    return without;
  });
  return changed ? parts : list;
}

function walkFields(value: object, redact: Redact, depth: number): object {
  let changed = false;
  const fields = Object.entries(value).map(([name, field]): readonly [string, unknown] => {
    if (name === "data" && "mediaType" in value) return [name, field];
    const without = walk(field, redact, depth + 1);
    const shown = redact(name);
    changed ||= without !== field || shown !== name;
    return [shown, without];
  });
  if (!changed) return value;
  return Object.fromEntries("replay" in value ? fields.filter(([name]) => name !== "replay") : fields);
}

function asOneText(value: object, redact: Redact): unknown {
  const before = JSON.stringify(value);
  const after = redact(before);
  if (after === before) return value;
  try {
    return JSON.parse(after);
  } catch {
    return after;
  }
}

/** It is an injected function: a text that it cannot check is not kept. */
function safely(redact: Redact): Redact {
  return (text) => {
    if (text === "") return text;
    try {
      const shown = redact(text);
      return typeof shown === "string" ? shown : unchecked;
    } catch {
      return unchecked;
    }
  };
}

const unchecked = redactionMark("text that could not be checked");
