import { describe, expect, test } from "vitest";
import type { Key } from "../../src/terminal/key.ts";
import {
  type SelectOptions,
  type SelectState,
  type SelectStep,
  selectStep,
} from "../../src/terminal/select.ts";

const press = (name: string, text = ""): Key => ({ type: "key", name, text, ctrl: false, meta: false });
const options: SelectOptions<string> = {
  choices: [
    { label: "Yes", value: "yes", key: "y" },
    { label: "Always", value: "always", key: "a" },
    { label: "No", value: "no", key: "n", input: "Why:" },
  ],
};

function run(keys: readonly Key[], given: SelectOptions<string> = options): SelectStep<string> {
  let step: SelectStep<string> = { type: "stay", state: { at: 0, marked: new Set() } satisfies SelectState };
  for (const key of keys) {
    if (step.type !== "stay") throw new Error("The selection is over.");
    step = selectStep(given, step.state, key);
  }
  return step;
}

describe("choosing", () => {
  test("by arrows, number and letter", () => {
    for (const keys of [[press("down"), press("return")], [press("2", "2")], [press("a", "a")]]) {
      expect(run(keys)).toEqual({ type: "done", selection: { values: ["always"] } });
    }
  });

  test("a text is asked for and may be empty", () => {
    const no = [press("n", "n"), press("u", "u"), press("s", "s"), press("return")];
    expect(run(no)).toEqual({ type: "done", selection: { values: ["no"], text: "us" } });
    expect(run([press("n", "n"), press("return")])).toEqual({
      type: "done",
      selection: { values: ["no"], text: "" },
    });
  });

  test("a pasted line or an unknown key chooses nothing", () => {
    expect(run([{ type: "paste", text: "y\n" }, press("x", "x")]).type).toBe("stay");
  });

  test("Escape and Ctrl-C leave", () => {
    expect(run([press("escape")]).type).toBe("leave");
    expect(run([press("n", "n"), press("u", "u"), press("escape")])).toMatchObject({ type: "stay" });
    expect(run([press("n", "n"), press("escape"), press("y", "y")])).toMatchObject({ type: "done" });
    expect(run([press("n", "n"), press("escape"), press("escape")]).type).toBe("leave");
    expect(run([{ type: "key", name: "c", text: "", ctrl: true, meta: false }]).type).toBe("leave");
  });

  test("several are marked with blank or number and end with Enter", () => {
    const keys = [press("space", " "), press("2", "2"), press("return")];
    expect(run(keys, { ...options, multiple: true })).toEqual({
      type: "done",
      selection: { values: ["yes", "always"] },
    });
  });
});
