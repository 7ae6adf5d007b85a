import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPager, type PageRequest } from "../../src/read/line-page.ts";
import { wholePage } from "../../src/read/whole-page.ts";

const request: PageRequest = { offset: 1, limit: 5, longestLine: 8, mostBytes: 120 };
const encoder = new TextEncoder();

describe("a page of a whole file", () => {
  test("is the one that is read line by line, or none", () => {
    const texts = fc
      .array(fc.constantFrom("a", "é", "😀", "\n", "\r\n", "\r", "\0", "abcdef"), { maxLength: 24 })
      .map((units) => units.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const page = wholePage(encoder.encode(text), "utf-8", request);
        if (page === undefined) return;
        const pager = createPager(request);
        pager.push(text);
        expect(page).toStrictEqual(pager.end());
      }),
      { numRuns: 1_000 },
    );
  });

  test("is there for an ordinary file, with or without a byte order mark", () => {
    const page = { lines: ["one", "two"], more: false, linesRead: 2 };
    expect(wholePage(encoder.encode("one\ntwo\n"), "utf-8", request)).toStrictEqual(page);
    expect(wholePage(encoder.encode("\ufeffone\ntwo"), "utf-8-bom", request)).toStrictEqual(page);
  });

  test.each([
    ["a later page", "one\n", { ...request, offset: 2 }],
    ["more lines than wanted", "\n".repeat(6), request],
    ["a line that is cut", "123456789\n", request],
    ["more bytes than fit", "1234567\n1234567\n1234567\n1234567\n", { ...request, mostBytes: 100 }],
    ["a NUL", "a\0b\n", request],
    ["nothing", "", request],
  ])("is not there for %s", (_, text, wanted) => {
    expect(wholePage(encoder.encode(text), "utf-8", wanted)).toBeUndefined();
  });
});
