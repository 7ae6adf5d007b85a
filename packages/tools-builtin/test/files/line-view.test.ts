import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countLines } from "../../src/files/count-lines.ts";
import { lineView } from "../../src/files/line-view.ts";

const texts = fc.array(fc.constantFrom("a", "é", "😀", "\n", "\r\n", "\r")).map((units) => units.join(""));

describe("a text with its line endings set equal", () => {
  test("rank 17: every place of the view leads to the same character of the original", () => {
    fc.assert(
      fc.property(texts, (original) => {
        const view = lineView(original);
        for (let index = 0; index < view.text.length; index += 1) {
          const piece = original.slice(view.origin(index), view.origin(index + 1));
          expect(piece.replace(/\r\n?/g, "\n")).toBe(view.text[index]);
        }
        expect(view.origin(0)).toBe(0);
        expect(view.origin(view.text.length)).toBe(original.length);
      }),
    );
  });

  const near: readonly (readonly [string, number, string])[] = [
    ["no ending", 0, "\n"],
    ["a\nb", 0, "\n"],
    ["a\r\nb", 0, "\r\n"],
    ["a\r\nb", 3, "\r\n"],
    ["a\rb\n", 0, "\r"],
    ["a\rb\n", 2, "\n"],
    ["a\rb\nc", 4, "\n"],
  ];
  test.each(near)("the ending used in %j at %i is %j", (text, index, ending) => {
    expect(lineView(text).endingNear(index)).toBe(ending);
  });
});

test.each([
  ["", 0],
  ["a", 1],
  ["a\n", 1],
  ["a\nb", 2],
  ["\n\n", 2],
])("%j has %i lines", (text, lines) => {
  expect(countLines(text)).toBe(lines);
});
