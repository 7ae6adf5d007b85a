import type { Dialect } from "./dialect.ts";
import { jsonBefore } from "./json-before.ts";
import { literalAt } from "./literal-at.ts";
import { markedDialect, type ReadMarkedCall } from "./marked-dialect.ts";
import { skipBlank } from "./skip-blank.ts";

/**
 * `<｜tool▁call▁begin｜>NAME<｜tool▁sep｜>{…}<｜tool▁call▁end｜>` (V3.1), or `function` before the separator and then
 * NAME and the arguments in a fence (V3, R1); in `<｜tool▁calls▁begin｜>` markers or not.
 * Source: chat templates of DeepSeek-V3, R1-0528 and V3.1; the DeepSeek tool parsers of vLLM.
 */
export const deepseekMarker: Dialect = markedDialect(
  "deepseek-marker",
  {
    call: "<｜tool▁call▁begin｜>",
    sectionBegin: "<｜tool▁calls▁begin｜>",
    sectionEnd: "<｜tool▁calls▁end｜>",
  },
  (text, at, context) => readCall(text, at, context),
);

const closing = "<｜tool▁call▁end｜>";
/** The type and the name, or the name alone; then a fence or none. */
const head =
  /\s{0,4}(?:function<\uff5ctool\u2581sep\uff5c>([\w.:-]{1,128})|([\w.:-]{1,128})<\uff5ctool\u2581sep\uff5c>)\s{0,4}(```(?:json)?\s{0,4})?/y;

const readCall: ReadMarkedCall = (text, at, context) => {
  head.lastIndex = at;
  const found = head.exec(text);
  const name = found?.[1] ?? found?.[2] ?? "";
  if (found === null || !context.tools.has(name)) return undefined;
  const isFenced = found[3] !== undefined;
  const read = jsonBefore(text, at + found[0].length, isFenced ? "```" : closing, context);
  if (read === undefined) return undefined;
  const call = { name, ...read.input };
  if (!isFenced) return { call, end: read.end };
  const closed = literalAt(text, skipBlank(text, read.end), closing);
  return closed === undefined ? undefined : { call, end: closed === "open" ? text.length : closed };
};
