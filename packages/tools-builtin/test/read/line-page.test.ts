import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPager, type Page, type PageRequest } from "../../src/read/line-page.ts";

const wide: PageRequest = { offset: 1, limit: 1_000, longestLine: 1_000, mostBytes: 1_000_000 };

function pageOf(pieces: readonly string[], request: Partial<PageRequest>): Page {
  const pager = createPager({ ...wide, ...request });
  for (const piece of pieces) if (!pager.push(piece)) break;
  return pager.end();
}

/** The lines of a text by the shortest way there is. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines[lines.length - 1] === "" ? lines.slice(0, -1) : lines;
}

describe("a page of lines", () => {
  const pieces = fc.array(
    fc
      .array(fc.constantFrom("a", "é", "😀", "\n", "\r\n", "\r", "\n\r"), { maxLength: 6 })
      .map((units) => units.join("")),
    { maxLength: 8 },
  );

  test("rank 17: is the same however the text is cut into pieces, with any line endings", () => {
    fc.assert(
      fc.property(
        pieces,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        (parts, offset, limit) => {
          const lines = linesOf(parts.join(""));
          const page = pageOf(parts, { offset, limit });
          expect(page.lines).toStrictEqual(lines.slice(offset - 1, offset - 1 + limit));
          expect(page.more).toBe(lines.length > offset - 1 + limit);
          if (!page.more) expect(page.linesRead).toBe(lines.length);
        },
      ),
    );
  });

  test("P8: a long line is cut between characters, with a mark", () => {
    expect(pageOf(["😀".repeat(6), "\nx"], { longestLine: 5 }).lines).toStrictEqual([
      `${"😀".repeat(5)}… [line cut after 5 characters]`,
      "x",
    ]);
    expect(pageOf(["😀".repeat(5)], { longestLine: 5 }).lines).toStrictEqual(["😀".repeat(5)]);
  });

  test("P7: of an endless line the start is kept, and its end is not looked for", () => {
    const pager = createPager({ ...wide, longestLine: 10 });
    const piece = "0123456789".repeat(1_000);
    for (let index = 1; index < 1_000; index += 1) expect(pager.push(piece)).toBe(true);
    expect(pager.push(piece)).toBe(false);
    expect(pager.end()).toStrictEqual({
      lines: ["0123456789… [line cut after 10 characters]"],
      more: true,
      linesRead: 1,
    });
  });

  test("ends before the line that would make it too large, and has at least one line", () => {
    const text = ["a".repeat(50), "b".repeat(50), "c".repeat(50)].join("\n");
    expect(pageOf([text], { mostBytes: 120 })).toMatchObject({
      lines: ["a".repeat(50), "b".repeat(50)],
      more: true,
    });
    expect(pageOf([text], { mostBytes: 1 })).toMatchObject({ lines: ["a".repeat(50)], more: true });
  });

  test("wants no more pieces than it needs", () => {
    const pager = createPager({ ...wide, limit: 1 });
    expect(pager.push("first")).toBe(true);
    expect(pager.push("\n")).toBe(true);
    expect(pager.push("second")).toBe(false);
    expect(pager.end()).toMatchObject({ lines: ["first"], more: true });
  });

  test("P8: a NUL is made visible", () => {
    expect(pageOf(["a\0b"], {}).lines).toStrictEqual(["a\u2400b"]);
  });
});
