import { type Dialect, open, type ReadContext, type Reading } from "./dialect.ts";
import { mayBeginCall } from "./may-begin-call.ts";
import { readCallJson } from "./read-call-json.ts";
import { skipBlank } from "./skip-blank.ts";

/**
 * A code fence whose whole body is a call object or an array of them. The weakest form there is, since explanations
 * look the same: whoever reads a reply has to look at what stands around it.
 * Source: Qwen 2.5 Coder and other models whose template has no form of its own (ollama/ollama issues).
 */
export const fencedJson: Dialect = {
  name: "fenced-json",
  first: "`",
  where: "fence",
  read: (text, at, context) => {
    const line = text.indexOf("\n", at);
    const head = text.slice(at, line === -1 ? undefined : line).trimEnd();
    if (line === -1) return /^`{1,3}[a-z_]{0,9}$/.test(head) ? open(context, "") : undefined;
    if (!/^```(?:json|tool_call|tool_code|tool)?$/.test(head)) return undefined;
    const begin = skipBlank(text, line);
    if (begin === text.length) return open(context, "");
    if (!"{[".includes(text.charAt(begin)) || !mayBeginCall(text, begin, context)) return undefined;
    return readBody(text, begin, context);
  },
};

function readBody(text: string, begin: number, context: ReadContext): Reading | undefined {
  const close = /\n[ \t]*```(?=[ \t\r]*(?:\n|$))/g;
  close.lastIndex = begin;
  const found = close.exec(text);
  if (found === null) return open(context, begin + 300 < text.length ? "```" : "");
  const calls = readCallJson(text.slice(begin, found.index), "weak", context);
  return calls && { type: "calls", calls, end: found.index + found[0].length };
}
