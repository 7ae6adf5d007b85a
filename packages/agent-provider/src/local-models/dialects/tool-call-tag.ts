import { behindTag } from "./behind-tag.ts";
import { type Dialect, open, type ReadContext, type Reading, type TextCall } from "./dialect.ts";
import { jsonEnd } from "./json-end.ts";
import { literalAt } from "./literal-at.ts";
import { mayBeginCall } from "./may-begin-call.ts";
import { readCallJson } from "./read-call-json.ts";
import { skipBlank } from "./skip-blank.ts";

/**
 * `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, with one or several objects in it. The closing tag may be
 * missing at the very end: some servers take it for the end of the reply and drop it.
 * Source: NousResearch/Hermes-Function-Calling; qwen.readthedocs.io, function calling.
 */
export const toolCallTag: Dialect = {
  name: "tool-call-tag",
  first: "<",
  where: "anywhere",
  read: (text, at, context) => {
    const start = behindTag(text, at, ["<tool_call>"]);
    if (start === "open") return open(context, "");
    const { begin, tagged } = start;
    if (!tagged || !"{[".includes(text.charAt(begin)) || !mayBeginCall(text, begin, context))
      return undefined;
    return readObjects(text, begin, context);
  },
};

const closing = "</tool_call>";

function readObjects(text: string, begin: number, context: ReadContext): Reading | undefined {
  const calls: TextCall[] = [];
  let at = begin;
  while (at < text.length && "{[".includes(text.charAt(at))) {
    const end = jsonEnd(text, at, context);
    const read = end === undefined ? undefined : readCallJson(text.slice(at, end), "strong", context);
    // Broken JSON may seem to end too early, or not at all: then the tag says where it ends.
    if (end === undefined || read === undefined)
      return calls.length === 0 ? readToTag(text, begin, context) : waitForTag(text, at, context);
    for (const call of read) calls.push(call);
    // What stands there is a call, whatever follows.
    if (!context.final) return { type: "open", until: undefined };
    at = skipBlank(text, end);
  }
  const behind = literalAt(text, at, closing);
  if (behind === undefined) return undefined;
  return { type: "calls", calls, end: behind === "open" ? text.length : behind };
}

function readToTag(text: string, begin: number, context: ReadContext): Reading | undefined {
  const end = text.indexOf(closing, begin);
  context.work.left -= (end === -1 ? text.length : end) - begin;
  if (end === -1) return open(context, closing);
  const calls = context.repairs ? readCallJson(text.slice(begin, end), "strong", context) : undefined;
  if (calls !== undefined) return { type: "calls", calls, end: end + closing.length };
  return waitForTag(text, begin, context);
}

/** A tag inside of a JSON string is none: there may be another. */
function waitForTag(text: string, at: number, context: ReadContext): Reading | undefined {
  return jsonEnd(text, at, context) === undefined ? open(context, closing) : undefined;
}
