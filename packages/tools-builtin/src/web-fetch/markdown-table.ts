import { createMarkdownWriter, type MarkdownWriter } from "./markdown-writer.ts";

/** One table of a page. It is written when it ends, or as plain lines once it turns out to be only layout. */
export interface MarkdownTable {
  readonly startRow: () => void;
  readonly startCell: () => void;
  readonly endCell: () => void;
  readonly end: () => void;
  /** Where the table's inside is written now: an open cell, else the page. */
  readonly writer: () => MarkdownWriter;
  /** A table inside a cell: this one is not data but layout, so that its cells become lines of the page. */
  readonly becomeLayout: () => void;
}

const mostCellCharacters = 20_000;
const mostTableCharacters = 2_000_000;

/** Writes to `page`. A table larger than 2,000,000 characters becomes lines of the page, which is bounded. */
export function createMarkdownTable(page: MarkdownWriter): MarkdownTable {
  let rows: string[][] = [];
  let cell: MarkdownWriter | undefined;
  let isLayout = false;
  let size = 0;
  const closeCell = (): void => {
    if (cell === undefined) return;
    const content = cell
      .result()
      .replace(/\s*\n\s*/g, " ")
      .replaceAll("|", "\\|");
    cell = undefined;
    size += content.length;
    if (rows.length === 0) rows.push([]);
    rows.at(-1)?.push(content);
    if (size > mostTableCharacters) becomeLayout();
  };
  const becomeLayout = (): void => {
    if (isLayout) return;
    isLayout = true;
    closeCell();
    for (const content of rows.flat()) writeLine(page, content);
    rows = [];
    page.lineBreak(1);
  };
  return {
    startRow: () => {
      if (isLayout) page.lineBreak(1);
      else rows.push([]);
    },
    startCell: () => {
      if (isLayout) page.lineBreak(1);
      else cell = createMarkdownWriter(mostCellCharacters);
    },
    endCell: closeCell,
    end: () => {
      closeCell();
      writeTable(
        page,
        rows.filter((row) => row.some((content) => content !== "")),
      );
      page.lineBreak(2);
    },
    writer: () => cell ?? page,
    becomeLayout,
  };
}

function writeTable(page: MarkdownWriter, rows: readonly (readonly string[])[]): void {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  if (columns <= 1 || rows.length === 1) {
    for (const content of rows.flat()) writeLine(page, content.replaceAll("\\|", "|"));
    return;
  }
  const [head, ...body] = rows;
  page.lineBreak(2);
  page.lines([tableLine(head ?? []), tableLine((head ?? []).map(() => "---")), ...body.map(tableLine)]);
}

function writeLine(page: MarkdownWriter, content: string): void {
  page.lineBreak(1);
  page.verbatim(content);
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
