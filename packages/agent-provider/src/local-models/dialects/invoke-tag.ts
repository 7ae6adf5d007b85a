import { behindTag } from "./behind-tag.ts";
import { type Dialect, open, type ReadContext, type TextCall } from "./dialect.ts";
import { anyLiteralAt, literalAt } from "./literal-at.ts";
import { type ParameterStyle, readTagParameters } from "./read-tag-parameters.ts";
import { skipBlank } from "./skip-blank.ts";

/**
 * `<invoke name="NAME"><parameter name="KEY">VALUE</parameter></invoke>`, one or several, in a tag around them or not.
 * Source: the chat template of MiniMax-M2; models that imitate such prompts.
 */
export const invokeTag: Dialect = {
  name: "invoke-tag",
  first: "<",
  where: "anywhere",
  read: (text, at, context) => {
    const start = behindTag(text, at, wrappers.map(openTag));
    if (start === "open") return open(context, "");
    const calls: TextCall[] = [];
    let next = start.begin;
    for (;;) {
      const read = readInvoke(text, next, context);
      if (read === "open") return open(context, text.slice(next, next + 200).includes(">") ? closing : "");
      if (read === undefined) return undefined;
      calls.push(read.call);
      // What stands there is a call, whatever follows.
      if (!context.final) return { type: "open", until: undefined };
      const behind = skipBlank(text, read.end);
      const unwrapped = anyLiteralAt(text, behind, wrappers.map(closeTag));
      if (typeof unwrapped === "number") return { type: "calls", calls, end: unwrapped };
      const more = literalAt(text, behind, opening);
      if (!start.tagged || more === undefined || more === "open") {
        return { type: "calls", calls, end: read.end };
      }
      next = behind;
    }
  },
};

const wrappers: readonly string[] = ["function_calls", "tool_calls", "tool_call", "minimax:tool_call"];
const openTag = (name: string): string => `<${name}>`;
const closeTag = (name: string): string => `</${name}>`;
const opening = '<invoke name="';
const closing = "</invoke>";
const style: ParameterStyle = { open: '<parameter name="', close: '">', ownLines: false };

function readInvoke(
  text: string,
  at: number,
  { tools, work }: ReadContext,
): { readonly call: TextCall; readonly end: number } | "open" | undefined {
  const behind = literalAt(text, at, opening);
  if (behind === undefined || behind === "open") return behind;
  const head = /^[\w.:-]{0,150}(?:">?)?/.exec(text.slice(behind, behind + 152))?.[0] ?? "";
  if (!head.endsWith('">')) return behind + head.length === text.length ? "open" : undefined;
  const nameEnd = behind + head.length - 2;
  const name = head.slice(0, -2);
  const tool = tools.get(name);
  if (tool === undefined) return undefined;
  const end = text.indexOf(closing, nameEnd);
  work.left -= (end === -1 ? text.length : end) - nameEnd;
  if (end === -1) return "open";
  const input = readTagParameters(text.slice(nameEnd + 2, end), style, tool);
  return input === undefined ? undefined : { call: { name, input }, end: end + closing.length };
}
