import { setImmediate as nextTurn } from "node:timers/promises";
import { openElement } from "./markdown-elements.ts";
import { createMarkdownPage } from "./markdown-page.ts";

export interface MarkdownDocument {
  /** Of the page's `title` element; empty where there is none. */
  readonly title: string;
  readonly markdown: string;
  /** The page was longer than what is kept. */
  readonly isCut: boolean;
}

const pieceLength = 65_536;
const mostCharacters = 5_000_000;

/**
 * What a reader sees of an HTML page, as Markdown: links and pictures with absolute URLs; no scripts, styles or
 * navigation. Time and memory are linear in the page, however it is nested, and other work gets its turn in between.
 * Rejects only when `signal` fires.
 */
export async function htmlToMarkdown(
  html: string,
  base: URL,
  signal: AbortSignal,
): Promise<MarkdownDocument> {
  const { Parser } = await import("htmlparser2");
  const page = createMarkdownPage(base, mostCharacters);
  const closers: ((() => void) | undefined)[] = [];
  let skipped = 0;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      const element = skipped > 0 ? "skipped" : openElement(page, name, attributes);
      if (element === "skipped") skipped += 1;
      else closers.push(element);
    },
    onclosetag: () => {
      if (skipped > 0) skipped -= 1;
      else closers.pop()?.();
    },
    ontext: (text) => {
      if (skipped === 0) page.text(text);
    },
  });
  for (let from = 0; from < html.length && !page.isFull(); from += pieceLength) {
    parser.write(html.slice(from, from + pieceLength));
    await nextTurn();
    signal.throwIfAborted();
  }
  parser.end();
  return { title: page.title(), markdown: page.result(), isCut: page.isFull() };
}
