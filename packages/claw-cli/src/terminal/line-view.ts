import stringWidth from "string-width";
import type { LineState } from "./edit-line.ts";
import { graphemes } from "./graphemes.ts";
import { printable } from "./printable.ts";

/** Rows of a terminal and where the cursor stands in them. */
export interface View {
  /** Each at most as wide as the terminal. */
  readonly rows: readonly string[];
  readonly cursor?: { readonly row: number; readonly column: number };
}

/**
 * The line that is being typed, behind a prompt, wrapped by hand so that the place of the cursor is known. When it
 * is higher than `height` the rows around the cursor are shown.
 */
export function lineView(line: LineState, prompt: string, width: number, height: number): View {
  const state = nearCursor(line);
  const indent = stringWidth(prompt);
  const room = Math.max(4, width - indent - 1);
  const rows = [""];
  let column = 0;
  let cursor = { row: 0, column: indent };
  let offset = 0;
  for (const segment of graphemes(state.text)) {
    if (offset === state.cursor) cursor = { row: rows.length - 1, column: indent + column };
    offset += segment.length;
    if (segment === "\n") {
      rows.push("");
      column = 0;
      continue;
    }
    const shown = segment === "\t" ? "  " : printable(segment);
    const columns = stringWidth(shown);
    if (column + columns > room) {
      rows.push("");
      column = 0;
    }
    rows[rows.length - 1] += shown;
    column += columns;
  }
  if (offset === state.cursor) cursor = { row: rows.length - 1, column: indent + column };
  const first = Math.max(0, Math.min(cursor.row - height + 1, rows.length - height));
  const lead = " ".repeat(indent);
  return {
    rows: rows.slice(first, first + height).map((row, index) => (index + first === 0 ? prompt : lead) + row),
    cursor: { row: cursor.row - first, column: cursor.column },
  };
}

/** Code units on each side of the cursor that are laid out; a window shows less. */
const farthest = 10_000;

function nearCursor({ text, cursor }: LineState): { readonly text: string; readonly cursor: number } {
  if (text.length <= farthest) return { text, cursor };
  const start = cursor <= farthest ? 0 : text.indexOf("\n", cursor - farthest) + 1;
  const from = start > cursor || start === 0 ? Math.max(0, cursor - farthest) : start;
  return { text: text.slice(from, cursor + farthest), cursor: cursor - from };
}
