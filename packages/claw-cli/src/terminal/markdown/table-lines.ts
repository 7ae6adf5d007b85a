import type { Tokens } from "marked";
import { type Line, span } from "../line.ts";
import { lineWidth, wrap } from "../wrap.ts";
import { inlineSpans } from "./inline-spans.ts";

/** A table in at most `width` columns where that is possible; long cells wrap. */
export function tableLines(table: Tokens.Table, width: number): readonly Line[] {
  const header = table.header.map((cell) => inlineSpans(cell.tokens, ["bold"]));
  const rows = table.rows.map((row) => row.map((cell) => inlineSpans(cell.tokens)));
  const widths = columnWidths([header, ...rows], width);
  const rule = widths.map((each) => "─".repeat(each + 2)).join("┼");
  return [
    ...rowLines(header, widths, table.align),
    [span(rule, "dim")],
    ...rows.flatMap((row) => rowLines(row, widths, table.align)),
  ];
}

/** Natural widths, the widest columns cut until the table fits. */
function columnWidths(rows: readonly (readonly Line[])[], width: number): readonly number[] {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(1, ...rows.map((row) => longestLine(row[column] ?? []))),
  );
  let excess = widths.reduce((sum, each) => sum + each + 3, -1) - width;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const current = widths[widest] ?? 0;
    if (current <= narrowest) break;
    const second = Math.max(narrowest, ...widths.filter((each) => each < current));
    const cut = Math.min(excess, Math.max(1, current - second));
    widths[widest] = current - cut;
    excess -= cut;
  }
  return widths;
}

/** Below this a column cannot be read. */
const narrowest = 4;

function longestLine(cell: Line): number {
  return Math.max(...wrap(cell, Number.MAX_SAFE_INTEGER).map(lineWidth));
}

type Align = Tokens.Table["align"][number];

function rowLines(row: readonly Line[], widths: readonly number[], align: readonly Align[]): readonly Line[] {
  const cells = widths.map((width, column) => wrap(row[column] ?? [], width));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    cells.flatMap(
      (lines, column): Line => [
        ...(column === 0 ? [] : [span("│", "dim")]),
        ...aligned(lines[index] ?? [], widths[column] ?? 0, align[column] ?? null),
      ],
    ),
  );
}

function aligned(line: Line, width: number, align: Align): Line {
  const room = Math.max(0, width - lineWidth(line));
  const before = align === "right" ? room : align === "center" ? Math.floor(room / 2) : 0;
  return [span(" ".repeat(before + 1)), ...line, span(" ".repeat(room - before + 1))];
}
