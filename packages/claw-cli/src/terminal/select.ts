import type { Console } from "./console.ts";
import { editLine, emptyLine, type LineState } from "./edit-line.ts";
import type { Key } from "./key.ts";
import { paintLine, span } from "./line.ts";
import { lineView, type View } from "./line-view.ts";
import type { Paint } from "./paint.ts";
import { wrap } from "./wrap.ts";

export interface Choice<Value> {
  readonly label: string;
  /** Shown dim behind the label. */
  readonly detail?: string;
  readonly value: Value;
  /** A letter that chooses it at once. */
  readonly key?: string;
  /** What the person writes when this is chosen; Enter sends it, also empty. */
  readonly input?: string;
}

export interface Selection<Value> {
  readonly values: readonly Value[];
  /** What was written for a choice that asks for it. */
  readonly text?: string;
}

export interface SelectOptions<Value> {
  readonly choices: readonly Choice<Value>[];
  /** Space marks several, Enter ends. */
  readonly multiple?: boolean;
  /** The first choice is written for at once: there is nothing to choose. */
  readonly startsWriting?: boolean;
  /** What was typed before the question was there is no answer to it. */
  readonly leavesEarlyKeys?: boolean;
  /** Ctrl-C was pressed: not only the question but what asked it is to end. */
  readonly onInterrupt?: () => void;
}

/**
 * Lets a person choose with the arrows, a number or a letter. `undefined`: left with Escape or Ctrl-C, the terminal
 * went away, or `signal` fired.
 */
export function select<Value>(
  terminal: Console,
  options: SelectOptions<Value>,
  signal: AbortSignal,
): Promise<Selection<Value> | undefined> {
  return new Promise((resolve) => {
    const start: SelectState = { at: 0, marked: new Set() };
    let state: SelectState = options.startsWriting === true ? { ...start, writing: emptyLine } : start;
    const settle = (selection: Selection<Value> | undefined): void => {
      signal.removeEventListener("abort", leave);
      close();
      resolve(selection);
    };
    const leave = (): void => settle(undefined);
    const close = terminal.open({
      leavesEarlyKeys: options.leavesEarlyKeys === true,
      view: (columns, rows) => selectView(options, state, columns, rows, terminal.paint),
      onKey: (key) => {
        const step = selectStep(options, state, key);
        if (step.type === "leave") {
          leave();
          if (key.type === "key" && key.ctrl && key.name === "c") options.onInterrupt?.();
        } else if (step.type === "done") settle(step.selection);
        else state = step.state;
      },
      onEnd: leave,
    });
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
  });
}

/** Where a selection stands: the row, the marked rows, and the text that is being written. */
export interface SelectState {
  readonly at: number;
  readonly marked: ReadonlySet<number>;
  readonly writing?: LineState;
}

export type SelectStep<Value> =
  | { readonly type: "stay"; readonly state: SelectState }
  | { readonly type: "leave" }
  | { readonly type: "done"; readonly selection: Selection<Value> };

/** What one key does to a selection. Escape leaves it, or what is being written for it. */
export function selectStep<Value>(
  options: SelectOptions<Value>,
  state: SelectState,
  key: Key,
): SelectStep<Value> {
  if (key.type === "key" && key.ctrl && (key.name === "c" || key.name === "d")) return { type: "leave" };
  if (key.type === "key" && key.name === "escape") {
    const { writing, ...choosing } = state;
    return writing === undefined ? { type: "leave" } : { type: "stay", state: choosing };
  }
  if (state.writing !== undefined) return write(options, state, state.writing, key);
  if (key.type === "paste") return { type: "stay", state };
  const count = options.choices.length;
  if (key.name === "up") return { type: "stay", state: { ...state, at: (state.at + count - 1) % count } };
  if (key.name === "down" || key.name === "tab") {
    return { type: "stay", state: { ...state, at: (state.at + 1) % count } };
  }
  if (options.multiple === true && key.name === "space") {
    return { type: "stay", state: toggled(state, state.at) };
  }
  const direct = options.choices.findIndex((choice, index) =>
    key.text === "" ? false : key.text === choice.key || key.text === String(index + 1),
  );
  if (direct !== -1) {
    const there = { ...state, at: direct };
    const toggles = options.multiple === true && options.choices[direct]?.input === undefined;
    return toggles ? { type: "stay", state: toggled(there, direct) } : chosen(options, there);
  }
  return key.name === "return" || key.name === "enter" ? chosen(options, state) : { type: "stay", state };
}

function toggled(state: SelectState, index: number): SelectState {
  const marked = new Set(state.marked);
  if (!marked.delete(index)) marked.add(index);
  return { ...state, marked };
}

function chosen<Value>(options: SelectOptions<Value>, state: SelectState): SelectStep<Value> {
  const choice = options.choices[state.at];
  if (choice === undefined) return { type: "leave" };
  if (choice.input !== undefined) return { type: "stay", state: { ...state, writing: emptyLine } };
  const marked = options.choices.filter((_, index) => state.marked.has(index)).map((each) => each.value);
  const values = options.multiple === true && marked.length > 0 ? marked : [choice.value];
  return { type: "done", selection: { values } };
}

function write<Value>(
  options: SelectOptions<Value>,
  state: SelectState,
  line: LineState,
  key: Key,
): SelectStep<Value> {
  const edit = editLine(line, key, []);
  if (!edit.submit) return { type: "stay", state: { ...state, writing: edit.state } };
  const values = options.choices.flatMap((choice, index) =>
    index === state.at || state.marked.has(index) ? [choice.value] : [],
  );
  return { type: "done", selection: { values, text: edit.state.text.trim() } };
}

function selectView<Value>(
  options: SelectOptions<Value>,
  state: SelectState,
  columns: number,
  height: number,
  paint: Paint,
): View {
  const groups = options.choices.map((choice, index) => {
    const here = index === state.at;
    const mark = options.multiple === true ? (state.marked.has(index) ? "[x] " : "[ ] ") : "";
    const head = `${here ? "❯" : " "} ${index + 1}. ${mark}`;
    const detail = choice.detail === undefined ? [] : [span(`  ${choice.detail}`, "dim")];
    const label = here ? span(choice.label, "bold") : span(choice.label);
    return wrap([label, ...detail], columns - head.length - 1).map((line, row) =>
      paintLine(
        [span(row === 0 ? head : " ".repeat(head.length), ...(here ? (["cyan"] as const) : [])), ...line],
        paint,
      ),
    );
  });
  const first = Math.max(0, Math.min(state.at - Math.floor(height / 2), groups.length - height));
  const rows = groups.slice(first, first + Math.max(height, 6)).flat();
  if (state.writing === undefined) {
    return {
      rows: [
        ...rows,
        paint(
          "dim",
          options.multiple === true ? "  space marks, enter ends, esc leaves" : "  enter chooses, esc leaves",
        ),
      ],
    };
  }
  const written = lineView(state.writing, `  ${options.choices[state.at]?.input ?? ""} `, columns, 4);
  const cursor =
    written.cursor === undefined
      ? {}
      : { cursor: { ...written.cursor, row: written.cursor.row + rows.length } };
  return { rows: [...rows, ...written.rows], ...cursor };
}
