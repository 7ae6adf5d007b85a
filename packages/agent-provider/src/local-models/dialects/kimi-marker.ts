import type { Dialect } from "./dialect.ts";
import { jsonBefore } from "./json-before.ts";
import { markedDialect, type ReadMarkedCall } from "./marked-dialect.ts";

/**
 * `<|tool_call_begin|>functions.NAME:INDEX<|tool_call_argument_begin|>{…}<|tool_call_end|>`, in
 * `<|tool_calls_section_begin|>` markers or not; the prefix and the index may be missing.
 * Source: moonshotai/Kimi-K2-Instruct, tool call guidance; the Kimi K2 tool parser of vLLM.
 */
export const kimiMarker: Dialect = markedDialect(
  "kimi-marker",
  {
    call: "<|tool_call_begin|>",
    sectionBegin: "<|tool_calls_section_begin|>",
    sectionEnd: "<|tool_calls_section_end|>",
  },
  (text, at, context) => readCall(text, at, context),
);

const head =
  /\s{0,4}(?:functions\.)?([\w.-]{1,128})(?::\d{1,6})?\s{0,4}<\|tool_call_argument_begin\|>\s{0,4}/y;

const readCall: ReadMarkedCall = (text, at, context) => {
  head.lastIndex = at;
  const found = head.exec(text);
  const name = found?.[1] ?? "";
  if (found === null || !context.tools.has(name)) return undefined;
  const read = jsonBefore(text, at + found[0].length, "<|tool_call_end|>", context);
  return read && { call: { name, ...read.input }, end: read.end };
};
