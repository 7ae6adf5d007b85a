import { holdTerminal } from "./hold-terminal.ts";
import type { Job } from "./job.ts";
import type { Key } from "./key.ts";
import { type Line, paintLine } from "./line.ts";
import type { View } from "./line-view.ts";
import type { Paint } from "./paint.ts";
import { type KeySource, readKeys } from "./read-keys.ts";
import { createScreen, type Screen, type ScreenOutput } from "./screen.ts";

/** Something that has the keyboard and the lowest rows of the window. */
export interface Pane {
  readonly view: (columns: number, rows: number) => View;
  readonly onKey: (key: Key) => void;
  /** The terminal went away. */
  readonly onEnd: () => void;
  /** What was typed before it opened is not meant for it, and waits for the next pane. */
  readonly leavesEarlyKeys?: boolean;
  /** Keeps the keyboard although a newer pane is open: half a line must not become the answer to a question. */
  readonly holdsKeyboard?: () => boolean;
}

/** What changes by itself between the printed text and the pane. */
export interface Live {
  /** Printed now, for good. */
  readonly finished: readonly Line[];
  /** Drawn anew each time. */
  readonly open: readonly Line[];
}

/** A person at a terminal: one pane at a time has the keyboard, the newest first. */
export interface Console {
  readonly paint: Paint;
  readonly columns: () => number;
  readonly rows: () => number;
  /** Prints lines above what is live, with the next drawing. */
  readonly print: (lines: readonly Line[]) => void;
  /** Prints an empty line, unless the last one is empty already. */
  readonly gap: () => void;
  /** Draws the live rows again soon; many calls make one drawing. */
  readonly refresh: () => void;
  readonly clear: () => void;
  /** Asks for the live rows at each drawing, such as an answer that is still being written. */
  readonly setLive: (live: () => Live) => void;
  /** Gives a pane the keyboard until the returned function is called. */
  readonly open: (pane: Pane) => () => void;
  readonly close: () => void;
}

/** Milliseconds between two drawings. */
const frame = 25;

export function openConsole(input: KeySource, output: ScreenOutput, paint: Paint, job?: Job): Console {
  const screen = createScreen(output);
  const panes: Pane[] = [];
  /** Typed before anything was there to take it. */
  const early: Key[] = [];
  let printed: Line[] = [];
  let live = nothing;
  let closed = false;
  let lastEmpty = true;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (held.isAside()) return;
    const { finished, open } = live();
    const lines = [...printed, ...finished].map((line) => paintLine(line, paint));
    if (finished.length > 0) lastEmpty = isEmpty(finished.at(-1));
    printed = [];
    screen.update(lines, composed(screen, open, panes.at(-1), focused(), paint));
  };
  const refresh = (): void => {
    if (!closed) timer ??= setTimeout(draw, frame);
  };
  const focused = (): Pane | undefined =>
    panes.find((pane) => pane.holdsKeyboard?.() === true) ?? panes.at(-1);
  const print = (lines: readonly Line[]): void => {
    if (lines.length === 0) return;
    for (const line of lines) printed.push(line);
    lastEmpty = isEmpty(lines.at(-1));
    refresh();
  };
  const giveEarly = (): void => {
    for (let pane = focused(); pane !== undefined && early.length > 0; pane = focused()) {
      for (const key of early.splice(0, 1)) pane.onKey(key);
    }
  };
  const onKey = (key: Key): void => {
    if (job !== undefined && isSuspend(key)) {
      putAside();
      return;
    }
    const pane = focused();
    if (pane === undefined) early.push(key);
    else pane.onKey(key);
    refresh();
  };
  const putAside = (): void => {
    draw();
    screen.close();
    held.suspend();
  };
  const held = holdTerminal({
    job,
    take: () => {
      const stopReading = readKeys(input, onKey, () => {
        for (const pane of panes.toReversed()) pane.onEnd();
      });
      output.write(pasteOn);
      return () => {
        stopReading();
        output.write(pasteOff);
      };
    },
    onBack: () => {
      screen.restart();
      refresh();
    },
  });
  output.on("resize", refresh);

  return {
    paint,
    columns: screen.columns,
    rows: screen.rows,
    print,
    gap: () => {
      if (!lastEmpty) print([[]]);
    },
    refresh,
    clear: () => {
      draw();
      screen.clear();
      lastEmpty = true;
    },
    setLive: (next) => {
      live = next;
      refresh();
    },
    open: (pane) => {
      panes.push(pane);
      // Not at once: who opens it does not know yet how to close it.
      if (pane.leavesEarlyKeys !== true) queueMicrotask(giveEarly);
      refresh();
      return () => {
        const index = panes.indexOf(pane);
        if (index !== -1) panes.splice(index, 1);
        refresh();
      };
    },
    close: () => {
      if (closed) return;
      closed = true;
      draw();
      output.off("resize", refresh);
      if (!held.isAside()) screen.close();
      held.close();
    },
  };
}

function isSuspend(key: Key): boolean {
  return key.type === "key" && key.ctrl && key.name === "z";
}

function isEmpty(line: Line | undefined): boolean {
  return line === undefined || line.every((each) => each.text === "");
}

const nothing = (): Live => ({ finished: [], open: [] });

const pasteOn = "\u001b[?2004h";
const pasteOff = "\u001b[?2004l";

/** The live rows, the newest pane and, where another one has the keyboard, that one below it. */
function composed(
  screen: Screen,
  open: readonly Line[],
  newest: Pane | undefined,
  focused: Pane | undefined,
  paint: Paint,
): View {
  const columns = screen.columns();
  const height = Math.max(3, Math.floor(screen.rows() / 2));
  const below = focused?.view(columns, height) ?? { rows: [] };
  const waiting = newest === focused ? [] : (newest?.view(columns, height).rows ?? []);
  const room = Math.max(0, screen.rows() - 1 - below.rows.length - waiting.length);
  const live = open.slice(Math.max(0, open.length - room)).map((line) => paintLine(line, paint));
  const above = [...live, ...waiting];
  const rows = [...above, ...below.rows];
  if (below.cursor === undefined) return { rows };
  return { rows, cursor: { row: above.length + below.cursor.row, column: below.cursor.column } };
}
