import { behindTag } from "./behind-tag.ts";
import { type Dialect, open, type ReadContext, type Reading, type TextCall } from "./dialect.ts";
import { jsonEnd } from "./json-end.ts";
import { anyLiteralAt } from "./literal-at.ts";
import { mayBeginCall } from "./may-begin-call.ts";
import { readCallJson } from "./read-call-json.ts";
import { skipBlank } from "./skip-blank.ts";

/**
 * A reply that is nothing but call objects: `{"name": …, "parameters": {…}}`, several of them with `;` or blanks
 * between, or an array of them; with or without `<|python_tag|>` before it.
 * Source: Llama 3.1 and 3.2 prompt formats; their output by servers that do not parse it.
 */
export const bareJson: Dialect = {
  name: "bare-json",
  first: "{[<",
  where: "alone",
  read: (text, at, context) => {
    const start = behindTag(text, at, ["<|python_tag|>"]);
    if (start === "open") return open(context, "");
    const { begin } = start;
    if (!"{[".includes(text.charAt(begin))) return undefined;
    if (!mayBeginCall(text, begin, context)) return undefined;
    return context.final
      ? readAll(text, begin, context)
      : { type: "open", until: begin + 300 < text.length ? undefined : "" };
  },
};

function readAll(text: string, begin: number, context: ReadContext): Reading | undefined {
  const calls: TextCall[] = [];
  let at = begin;
  while (at < text.length) {
    const end = "{[".includes(text.charAt(at)) ? jsonEnd(text, at, context) : undefined;
    const read = end === undefined ? undefined : readCallJson(text.slice(at, end), "weak", context);
    if (end === undefined || read === undefined)
      return calls.length === 0 ? readBrokenWhole(text, begin, context) : undefined;
    for (const call of read) calls.push(call);
    at = skipSeparators(text, end);
  }
  return { type: "calls", calls, end: text.length };
}

function readBrokenWhole(text: string, begin: number, context: ReadContext): Reading | undefined {
  const calls = context.repairs ? readCallJson(text.slice(begin), "weak", context) : undefined;
  return calls && { type: "calls", calls, end: text.length };
}

/** Special tokens that a server may leave at the end belong to nobody. */
const separators: readonly string[] = [";", ",", "<|eom_id|>", "<|eot_id|>", "</tool_call>"];

function skipSeparators(text: string, from: number): number {
  let at = skipBlank(text, from);
  for (;;) {
    const behind = anyLiteralAt(text, at, separators);
    if (typeof behind !== "number") return at;
    at = skipBlank(text, behind);
  }
}
