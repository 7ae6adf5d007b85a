import type { MarkdownPage } from "./markdown-page.ts";

type Attributes = Readonly<Record<string, string>>;
type End = (() => void) | undefined;

/** Starts one element of a page. Returns what ends it, or `skipped` for one whose whole content is left out. */
export function openElement(page: MarkdownPage, name: string, attributes: Attributes): End | "skipped" {
  if (skipped.has(name) || isHidden(attributes)) return "skipped";
  if (page.isPreformatted()) return openInPreformatted(page, name, attributes);
  const open = elements.get(name);
  return open?.(page, attributes, name);
}

const skipped: ReadonlySet<string> = new Set([
  ...["script", "style", "template", "svg", "iframe", "object", "canvas", "audio", "video", "nav"],
  ...["button", "select", "textarea", "datalist", "dialog"],
]);

function isHidden(attributes: Attributes): boolean {
  return Object.hasOwn(attributes, "hidden") || attributes["aria-hidden"] === "true";
}

function openInPreformatted(page: MarkdownPage, name: string, attributes: Attributes): End {
  if (name === "pre") return page.startPreformatted("");
  if (name === "code") page.setLanguage(languageOf(attributes));
  if (name === "br") page.text("\n");
  return undefined;
}

type Open = (page: MarkdownPage, attributes: Attributes, name: string) => End;

const paragraph: Open = (page) => spaced(page, 2);
const line: Open = (page) => spaced(page, 1);

function spaced(page: MarkdownPage, lines: 1 | 2): End {
  page.writer().lineBreak(lines);
  return () => page.writer().lineBreak(lines);
}

const heading: Open = (page, _attributes, name) => {
  const into = page.writer();
  into.lineBreak(2);
  into.open(`${"#".repeat(Number(name.slice(1)))} `);
  return () => {
    into.close("");
    into.lineBreak(2);
  };
};

const numberedList: Open = (page, attributes) => {
  const first = Number(attributes["start"] ?? "1");
  return page.startList(Number.isSafeInteger(first) ? first : 1);
};

const listItem: Open = (page) => {
  const mark = page.nextMark();
  return item(page, " ".repeat(mark.length), mark);
};

function item(page: MarkdownPage, prefix: string, mark: string): End {
  const into = page.writer();
  into.lineBreak(1);
  into.enter(prefix, mark);
  return () => {
    into.leave();
    into.lineBreak(1);
  };
}

const quote: Open = (page) => {
  const into = page.writer();
  into.lineBreak(2);
  into.enter("> ");
  return () => {
    into.leave();
    into.lineBreak(2);
  };
};

const cell: Open = (page) => {
  const table = page.table();
  table?.startCell();
  return () => table?.endCell();
};

const picture: Open = (page, attributes) => {
  const alt = (attributes["alt"] ?? "").replace(/\s+/g, " ").replace(/[[\]]/g, "").trim();
  // A picture without words is decoration to a reader of text.
  if (alt === "") return undefined;
  const source = page.resolve(attributes["src"]);
  page.writer().verbatim(source === undefined ? `![${alt}]` : `![${alt}](${source})`);
  return undefined;
};

const link: Open = (page, attributes) => {
  const target = page.resolve(attributes["href"]);
  return target === undefined ? undefined : page.startInline("link", "[", `](${target})`);
};

const rule: Open = (page) => {
  const into = page.writer();
  into.lineBreak(2);
  into.verbatim("---");
  into.lineBreak(2);
  return undefined;
};

function languageOf(attributes: Attributes): string {
  return (
    /(?:^|\s)(?:language|lang|highlight-source)-([\w+#-]{1,30})/.exec(attributes["class"] ?? "")?.[1] ?? ""
  );
}

const bold: Open = (page) => page.startInline("bold", "**", "**");
const slanted: Open = (page) => page.startInline("slanted", "*", "*");
const struck: Open = (page) => page.startInline("struck", "~~", "~~");
const code: Open = (page) => page.startInline("code", "`", "`");

const blocks = [
  ...["p", "div", "section", "article", "main", "header", "footer", "aside", "figure", "fieldset", "form"],
  ...["address", "details", "dl", "hgroup", "search", "noscript"],
];

const elements: ReadonlyMap<string, Open> = new Map<string, Open>([
  ...blocks.map((name): [string, Open] => [name, paragraph]),
  ...["summary", "figcaption", "caption", "legend", "dt", "option"].map((name): [string, Open] => [
    name,
    line,
  ]),
  ...[1, 2, 3, 4, 5, 6].map((level): [string, Open] => [`h${level}`, heading]),
  ["title", (page) => page.startTitle()],
  ["base", (page, attributes) => void page.setBase(attributes["href"] ?? "")],
  ["br", (page) => void page.writer().lineBreak(1)],
  ["hr", rule],
  ["blockquote", quote],
  ["pre", (page, attributes) => page.startPreformatted(languageOf(attributes))],
  ["table", (page) => page.startTable()],
  ["tr", (page) => void page.table()?.startRow()],
  ["td", cell],
  ["th", cell],
  ["dd", (page) => item(page, "  ", "  ")],
  ["ul", (page) => page.startList()],
  ["menu", (page) => page.startList()],
  ["ol", numberedList],
  ["li", listItem],
  ["a", link],
  ["img", picture],
  ["b", bold],
  ["strong", bold],
  ["i", slanted],
  ["em", slanted],
  ["del", struck],
  ["s", struck],
  ["code", code],
  ["kbd", code],
  ["samp", code],
]);
