import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editLine, emptyLine, type LineState } from "../../src/terminal/edit-line.ts";
import type { Key } from "../../src/terminal/key.ts";
import { lineView } from "../../src/terminal/line-view.ts";

const named = (name: string, modifiers: { ctrl?: boolean; meta?: boolean } = {}): Key => ({
  type: "key",
  name,
  text: "",
  ctrl: modifiers.ctrl === true,
  meta: modifiers.meta === true,
});
const typed = (text: string): Key[] => Array.from(text, (each) => ({ ...named(each), text: each }) as Key);
const ctrl = (name: string): Key => named(name, { ctrl: true });
const alt = (name: string): Key => named(name, { meta: true });

function after(keys: readonly Key[], history: readonly string[] = []): LineState {
  return keys.reduce((state, key) => editLine(state, key, history).state, emptyLine);
}

/** The text with `|` at the cursor. */
const shown = ({ text, cursor }: LineState): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

describe("moving and deleting", () => {
  test("goes by grapheme, never into one", () => {
    expect(
      shown(after([...typed("a"), { type: "paste", text: "👩‍👩‍👧e\u0301" }, named("left"), named("left")])),
    ).toBe("a|👩‍👩‍👧e\u0301");
    expect(shown(after([{ type: "paste", text: "x👩‍👩‍👧" }, named("backspace")]))).toBe("x|");
  });

  test("words, ends and cut text", () => {
    expect(shown(after([...typed("one two"), alt("b")]))).toBe("one |two");
    expect(shown(after([...typed("one two"), ctrl("w")]))).toBe("one |");
    expect(shown(after([...typed("one two"), ctrl("w"), ctrl("a"), ctrl("y")]))).toBe("two|one ");
    expect(shown(after([...typed("one two"), ctrl("a"), alt("d"), ctrl("k")]))).toBe("|");
  });
});

describe("several lines", () => {
  test("backslash-Enter and Alt-Enter begin a new line, Enter and a line feed submit", () => {
    const keys = [
      ...typed("a\\"),
      named("return"),
      ...typed("b"),
      alt("return"),
      ...typed("c"),
      named("enter"),
    ];
    expect(shown(after(keys))).toBe("a\nb\nc|");
    for (const name of ["return", "enter"])
      expect(editLine(after(typed("a")), named(name), []).submit).toBe(true);
    expect(editLine(after(typed("a\\")), named("return"), []).submit).toBe(false);
  });

  test("a paste is inserted whole and submits nothing", () => {
    const edit = editLine(after(typed("ab")), { type: "paste", text: "1\n2\n" }, []);
    expect(edit).toMatchObject({ submit: false, state: { text: "ab1\n2\n" } });
  });

  test("up and down move between lines before they reach the history", () => {
    const lines = after([{ type: "paste", text: "long one\nx" }]);
    const up = editLine(lines, named("up"), ["old"]).state;
    expect(shown(up)).toBe("l|ong one\nx");
    expect(editLine(up, named("up"), ["old"]).state.text).toBe("old");
  });
});

test("the history is looked through and left where it was entered", () => {
  const history = ["newest", "older"];
  expect(after([...typed("draft"), named("up")], history).text).toBe("newest");
  expect(after([...typed("draft"), named("up"), named("up"), named("up")], history).text).toBe("older");
  expect(
    after([...typed("draft"), named("up"), named("up"), named("down"), named("down")], history).text,
  ).toBe("draft");
});

test("the cursor is always inside the text and the view", () => {
  const key = fc.oneof(
    fc.constantFrom(
      ...typed("ab 你👩‍👩‍👧"),
      ...["left", "right", "up", "down", "home", "end", "backspace", "delete"].map((name) => named(name)),
    ),
    fc.constantFrom(
      ...["a", "e", "w", "k", "u", "y", "d", "h"].map(ctrl),
      ...["b", "f", "d", "return"].map(alt),
    ),
    fc.record({ type: fc.constant("paste" as const), text: fc.string({ unit: "grapheme" }) }),
  );
  fc.assert(
    fc.property(fc.array(key), fc.array(fc.string(), { maxLength: 3 }), (keys, history) => {
      const state = after(keys, history);
      expect(state.cursor).toBeGreaterThanOrEqual(0);
      expect(state.cursor).toBeLessThanOrEqual(state.text.length);
      const { rows, cursor } = lineView(state, "> ", 20, 5);
      expect(rows.length).toBeLessThanOrEqual(5);
      expect(cursor?.row).toBeGreaterThanOrEqual(0);
      expect(cursor?.row).toBeLessThan(rows.length);
    }),
  );
});

test("the view wraps by columns and places the cursor", () => {
  expect(lineView(after([{ type: "paste", text: "你好你好你" }]), "> ", 10, 5)).toEqual({
    rows: ["> 你好你", "  好你"],
    cursor: { row: 1, column: 6 },
  });
});
