import type { Token } from "marked";
import type { Line, Span } from "../line.ts";
import type { Style } from "../paint.ts";

/** The spans of a paragraph's inline tokens: emphasis, code, links and line breaks. */
export function inlineSpans(tokens: readonly Token[], styles: readonly Style[] = []): Line {
  return tokens.flatMap((token) => spansOf(token, styles));
}

function spansOf(token: Token, styles: readonly Style[]): readonly Span[] {
  const children = "tokens" in token ? token.tokens : undefined;
  switch (token.type) {
    case "strong":
      return inlineSpans(children ?? [], [...styles, "bold"]);
    case "em":
      return inlineSpans(children ?? [], [...styles, "italic"]);
    case "del":
      return inlineSpans(children ?? [], [...styles, "strikethrough"]);
    case "codespan":
      return [{ text: textOf(token), styles: [...styles, "cyan"] }];
    case "link":
      return link(token, children ?? [], styles);
    case "image":
      return [{ text: `[image: ${textOf(token) || hrefOf(token)}]`, styles: [...styles, "dim"] }];
    case "br":
      return [{ text: "\n", styles }];
    case "checkbox":
      return [];
    case "escape":
      return [{ text: textOf(token), styles }];
    case "html":
      return [{ text: /^<br\s*\/?>$/i.test(token.raw) ? "\n" : token.raw, styles }];
    default:
      if (children !== undefined) return inlineSpans(children, styles);
      return [{ text: decodeEntities(textOf(token)).replaceAll("\n", " "), styles }];
  }
}

/** The address follows the text, unless the text is the address: what is printed must show where a link goes. */
function link(token: Token, children: readonly Token[], styles: readonly Style[]): readonly Span[] {
  const text = inlineSpans(children, [...styles, "underline"]);
  const href = hrefOf(token);
  const shown = text.map((each) => each.text).join("");
  if (href === shown || href === `mailto:${shown}`) return text;
  return [...text, { text: ` (${href})`, styles: [...styles, "dim"] }];
}

function hrefOf(token: Token): string {
  return "href" in token && typeof token.href === "string" ? token.href : "";
}

function textOf(token: Token): string {
  return "text" in token && typeof token.text === "string" ? token.text : token.raw;
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#39;", "'"],
  ["&nbsp;", "\u00a0"],
]);

function decodeEntities(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities.get(entity) ?? entity);
}
