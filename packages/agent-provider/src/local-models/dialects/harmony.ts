import { type Dialect, open } from "./dialect.ts";
import { jsonBefore } from "./json-before.ts";
import { anyLiteralAt } from "./literal-at.ts";

/**
 * `<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{…}<|call|>`: a message of the harmony format
 * whose recipient is a function. The recipient may stand behind the role, `<|start|>assistant to=functions.NAME`.
 * Source: OpenAI harmony response format, docs/format.md of openai-harmony.
 */
export const harmony: Dialect = {
  name: "harmony",
  first: "<",
  where: "anywhere",
  read: (text, at, context) => {
    const begins = anyLiteralAt(text, at, ["<|channel|>", "<|start|>assistant"]);
    if (begins === undefined) return undefined;
    if (begins === "open") return open(context, "");
    const start = text.slice(at, at + longestHeader);
    const headerEnd = start.indexOf(content);
    if (headerEnd === -1) return start.length < longestHeader ? open(context, "") : undefined;
    const found = header.exec(start.slice(0, headerEnd));
    const name = found?.[1] ?? found?.[2] ?? "";
    // A message for the reader, or for nobody that is known.
    if (found === null || !context.tools.has(name)) return undefined;
    if (!context.final) return { type: "open", until: undefined };
    const begin = at + headerEnd + content.length;
    const read = jsonBefore(text, begin + leadingBlanks(text, begin), "<|call|>", context);
    return read && { type: "calls", calls: [{ name, ...read.input }], end: read.end };
  },
};

const content = "<|message|>";
/** Characters, far more than the longest name needs. */
const longestHeader = 400;
const header =
  /^(?:<\|start\|>assistant)?(?: to=functions\.([\w.-]{1,128}))?<\|channel\|>(?:commentary|analysis)(?: to=functions\.([\w.-]{1,128}))?[ \n]?(?:<\|constrain\|>)?[ \n]?(?:json|code)?[ \n]?$/;

function leadingBlanks(text: string, at: number): number {
  return /^\s{0,4}/.exec(text.slice(at, at + 4))?.[0].length ?? 0;
}
