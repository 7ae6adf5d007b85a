import type { ReadContext } from "./dialect.ts";

/**
 * Whether JSON that begins so may still become a call: its first keys are those of a call, and its name, once it is
 * there, is a tool's. So that JSON that is an answer is held back for some characters only.
 */
export function mayBeginCall(text: string, at: number, { tools }: ReadContext): boolean {
  const start = text.slice(at, at + maxLooked).replace(/^\[?\s*/, "");
  if (start === "") return true;
  const whole = /^\{\s*["'](\w+)["']\s*:\s*(?:["']([^"']*)["'])?/.exec(start);
  if (whole === null) return beginning.test(start);
  const [, key = "", value] = whole;
  if (key === "name") return value === undefined ? /:\s*(?:["'][^"']*)?$/.test(start) : tools.has(value);
  return firstKeys.includes(key);
}

const maxLooked = 300;
const firstKeys: readonly string[] = ["name", "type", "id", "function", "arguments", "parameters", "input"];
/** Not yet a whole first key. */
const beginning = /^\{\s*(?:["'][a-z]{0,12}(?:["']\s*)?)?$/;
