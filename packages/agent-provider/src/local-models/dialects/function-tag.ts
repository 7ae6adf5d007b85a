import { readToolInput } from "../../read-tool-input.ts";
import { behindTag } from "./behind-tag.ts";
import { type Dialect, open, type ReadContext, type TextCall } from "./dialect.ts";
import { jsonEnd } from "./json-end.ts";
import { literalAt } from "./literal-at.ts";
import { type ParameterStyle, readTagParameters } from "./read-tag-parameters.ts";
import { skipBlank } from "./skip-blank.ts";

/**
 * `<function=NAME><parameter=KEY>VALUE</parameter></function>`, in `<tool_call>` tags or not (the opening one is often
 * forgotten), and `<function=NAME>{…}</function>`.
 * Source: the chat template of Qwen3-Coder (ggml-org/llama.cpp#15012); Llama 3.1 prompt format, custom tools.
 */
export const functionTag: Dialect = {
  name: "function-tag",
  first: "<",
  where: "anywhere",
  read: (text, at, context) => {
    const start = behindTag(text, at, ["<tool_call>"]);
    if (start === "open") return open(context, "");
    const calls: TextCall[] = [];
    let next = start.begin;
    for (;;) {
      const read = readFunction(text, next, context);
      if (read === "open") return open(context, nameIsRead(text, next) ? closing : "");
      if (read === undefined) break;
      calls.push(read.call);
      // What stands there is a call, whatever follows.
      if (!context.final) return { type: "open", until: undefined };
      const behind = skipBlank(text, read.end);
      const unwrapped = literalAt(text, behind, "</tool_call>");
      if (typeof unwrapped === "number") return { type: "calls", calls, end: unwrapped };
      const more = literalAt(text, behind, opening);
      if (!start.tagged || more === undefined || more === "open") {
        return { type: "calls", calls, end: read.end };
      }
      next = behind;
    }
    return undefined;
  },
};

const opening = "<function=";
const closing = "</function>";
const style: ParameterStyle = { open: "<parameter=", close: ">", ownLines: true };

function nameIsRead(text: string, at: number): boolean {
  return text.slice(at, at + 200).includes(">");
}

function readFunction(
  text: string,
  at: number,
  context: ReadContext,
): { readonly call: TextCall; readonly end: number } | "open" | undefined {
  const behind = literalAt(text, at, opening);
  if (behind === undefined || behind === "open") return behind;
  const head = /^[\w.:"' -]{0,150}>?/.exec(text.slice(behind, behind + 151))?.[0] ?? "";
  if (!head.endsWith(">")) return behind + head.length === text.length ? "open" : undefined;
  const nameEnd = behind + head.length - 1;
  const name = head.slice(0, -1).replaceAll(/["']/g, "").trim();
  const tool = context.tools.get(name);
  if (tool === undefined) return undefined;
  const begin = skipBlank(text, nameEnd + 1);
  if (text.charAt(begin) === "{") return readJsonBody(text, begin, name, context);
  const end = text.indexOf(closing, nameEnd);
  context.work.left -= (end === -1 ? text.length : end) - nameEnd;
  if (end === -1) return "open";
  const input = readTagParameters(text.slice(nameEnd + 1, end), style, tool);
  return input === undefined ? undefined : { call: { name, input }, end: end + closing.length };
}

function readJsonBody(
  text: string,
  begin: number,
  name: string,
  context: ReadContext,
): { readonly call: TextCall; readonly end: number } | "open" | undefined {
  const balanced = jsonEnd(text, begin, context);
  const end = text.indexOf(closing, balanced ?? begin);
  if (end === -1) return "open";
  const input = readToolInput(text.slice(begin, end).trim(), false);
  if (input.malformed !== undefined && !context.repairs) return undefined;
  return { call: { name, ...input }, end: end + closing.length };
}
