import type { Writable } from "node:stream";
import stringWidth from "string-width";
import type { View } from "./line-view.ts";
import { windowSize } from "./window-size.ts";

/** A terminal's output side, as far as it is needed here. */
export interface ScreenOutput extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/**
 * A terminal in two parts: text that is printed once and scrolls away, and below it a live area that is drawn anew
 * whenever it changes. Each change is one write, so that nothing flickers.
 */
export interface Screen {
  readonly columns: () => number;
  readonly rows: () => number;
  /**
   * Prints lines and puts a new live area below them. Each line must fit the width; the live area is cut to the
   * height of the terminal, the top rows first.
   */
  readonly update: (printed: readonly string[], view: View) => void;
  /** Empties the window and draws the live area again. */
  readonly clear: () => void;
  /** Leaves the cursor on an empty line below everything. What comes next is drawn from there. */
  readonly close: () => void;
  /** Somebody else wrote since: draws the live area again, below that. */
  readonly restart: () => void;
}

export function createScreen(output: ScreenOutput): Screen {
  let live: View = { rows: [] };
  /** What is on the screen of it, and how wide that was then. */
  let drawn: View = live;
  let drawnColumns = 0;
  const columns = (): number => Math.max(20, windowSize(output).columns);
  const rows = (): number => Math.max(5, windowSize(output).rows);

  const draw = (printed: readonly string[], view: View): void => {
    const shown = fitted(view, rows() - 1);
    const above = rowsAboveCursor(drawn, columns() < drawnColumns ? columns() : Number.POSITIVE_INFINITY);
    const back = above > 0 ? `\u001b[${above}A` : "";
    const text = printed.map((line) => `${line}\r\n`).join("");
    output.write(`${begin}${back}\r\u001b[J${text}${shown.rows.join("\r\n")}${placed(shown)}${end}`);
    drawn = shown;
    drawnColumns = columns();
  };

  return {
    columns,
    rows,
    update: (printed, view) => {
      if (printed.length === 0 && same(view, live)) return;
      live = view;
      draw(printed, view);
    },
    clear: () => {
      output.write("\u001b[H\u001b[2J");
      drawn = { rows: [] };
      draw([], live);
    },
    close: () => {
      live = { rows: [] };
      draw([], live);
      output.write("\u001b[?25h");
    },
    restart: () => {
      drawn = { rows: [] };
      draw([], live);
    },
  };
}

/**
 * Rows between the first row of a view and the cursor. In a window of `width` columns, which is narrower than the one
 * it was drawn in, the terminal has broken the rows that do not fit any more.
 */
function rowsAboveCursor({ rows, cursor }: View, width: number): number {
  const last = cursor?.row ?? Math.max(0, rows.length - 1);
  if (width === Number.POSITIVE_INFINITY) return last;
  const before = rows.slice(0, last).map((row) => Math.max(1, Math.ceil(stringWidth(row) / width)));
  const column = cursor?.column ?? stringWidth(rows[last] ?? "");
  return before.reduce((sum, each) => sum + each, Math.floor(column / width));
}

/** Synchronized update: terminals that know it show the whole change at once, the others ignore it. */
const begin = "\u001b[?2026h\u001b[?25l";
const end = "\u001b[?2026l";

function placed(view: View): string {
  const { rows, cursor } = view;
  if (cursor === undefined) return "";
  const up = rows.length - 1 - cursor.row;
  return `${up > 0 ? `\u001b[${up}A` : ""}\r${cursor.column > 0 ? `\u001b[${cursor.column}C` : ""}\u001b[?25h`;
}

function fitted(view: View, height: number): View {
  const cut = view.rows.length - height;
  if (cut <= 0) return view;
  const rows = view.rows.slice(cut);
  if (view.cursor === undefined) return { rows };
  return { rows, cursor: { ...view.cursor, row: Math.max(0, view.cursor.row - cut) } };
}

function same(left: View, right: View): boolean {
  return (
    left.rows.length === right.rows.length &&
    left.cursor?.row === right.cursor?.row &&
    left.cursor?.column === right.cursor?.column &&
    left.rows.every((row, index) => row === right.rows[index])
  );
}
