import type { JsonValue, ToolSpec } from "@claw/agent-core";
import { type Dialect, open, type ReadContext, type TextCall } from "./dialect.ts";
import { anyLiteralAt, literalAt } from "./literal-at.ts";
import { skipBlank } from "./skip-blank.ts";
import { textUntil } from "./text-until.ts";
import { typedValue } from "./typed-value.ts";

/**
 * `<tool_call>NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value></tool_call>`, with line breaks between the tags or
 * not. Values that the schema does not want as text are JSON.
 * Source: chat templates of GLM-4.5, 4.6 and 4.7; the glm45 and glm47 tool parsers of vLLM.
 */
export const argKeyTag: Dialect = {
  name: "arg-key-tag",
  first: "<",
  where: "anywhere",
  read: (text, at, context) => {
    const behind = literalAt(text, at, "<tool_call>");
    if (behind === undefined) return undefined;
    if (behind === "open") return open(context, "");
    const begin = skipBlank(text, behind);
    const name = /^[\w.:-]{0,128}/.exec(text.slice(begin, begin + 128))?.[0] ?? "";
    const next = skipBlank(text, begin + name.length);
    if (next === text.length) return open(context, "");
    const tool = context.tools.get(name);
    const follows = anyLiteralAt(text, next, [keyTag, closing]);
    if (tool === undefined || follows === undefined) return undefined;
    if (!context.final) return { type: "open", until: follows === "open" ? "" : undefined };
    const read = readArguments(text, next, tool, context);
    return read && { type: "calls", calls: [read.call], end: read.end };
  },
};

const keyTag = "<arg_key>";
const valueTag = "<arg_value>";
const closing = "</tool_call>";

/** One tag for each key and value, nothing besides, no key twice: else nobody knows where a value ends. */
function readArguments(
  text: string,
  from: number,
  tool: ToolSpec,
  context: ReadContext,
): { readonly call: TextCall; readonly end: number } | undefined {
  const values = new Map<string, JsonValue>();
  let at = from;
  while (!text.startsWith(closing, at)) {
    if (!text.startsWith(keyTag, at)) return undefined;
    const key = textUntil(text, at + keyTag.length, "</arg_key>", context);
    const valueAt = key === undefined ? at : skipBlank(text, key.end);
    if (key === undefined || !text.startsWith(valueTag, valueAt)) return undefined;
    const value = textUntil(text, valueAt + valueTag.length, "</arg_value>", context);
    const name = key.text.trim();
    if (value === undefined || !/^[\w.-]{1,128}$/.test(name) || values.has(name)) return undefined;
    values.set(name, typedValue(value.text, name, tool));
    at = skipBlank(text, value.end);
  }
  // Not by assignment: a key may be `__proto__`.
  return { call: { name: tool.name, input: Object.fromEntries(values) }, end: at + closing.length };
}
