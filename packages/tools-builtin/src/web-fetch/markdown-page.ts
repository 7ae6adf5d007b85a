import { parseUrl } from "@claw/agent-core";
import { createMarkdownTable, type MarkdownTable } from "./markdown-table.ts";
import { createMarkdownWriter, type MarkdownWriter } from "./markdown-writer.ts";

/** A page in the making: where its text goes at each moment. Every `start` returns what ends it. */
export interface MarkdownPage {
  readonly text: (value: string) => void;
  /** The page, or the table cell that is open. */
  readonly writer: () => MarkdownWriter;
  readonly startTitle: () => () => void;
  /** Text is kept as it is and becomes a fenced block, or in a table cell a piece of code. */
  readonly startPreformatted: (language: string) => () => void;
  /** Inside a preformatted block: its language, where it was not known. */
  readonly setLanguage: (language: string) => void;
  readonly isPreformatted: () => boolean;
  readonly startTable: () => () => void;
  readonly table: () => MarkdownTable | undefined;
  /** A list; numbered from `first` where that is given. */
  readonly startList: (first?: number) => () => void;
  /** What the next item of the innermost list starts with. */
  readonly nextMark: () => string;
  /** Emphasis or a link, once however often it is nested. */
  readonly startInline: (kind: string, open: string, close: string) => () => void;
  /** An absolute URL worth showing, or `undefined`. */
  readonly resolve: (reference: string | undefined) => string | undefined;
  readonly setBase: (reference: string) => void;
  readonly title: () => string;
  readonly isFull: () => boolean;
  readonly result: () => string;
}

const longestShownUrl = 2000;

export function createMarkdownPage(url: URL, limit: number): MarkdownPage {
  const page = createMarkdownWriter(limit);
  const tables: MarkdownTable[] = [];
  const lists: { next: number | undefined }[] = [];
  const inline = new Set<string>();
  let base = url;
  let title: string | undefined;
  let isInTitle = false;
  let block: { depth: number; language: string; readonly pieces: string[] } | undefined;

  const writer = (): MarkdownWriter => tables.at(-1)?.writer() ?? page;
  const endPreformatted = (): void => {
    if (block === undefined) return;
    block.depth -= 1;
    if (block.depth > 0) return;
    const { language, pieces } = block;
    block = undefined;
    writePreformatted(writer(), pieces.join(""), language, writer() === page);
  };
  return {
    text: (value) => {
      if (isInTitle) title = (title ?? "") + value.slice(0, 1000);
      else if (block !== undefined) block.pieces.push(value);
      else writer().text(value);
    },
    writer,
    startTitle: () => {
      isInTitle = title === undefined;
      return () => {
        isInTitle = false;
      };
    },
    startPreformatted: (language) => {
      block ??= { depth: 0, language, pieces: [] };
      block.depth += 1;
      return endPreformatted;
    },
    setLanguage: (language) => {
      if (block !== undefined && block.language === "") block.language = language;
    },
    isPreformatted: () => block !== undefined,
    startTable: () => {
      tables.at(-1)?.becomeLayout();
      const table = createMarkdownTable(page);
      page.lineBreak(2);
      tables.push(table);
      return () => {
        tables.pop();
        table.end();
      };
    },
    table: () => tables.at(-1),
    startList: (first) => {
      const lines = lists.length === 0 ? 2 : 1;
      writer().lineBreak(lines);
      lists.push({ next: first });
      return () => {
        lists.pop();
        writer().lineBreak(lines);
      };
    },
    nextMark: () => {
      const list = lists.at(-1);
      if (list?.next === undefined) return "- ";
      list.next += 1;
      return `${list.next - 1}. `;
    },
    startInline: (kind, open, close) => {
      if (inline.has(kind) || block !== undefined) return () => undefined;
      inline.add(kind);
      const into = writer();
      into.open(open);
      return () => {
        inline.delete(kind);
        into.close(close);
      };
    },
    resolve: (reference) => resolved(reference, base),
    setBase: (reference) => {
      base = parseUrl(reference, url) ?? base;
    },
    title: () => (title ?? "").replace(/\s+/g, " ").trim().slice(0, 300),
    isFull: page.isFull,
    result: page.result,
  };
}

function resolved(reference: string | undefined, base: URL): string | undefined {
  const url = reference === undefined || reference.startsWith("#") ? undefined : parseUrl(reference, base);
  if (url === undefined) return undefined;
  const isShown = ["http:", "https:", "mailto:"].includes(url.protocol) && url.href.length <= longestShownUrl;
  return isShown ? url.href.replace(/[()]/g, (bracket) => (bracket === "(" ? "%28" : "%29")) : undefined;
}

function writePreformatted(writer: MarkdownWriter, text: string, language: string, isBlock: boolean): void {
  const content = text.replace(/^\r?\n/, "").trimEnd();
  if (content === "") return;
  const longestRun = (content.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  if (!isBlock) {
    const fence = "`".repeat(longestRun + 1);
    writer.text(" ");
    writer.verbatim(`${fence}${content.replace(/\s+/g, " ")}${fence}`);
    return;
  }
  const fence = "`".repeat(Math.max(3, longestRun + 1));
  writer.lineBreak(2);
  writer.lines([`${fence}${language}`, ...content.split(/\r?\n/), fence]);
  writer.lineBreak(2);
}
