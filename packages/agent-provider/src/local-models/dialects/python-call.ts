import type { JsonValue } from "@claw/agent-core";
import { behindTag } from "./behind-tag.ts";
import { type Dialect, open, type ReadContext, type Reading, type TextCall } from "./dialect.ts";
import { pythonLiteral } from "./python-literal.ts";
import { readItems } from "./read-items.ts";

/**
 * A reply that is nothing but `[name(key=value, …), …]`, or one such call after `<|python_tag|>`. Only arguments with
 * names, only literals: anything else is a program, and stays text.
 * Source: Llama 3.2 and Llama 4 prompt formats, zero-shot function calling.
 */
export const pythonCall: Dialect = {
  name: "python-call",
  first: "[<",
  where: "alone",
  read: (text, at, context) => {
    const start = behindTag(text, at, ["<|python_tag|>"]);
    if (start === "open") return open(context, "");
    const { begin, tagged } = start;
    const listed = text.charAt(begin) === "[";
    if (!listed && !tagged) return undefined;
    if (!mayBegin(text, listed ? begin + 1 : begin, context)) return undefined;
    if (!context.final) return { type: "open", until: begin + 200 < text.length ? undefined : "" };
    return readWhole(text, begin, listed, context);
  },
};

const nameAt = /\s*([A-Za-z_][\w.-]{0,127})\s*(\()?/y;

/** So that a list that is an answer is held back for some characters only. */
function mayBegin(text: string, at: number, { tools }: ReadContext): boolean {
  nameAt.lastIndex = at;
  const found = nameAt.exec(text);
  if (found === null) return text.slice(at).trim() === "";
  if (found[2] !== undefined) return tools.has(toolName(found[1] ?? "", tools));
  return at + found[0].length === text.length;
}

/** Built-in tools of Llama 3.1 are called as `name.call(…)`. */
function toolName(name: string, tools: ReadContext["tools"]): string {
  return tools.has(name) ? name : name.replace(/\.call$/, "");
}

function readWhole(text: string, begin: number, listed: boolean, context: ReadContext): Reading | undefined {
  const calls: TextCall[] = [];
  const readNext = (from: number): number | undefined => {
    const read = readCall(text, from, context);
    if (read !== undefined) calls.push(read.call);
    return read?.end;
  };
  const end = listed ? readItems(text, begin, "]", readNext) : readNext(begin);
  if (end === undefined || calls.length === 0) return undefined;
  const rest = text.slice(end).replace(/<\|(?:eom|eot)_id\|>\s*$/, "");
  return rest.trim() === "" ? { type: "calls", calls, end: text.length } : undefined;
}

function readCall(
  text: string,
  at: number,
  { tools }: ReadContext,
): { readonly call: TextCall; readonly end: number } | undefined {
  nameAt.lastIndex = at;
  const found = nameAt.exec(text);
  const name = toolName(found?.[1] ?? "", tools);
  if (found?.[2] === undefined || !tools.has(name)) return undefined;
  const values = new Map<string, JsonValue>();
  const end = readItems(text, at + found[0].length - 1, ")", (from) => {
    const key = /^([A-Za-z_]\w*)\s*=\s*/.exec(text.slice(from, from + 200));
    if (key?.[1] === undefined || values.has(key[1])) return undefined;
    const value = pythonLiteral(text, from + key[0].length);
    if (value !== undefined) values.set(key[1], value.value);
    return value?.end;
  });
  return end === undefined ? undefined : { call: { name, input: Object.fromEntries(values) }, end };
}
