import { lexer, type Token } from "marked";
import { type Line, span } from "../line.ts";
import { printable } from "../printable.ts";
import { wrap } from "../wrap.ts";
import { type BlockOptions, blockLines } from "./block-lines.ts";

/**
 * Markdown that arrives in pieces. A block is finished when another one has begun behind it: its lines are given
 * once and never change. The last block stays open and is rendered anew each time it is looked at.
 */
export interface MarkdownStream {
  /** Takes more text. */
  readonly push: (delta: string) => void;
  /** The lines of the blocks that were finished since the last call. */
  readonly takeFinished: (options: BlockOptions) => readonly Line[];
  /** The block that is still open, as it looks now. */
  readonly openLines: (options: BlockOptions) => readonly Line[];
  /** The lines of everything that is left. The stream is then empty and can be used again. */
  readonly end: (options: BlockOptions) => readonly Line[];
}

export function createMarkdownStream(): MarkdownStream {
  let pending = "";
  let started = false;

  const finish = (tokens: readonly Token[], options: BlockOptions): readonly Line[] => {
    const lines = blockLines(tokens, options);
    if (lines.length === 0) return lines;
    const separated = started ? [[], ...lines] : lines;
    started = true;
    return separated;
  };

  return {
    push: (delta) => {
      pending += delta;
    },
    takeFinished: (options) => {
      const { finished, rest } = splitBlocks(pending);
      pending = rest;
      return finish(finished, options);
    },
    openLines: (options) => {
      const lines = blockLines(lex(pending), options);
      return lines.length > 0 && started ? [[], ...lines] : lines;
    },
    end: (options) => {
      const lines = finish(lex(pending), options);
      pending = "";
      started = false;
      return lines;
    },
  };
}

/** All of a Markdown text at once. */
export function markdownLines(markdown: string, options: BlockOptions): readonly Line[] {
  return blockLines(lex(markdown), options);
}

/**
 * Blocks are cut off where the lexer saw another one begin; the last stays, whatever may still join it. Only whole
 * lines are looked at: half a line can look like something else.
 */
function splitBlocks(pending: string): { readonly finished: readonly Token[]; readonly rest: string } {
  const end = pending.lastIndexOf("\n") + 1;
  const tokens = lex(pending.slice(0, end));
  const last = tokens.findLastIndex((token) => token.type !== "space");
  const open = last >= 0 && last < tokens.length - 1 && isClosed(tokens[last]) ? tokens.length : last;
  if (open <= 0) return { finished: [], rest: pending };
  const rest = tokens.slice(open).map((token) => token.raw);
  return { finished: tokens.slice(0, open), rest: rest.join("") + pending.slice(end) };
}

/** Nothing joins these once an empty line has followed. */
function isClosed(token: Token | undefined): boolean {
  if (token?.type === "code") return /^ {0,3}(```|~~~)/.test(token.raw);
  return token !== undefined && ["paragraph", "heading", "hr", "table", "blockquote"].includes(token.type);
}

/** Characters of one block beyond which it is shown as it is: its rendering would cost more and more. */
const largestBlock = 100_000;

/** Never throws: what the lexer cannot read in bounded time and depth is one plain block. */
function lex(markdown: string): readonly Token[] {
  const text = printable(markdown);
  if (text.trim() === "") return [];
  if (text.length > largestBlock || /(?:^|\n)(?:[ \t]*(?:>|[-*+]|\d+[.)])){40}/.test(text))
    return [plainBlock(text)];
  try {
    return lexer(text);
  } catch {
    return [plainBlock(text)];
  }
}

function plainBlock(text: string): Token {
  return { type: "code", raw: text, text, lang: "" };
}

/** Lines for text that is no Markdown. */
export function plainLines(text: string, width: number): readonly Line[] {
  return printable(text)
    .split("\n")
    .flatMap((line) => wrap([span(line)], width));
}
