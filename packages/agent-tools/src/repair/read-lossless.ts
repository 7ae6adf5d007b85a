import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";

/** A JSON object, and what had to be done to its text. */
export interface Reading {
  readonly input: JsonObject;
  readonly fixes: readonly string[];
}

/**
 * Reads text that is JSON but for its wrapping or for slips with one meaning only. Each fix touches what JSON forbids
 * in that place, so none can change a value; `JSON.parse` has the last word. `undefined` when it is no object then.
 */
export function readLossless(raw: string): Reading | undefined {
  return readText(raw, [], 0);
}

/** A JSON string in a JSON string in a JSON string is no slip any more. */
const maxStrings = 2;

function readText(raw: string, done: readonly string[], strings: number): Reading | undefined {
  const bare = withoutFence(raw.trim());
  const fixes = bare === raw.trim() ? done : [...done, "code-fence"];
  if (bare === "") return { input: {}, fixes: [...fixes, "empty"] };
  const read = parse(bare);
  if (read !== undefined) return readValue(read.value, fixes, strings);
  const mended = mend(bare);
  const again = parse(mended.text);
  return again && readValue(again.value, [...fixes, ...mended.fixes], strings);
}

function readValue(value: JsonValue, fixes: readonly string[], strings: number): Reading | undefined {
  if (isJsonObject(value)) return { input: value, fixes };
  if (typeof value !== "string" || strings === maxStrings || value.trim() === "") return undefined;
  return readText(value, [...fixes, "json-in-string"], strings + 1);
}

/** The body of a code fence that is the whole text. */
function withoutFence(text: string): string {
  if (text.length < 6 || !text.startsWith("```") || !text.endsWith("```")) return text;
  return text
    .slice(3, -3)
    .replace(/^[A-Za-z0-9_-]+(?=\s)/, "")
    .trim();
}

function parse(text: string): { readonly value: JsonValue } | undefined {
  try {
    return { value: JSON.parse(text) as JsonValue }; // JSON.parse returns nothing else
  } catch {
    return undefined;
  }
}

/** Escapes raw control characters inside of strings, and drops a comma between a value and a closing bracket. */
function mend(text: string): { readonly text: string; readonly fixes: readonly string[] } {
  const fixes = new Set<string>();
  let out = "";
  let inString = false;
  let before = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (inString) {
      if (char === "\\") {
        out += char + text.charAt(++at);
        continue;
      }
      if (char < " ") {
        fixes.add("control-character");
        out += JSON.stringify(char).slice(1, -1);
        continue;
      }
      inString = char !== '"';
      out += char;
    } else if (char === "," && closesNext(text, at + 1) && !"[{,:".includes(before)) {
      fixes.add("trailing-comma");
      continue;
    } else {
      inString = char === '"';
      out += char;
    }
    if (char.trim() !== "") before = char;
  }
  return { text: out, fixes: [...fixes] };
}

function closesNext(text: string, from: number): boolean {
  let at = from;
  while (" \t\r\n".includes(text.charAt(at)) && at < text.length) at++;
  return text.charAt(at) === "}" || text.charAt(at) === "]";
}
