import { expect, test } from "vitest";
import { editSnippet } from "../../src/edit/edit-snippet.ts";

const text = Array.from({ length: 100 }, (_, index) => `l${index + 1}`).join("\n");

test.each([
  ["the middle", 50, 2, [46, 55]],
  ["the beginning", 1, 1, [1, 5]],
  ["the end", 100, 1, [96, 100]],
])("a change at %s is shown with the lines around it", (_, line, count, [first, last]) => {
  const shown = editSnippet(text, line, count).split("\n");
  expect(shown[0]).toBe(`${String(first).padStart(6)}\tl${first}`);
  expect(shown.at(-1)).toBe(`${String(last).padStart(6)}\tl${last}`);
});

test("of a long change the middle is left out", () => {
  const shown = editSnippet(text, 10, 80).split("\n");
  expect(shown).toHaveLength(33);
  expect(shown).toContain("   ...");
  expect(shown.at(-1)).toBe("    93\tl93");
});

test("a change that leaves nothing shows nothing", () => {
  expect(editSnippet("", 1, 1)).toBe("");
});
