import type { Writable } from "node:stream";
import type { View } from "./line-view.ts";

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
  /** Leaves the cursor on an empty line below everything. */
  readonly close: () => void;
}

export function createScreen(output: ScreenOutput): Screen {
  let live: View = { rows: [] };
  /** Rows between the first row of the live area and the cursor. */
  let cursorRow = 0;
  const columns = (): number => Math.max(20, output.columns ?? 80);
  const rows = (): number => Math.max(5, output.rows ?? 24);

  const draw = (printed: readonly string[], view: View): void => {
    const shown = fitted(view, rows() - 1);
    const back = cursorRow > 0 ? `\u001b[${cursorRow}A` : "";
    const above = printed.map((line) => `${line}\r\n`).join("");
    output.write(`${begin}${back}\r\u001b[J${above}${shown.rows.join("\r\n")}${placed(shown)}${end}`);
    cursorRow = shown.cursor?.row ?? Math.max(0, shown.rows.length - 1);
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
      cursorRow = 0;
      draw([], live);
    },
    close: () => {
      live = { rows: [] };
      draw([], live);
      output.write("\u001b[?25h");
    },
  };
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
