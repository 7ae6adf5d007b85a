import type { JsonValue, ToolSpec } from "@claw/agent-core";
import { type Dialect, open, type ReadContext, type TextCall } from "./dialect.ts";
import { anyLiteralAt, literalAt } from "./literal-at.ts";
import { skipBlank } from "./skip-blank.ts";
import { textUntil } from "./text-until.ts";
import { looseJson, typedValue } from "./typed-value.ts";

/**
 * `<｜DSML｜invoke name="NAME"><｜DSML｜parameter name="KEY" string="true">VALUE</｜DSML｜parameter></｜DSML｜invoke>`, one or
 * several, in a tag around them or not. `string="false"`: the value is JSON.
 * Source: deepseek-ai/DeepSeek-V3.2, encoding; the tag around the calls is `tool_calls` from V4 on.
 */
export const dsmlTag: Dialect = {
  name: "dsml-tag",
  first: "<",
  where: "anywhere",
  read: (text, at, context) => {
    const begins = anyLiteralAt(text, at, [...wrappers.map(openTag), opening]);
    if (begins === undefined) return undefined;
    if (begins === "open") return open(context, "");
    if (!context.final) return { type: "open", until: undefined };
    const wrapped = anyLiteralAt(text, at, wrappers.map(openTag));
    let next = typeof wrapped === "number" ? skipBlank(text, wrapped) : at;
    let end = at;
    const calls: TextCall[] = [];
    while (text.startsWith(opening, next)) {
      const read = readInvoke(text, next + opening.length, context);
      if (read === undefined) return undefined;
      calls.push(read.call);
      end = read.end;
      next = skipBlank(text, end);
    }
    if (calls.length === 0) return undefined;
    const closed = anyLiteralAt(text, next, wrappers.map(closeTag));
    return { type: "calls", calls, end: typeof closed === "number" ? closed : end };
  },
};

const wrappers: readonly string[] = ["function_calls", "tool_calls"];
const openTag = (name: string): string => `<｜DSML｜${name}>`;
const closeTag = (name: string): string => `</｜DSML｜${name}>`;
const opening = '<｜DSML｜invoke name="';
const closing = "</｜DSML｜invoke>";
const parameter = /<\uff5cDSML\uff5cparameter name="([\w.-]{1,128})"(?: string="(true|false)")?>/y;

function readInvoke(
  text: string,
  at: number,
  context: ReadContext,
): { readonly call: TextCall; readonly end: number } | undefined {
  const name = /^([\w.:-]{1,128})">/.exec(text.slice(at, at + 131))?.[1] ?? "";
  const tool = context.tools.get(name);
  if (tool === undefined || context.work.left <= 0) return undefined;
  const values = new Map<string, JsonValue>();
  let next = skipBlank(text, at + name.length + 2);
  for (;;) {
    const behind = literalAt(text, next, closing);
    // Not by assignment: a key may be `__proto__`.
    if (typeof behind === "number") return { call: { name, input: Object.fromEntries(values) }, end: behind };
    const read = readParameter(text, next, tool, context);
    if (read === undefined || values.has(read.key)) return undefined;
    values.set(read.key, read.value);
    next = skipBlank(text, read.end);
  }
}

function readParameter(
  text: string,
  at: number,
  tool: ToolSpec,
  context: ReadContext,
): { readonly key: string; readonly value: JsonValue; readonly end: number } | undefined {
  parameter.lastIndex = at;
  const found = parameter.exec(text);
  const key = found?.[1];
  if (found === null || key === undefined) return undefined;
  const raw = textUntil(text, at + found[0].length, "</｜DSML｜parameter>", context);
  if (raw === undefined) return undefined;
  const value = found[2] === undefined ? typedValue(raw.text, key, tool) : said(raw.text, found[2]);
  return { key, value, end: raw.end };
}

/** What is said to be JSON and is none stays text: the schema will say what is wrong. */
function said(raw: string, isText: string): JsonValue {
  const value = isText === "true" ? undefined : looseJson(raw);
  return value === undefined ? raw : value;
}
