import { graphemes } from "./graphemes.ts";
import type { Key } from "./key.ts";

/** What is being typed: possibly several lines. */
export interface LineState {
  readonly text: string;
  /** Code units before the cursor; never inside a grapheme. */
  readonly cursor: number;
  /** What the last cut took, for Ctrl-Y. */
  readonly cut: string;
  /** Which entry of the history is shown, counted from the newest; -1 is the line itself. */
  readonly entry: number;
  /** The line as it was before the history was looked through. */
  readonly draft: string;
}

export const emptyLine: LineState = { text: "", cursor: 0, cut: "", entry: -1, draft: "" };

/** The line after a key. `submit`: Enter was pressed on a line that does not go on. */
export interface Edit {
  readonly state: LineState;
  readonly submit: boolean;
}

/** `history` holds the newest entry first. Keys that mean nothing here leave the state as it is. */
export function editLine(state: LineState, key: Key, history: readonly string[]): Edit {
  if (key.type === "paste") return stay(inserted(state, key.text));
  if (key.name === "return" || key.name === "enter") return enter(state, key);
  const command = key.ctrl ? control.get(key.name) : key.meta ? alternate.get(key.name) : plain.get(key.name);
  if (command !== undefined) return stay(command(state, history));
  return stay(key.text === "" ? state : inserted(state, key.text));
}

type Command = (state: LineState, history: readonly string[]) => LineState;

const plain: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["left", (state) => moved(state, before(state))],
  ["right", (state) => moved(state, after(state))],
  ["home", (state) => moved(state, lineStart(state))],
  ["end", (state) => moved(state, lineEnd(state))],
  ["up", (state, history) => up(state, history)],
  ["down", (state, history) => down(state, history)],
  ["backspace", (state) => without(state, before(state), state.cursor)],
  ["delete", (state) => without(state, state.cursor, after(state))],
]);

const control: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["a", (state) => moved(state, lineStart(state))],
  ["e", (state) => moved(state, lineEnd(state))],
  ["b", (state) => moved(state, before(state))],
  ["f", (state) => moved(state, after(state))],
  ["left", (state) => moved(state, wordStart(state))],
  ["right", (state) => moved(state, wordEnd(state))],
  ["p", (state, history) => up(state, history)],
  ["n", (state, history) => down(state, history)],
  ["h", (state) => without(state, before(state), state.cursor)],
  ["d", (state) => without(state, state.cursor, after(state))],
  ["w", (state) => cutOut(state, wordStart(state), state.cursor)],
  ["u", (state) => cutOut(state, lineStart(state), state.cursor)],
  ["k", (state) => cutOut(state, state.cursor, lineEnd(state))],
  ["y", (state) => inserted(state, state.cut)],
]);

const alternate: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["b", (state) => moved(state, wordStart(state))],
  ["f", (state) => moved(state, wordEnd(state))],
  ["left", (state) => moved(state, wordStart(state))],
  ["right", (state) => moved(state, wordEnd(state))],
  ["d", (state) => cutOut(state, state.cursor, wordEnd(state))],
  ["backspace", (state) => cutOut(state, wordStart(state), state.cursor)],
]);

/**
 * Alt-Enter and Enter behind a backslash begin a new line. A line feed is Enter too: a terminal turns Enter into one
 * as long as nobody has asked it for keys, so it is what was typed before the program was ready.
 */
function enter(state: LineState, key: { readonly meta: boolean }): Edit {
  if (key.meta) return stay(inserted(state, "\n"));
  if (state.text[state.cursor - 1] === "\\") {
    return stay(inserted(without(state, state.cursor - 1, state.cursor), "\n"));
  }
  return { state, submit: true };
}

function stay(state: LineState): Edit {
  return { state, submit: false };
}

function inserted(state: LineState, text: string): LineState {
  const { cursor } = state;
  return {
    ...state,
    text: state.text.slice(0, cursor) + text + state.text.slice(cursor),
    cursor: cursor + text.length,
  };
}

function without(state: LineState, from: number, to: number): LineState {
  return { ...state, text: state.text.slice(0, from) + state.text.slice(to), cursor: from };
}

function cutOut(state: LineState, from: number, to: number): LineState {
  return from === to ? state : { ...without(state, from, to), cut: state.text.slice(from, to) };
}

function moved(state: LineState, cursor: number): LineState {
  return { ...state, cursor };
}

function before({ text, cursor }: LineState): number {
  return (
    cursor - (Array.from(graphemes(text.slice(Math.max(0, cursor - nearby), cursor))).at(-1)?.length ?? 0)
  );
}

function after({ text, cursor }: LineState): number {
  for (const grapheme of graphemes(text.slice(cursor, cursor + nearby))) return cursor + grapheme.length;
  return cursor;
}

/** Code units that are looked at to find one grapheme. */
const nearby = 128;

function wordStart({ text, cursor }: LineState): number {
  return /[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u.exec(text.slice(0, cursor))?.index ?? 0;
}

function wordEnd({ text, cursor }: LineState): number {
  return cursor + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
}

function lineStart({ text, cursor }: LineState): number {
  return cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
}

function lineEnd({ text, cursor }: LineState): number {
  const end = text.indexOf("\n", cursor);
  return end === -1 ? text.length : end;
}

/** To the line above, and from the first line to the entry before. */
function up(state: LineState, history: readonly string[]): LineState {
  const start = lineStart(state);
  if (start === 0) return entryAt(state, history, state.entry + 1);
  const aboveStart = lineStart(moved(state, start - 1));
  return moved(state, Math.min(aboveStart + state.cursor - start, start - 1));
}

function down(state: LineState, history: readonly string[]): LineState {
  const end = lineEnd(state);
  if (end === state.text.length) return entryAt(state, history, state.entry - 1);
  const below = end + 1 + state.cursor - lineStart(state);
  return moved(state, Math.min(below, lineEnd(moved(state, end + 1))));
}

function entryAt(state: LineState, history: readonly string[], entry: number): LineState {
  if (entry < -1 || entry >= history.length || entry === state.entry) return state;
  const draft = state.entry === -1 ? state.text : state.draft;
  const text = entry === -1 ? draft : (history[entry] ?? "");
  return { ...state, text, cursor: text.length, entry, draft };
}
