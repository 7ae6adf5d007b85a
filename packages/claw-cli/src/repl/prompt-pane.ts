import type { Pane } from "../terminal/console.ts";
import { editLine, emptyLine, type LineState } from "../terminal/edit-line.ts";
import { lineView } from "../terminal/line-view.ts";
import type { Paint } from "../terminal/paint.ts";

export interface PromptPaneOptions {
  readonly paint: Paint;
  readonly history: () => readonly string[];
  /** The dim line above the prompt; empty for none. */
  readonly status: () => string;
  /** Completes a line with Tab, or leaves it. */
  readonly complete: (text: string) => string;
  readonly onSubmit: (text: string) => void;
  /** Ctrl-C on an empty line. */
  readonly onInterrupt: () => void;
  /** Ctrl-D on an empty line. */
  readonly onExit: () => void;
  /** The terminal went away. */
  readonly onEnd: () => void;
  readonly onClear: () => void;
}

/** The line at the bottom of the window where a person types. */
export function createPromptPane(options: PromptPaneOptions): Pane {
  let state: LineState = emptyLine;
  return {
    view: (columns, rows) => {
      const line = lineView(state, "> ", columns, rows);
      const status = options.status();
      if (status === "") return line;
      const cursor =
        line.cursor === undefined ? {} : { cursor: { ...line.cursor, row: line.cursor.row + 1 } };
      return { rows: [options.paint("dim", status.slice(0, columns - 1)), ...line.rows], ...cursor };
    },
    onKey: (key) => {
      if (key.type === "key" && key.ctrl && key.name === "c") {
        if (state.text === "") options.onInterrupt();
        state = { ...emptyLine, cut: state.cut };
      } else if (key.type === "key" && key.ctrl && key.name === "d" && state.text === "") options.onExit();
      else if (key.type === "key" && key.ctrl && key.name === "l") options.onClear();
      else if (key.type === "key" && key.name === "tab") {
        const text = options.complete(state.text);
        state = { ...state, text, cursor: text.length };
      } else {
        const edit = editLine(state, key, options.history());
        state = edit.submit ? { ...emptyLine, cut: state.cut } : edit.state;
        if (edit.submit) options.onSubmit(edit.state.text);
      }
    },
    onEnd: options.onEnd,
    holdsKeyboard: () => state.text !== "",
  };
}
