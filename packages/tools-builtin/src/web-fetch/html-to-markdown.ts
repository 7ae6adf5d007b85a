import { setImmediate as nextTurn } from "node:timers/promises";
import type { Parser } from "htmlparser2";
import { openElement } from "./markdown-elements.ts";
import { createMarkdownPage, type MarkdownPage } from "./markdown-page.ts";

export interface MarkdownDocument {
  /** Of the page's `title` element; empty where there is none. */
  readonly title: string;
  readonly markdown: string;
  /** The page was longer than what is kept. */
  readonly isCut: boolean;
}

const pieceLength = 4096;
const mostCharacters = 5_000_000;
/** The parser's work for each tag grows with the elements around it; beyond this many it starts afresh. */
const deepest = 400;

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
  const start = (): Reading => startReading(page, (handler) => new Parser(handler));
  let reading = start();
  for (let from = 0; from < html.length && !page.isFull(); ) {
    const to = pieceEnd(html, from);
    reading.parser.write(html.slice(from, to));
    from = to;
    if (reading.depth() > deepest) {
      reading.parser.end();
      reading = start();
    }
    await nextTurn();
    signal.throwIfAborted();
  }
  reading.parser.end();
  return { title: page.title(), markdown: page.result(), isCut: page.isFull() };
}

/** After a tag where there is one, so that a fresh start loses nothing. */
function pieceEnd(html: string, from: number): number {
  const tagEnd = html.slice(from, from + pieceLength).lastIndexOf(">") + 1;
  return from + (tagEnd > 0 ? tagEnd : pieceLength);
}

interface Reading {
  readonly parser: Parser;
  /** Elements that are open. */
  readonly depth: () => number;
}

type Handler = NonNullable<ConstructorParameters<typeof Parser>[0]>;

function startReading(page: MarkdownPage, createParser: (handler: Handler) => Parser): Reading {
  const ends: ((() => void) | undefined)[] = [];
  let skipped = 0;
  const parser = createParser({
    onopentag: (name, attributes) => {
      const end = skipped > 0 ? "skipped" : openElement(page, name, attributes);
      if (end === "skipped") skipped += 1;
      else ends.push(end);
    },
    onclosetag: () => {
      if (skipped > 0) skipped -= 1;
      else ends.pop()?.();
    },
    ontext: (text) => {
      if (skipped === 0) page.text(text);
    },
  });
  return { parser, depth: () => ends.length + skipped };
}
