import type { Token, Tokens } from "marked";
import { type Line, span } from "../line.ts";
import { wrap } from "../wrap.ts";
import type { Highlight } from "./highlight.ts";
import { inlineSpans } from "./inline-spans.ts";
import { tableLines } from "./table-lines.ts";

export interface BlockOptions {
  /** Columns. */
  readonly width: number;
  /** Absent: code has one colour. */
  readonly highlight?: Highlight;
}

/** The lines of some Markdown blocks, one empty line between them. */
export function blockLines(tokens: readonly Token[], options: BlockOptions): readonly Line[] {
  const blocks = tokens.filter((token) => token.type !== "space" && token.type !== "def");
  return blocks.flatMap((token, index) => [...(index === 0 ? [] : [[]]), ...linesOf(token, options)]);
}

function linesOf(token: Token, options: BlockOptions): readonly Line[] {
  if (isKind<Tokens.Heading>(token, "heading")) {
    return wrap(
      inlineSpans(token.tokens, token.depth === 1 ? ["bold", "underline"] : ["bold"]),
      options.width,
    );
  }
  if (isKind<Tokens.Code>(token, "code")) return codeLines(token, options);
  if (isKind<Tokens.Blockquote>(token, "blockquote")) {
    return indented(blockLines(token.tokens, narrowed(options, 2)), [span("│ ", "dim")], [span("│ ", "dim")]);
  }
  if (isKind<Tokens.List>(token, "list")) return listLines(token, options);
  if (isKind<Tokens.Table>(token, "table")) return tableLines(token, options.width);
  if (token.type === "hr") return [[span("─".repeat(Math.min(options.width, 40)), "dim")]];
  if (token.type === "html") return wrap([span(token.raw.trimEnd(), "dim")], options.width);
  return wrap(
    inlineSpans("tokens" in token && token.tokens !== undefined ? token.tokens : [token]),
    options.width,
  );
}

/** The lexer's union has an open member, so its discriminant alone does not narrow. */
function isKind<Kind extends Token>(token: Token, type: Kind["type"]): token is Kind {
  return token.type === type;
}

function codeLines(token: Tokens.Code, options: BlockOptions): readonly Line[] {
  const language = token.lang?.split(/[\s,{]/, 1)[0]?.toLowerCase() ?? "";
  const spans = options.highlight?.(token.text, language) ?? [span(token.text)];
  const plain = spans.every((each) => each.styles.length === 0);
  const lines = wrapCode(plain ? [span(token.text, "cyan")] : spans, options.width - 2);
  return indented(lines, [span("  ")], [span("  ")]);
}

/** Code keeps its own lines and blanks; what is too long goes on in the next line. */
function wrapCode(spans: Line, width: number): readonly Line[] {
  const lines: Line[][] = [[]];
  for (const { text, styles } of spans) {
    const [first = "", ...rest] = text.replaceAll("\t", "  ").split("\n");
    lines.at(-1)?.push([{ text: first, styles }]);
    for (const line of rest) lines.push([[{ text: line, styles }]]);
  }
  return lines.flatMap((parts) => wrap(parts.flat(), width));
}

function listLines(list: Tokens.List, options: BlockOptions): readonly Line[] {
  const start = typeof list.start === "number" ? list.start : 1;
  const last = `${start + list.items.length - 1}.`.length;
  return list.items.flatMap((item, index) => {
    const bullet = list.ordered ? `${`${start + index}.`.padStart(last)} ` : "• ";
    const mark = item.task ? (item.checked === true ? "☑ " : "☐ ") : bullet;
    const lines = itemLines(item, narrowed(options, mark.length));
    const body = indented(lines, [span(mark, item.task ? "cyan" : "dim")], [span(" ".repeat(mark.length))]);
    return list.loose && index > 0 ? [[], ...body] : body;
  });
}

function itemLines(item: Tokens.ListItem, options: BlockOptions): readonly Line[] {
  const blocks = item.tokens.filter((token) => token.type !== "space" && token.type !== "checkbox");
  const lines = blocks.flatMap((token, index) => [
    ...(index > 0 && item.loose ? [[]] : []),
    ...linesOf(token, options),
  ]);
  return lines.length === 0 ? [[]] : lines;
}

function indented(lines: readonly Line[], first: Line, rest: Line): readonly Line[] {
  return lines.map((line, index) => [...(index === 0 ? first : rest), ...line]);
}

function narrowed(options: BlockOptions, columns: number): BlockOptions {
  return { ...options, width: Math.max(10, options.width - columns) };
}
