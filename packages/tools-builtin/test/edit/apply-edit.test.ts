import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdit } from "../../src/edit/apply-edit.ts";
import { decodeText, encodeText } from "../../src/files/text-codec.ts";
import type { TextEncoding } from "../../src/files/text-encoding.ts";

const unit = fc.constantFrom("a", "b", "é", "€", "\n", "\r\n", "\r");
const texts = fc.array(unit, { maxLength: 30 }).map((units) => units.join(""));
const seenAs = (text: string): string => text.replace(/\r\n?/g, "\n");

/** A text and a piece of what a model sees of it, which need not be there only once. */
const textAndPiece = texts
  .filter((text) => text !== "")
  .chain((text) => {
    const view = seenAs(text);
    return fc.record({
      text: fc.constant(text),
      from: fc.nat({ max: view.length - 1 }),
      length: fc.integer({ min: 1, max: view.length }),
    });
  })
  .map(({ text, from, length }) => ({ text, old: seenAs(text).slice(from, from + length) }));

describe("rank 17: an edit of a text with any line endings", () => {
  test("rank 17: shows as the same edit of what the model sees", () => {
    fc.assert(
      fc.property(textAndPiece, texts, ({ text, old }, replacement) => {
        const result = applyEdit(text, { old, new: replacement, all: true });
        const expected = seenAs(text).replaceAll(old, () => seenAs(replacement));
        expect(result.type === "applied" ? seenAs(result.text) : result.type).toBe(expected);
      }),
    );
  });

  test.each<TextEncoding>(["utf-8", "utf-8-bom", "utf-16le", "utf-16be", "windows-1252"])(
    "rank 17: changes no byte outside the one place, in %s",
    (encoding) => {
      const bytesOf = (text: string): Buffer => {
        const bytes = encodeText(text, encoding);
        if (typeof bytes === "string") throw new Error(`${encoding} has no ${bytes}`);
        return Buffer.from(bytes);
      };
      // The place is marked by a letter that is nowhere else; line endings next to it are part of what may change.
      const middle = fc
        .array(fc.constantFrom("a", "é", "\n", "\r\n"), { maxLength: 5 })
        .map((units) => units.join(""));
      fc.assert(
        fc.property(texts, middle, texts, texts, (before, inside, after, replacement) => {
          const place = `x${inside}y`;
          const file = bytesOf(before + place + after);
          const result = applyEdit(decodeText(file, encoding), {
            old: seenAs(place),
            new: `z${replacement}z`,
            all: false,
          });
          if (result.type !== "applied") throw new Error(result.type);
          const changed = bytesOf(result.text);
          const head = bytesOf(before);
          const tail = file.subarray(bytesOf(before + place).length);
          expect(changed.subarray(0, head.length).equals(head)).toBe(true);
          expect(changed.subarray(changed.length - tail.length).equals(tail)).toBe(true);
        }),
      );
    },
  );

  test("rank 17: keeps bytes that are not UTF-8 where they are", () => {
    const file = Buffer.from("6d61c3a9ff0d0a78e282c3a9", "hex");
    const result = applyEdit(decodeText(file, "utf-8"), { old: "ma", new: "MA", all: false });
    const bytes = result.type === "applied" ? encodeText(result.text, "utf-8") : result.type;
    expect(Buffer.from(bytes).toString("hex")).toBe("4d41c3a9ff0d0a78e282c3a9");
  });

  const table: readonly (readonly [
    name: string,
    text: string,
    old: string,
    replacement: string,
    result: string,
  ])[] = [
    ["LF stays LF", "a\nb\nc", "b\n", "x\ny\n", "a\nx\ny\nc"],
    ["CR LF stays CR LF", "a\r\nb\r\nc", "a\nb", "x\ny", "x\r\ny\r\nc"],
    ["CR LF gains CR LF", "a\r\nb\r\nc", "b", "x\ny", "a\r\nx\r\ny\r\nc"],
    ["lone CR gains lone CR", "a\rb\rc", "b", "x\ny", "a\rx\ry\rc"],
    ["a CR LF given by the model is a line ending like any", "a\nb", "a\r\nb", "x\r\ny", "x\ny"],
    ["mixed endings each stay", "a\r\nb\nc\rd", "a\nb\nc\nd", "w\nx\ny\nz", "w\r\nx\ny\rz"],
    [
      "lines that do not change keep their endings",
      "a\r\nb\nc\r\nd\n",
      "a\nb\nc\nd\n",
      "a\nX\nc\nd\n",
      "a\r\nX\nc\r\nd\n",
    ],
    ["a line put in takes the ending around it", "a\nb\r\nc\r\n", "b\n", "b\nx\n", "a\nb\r\nx\r\nc\r\n"],
    ["a line put in at the end takes the last ending", "a\r\nb", "b", "b\nc", "a\r\nb\r\nc"],
    ["a line taken out takes its ending along", "a\r\nb\nc\r\n", "b\n", "", "a\r\nc\r\n"],
    ["a CR and an LF that come to meet stay two endings", "a\rX\nb", "X", "", "a\r\n\nb"],
    [
      "a CR and an LF put in one after the other stay two endings",
      "a\rX\rP\nb",
      "X\nP\n",
      "Y\n\nQ",
      "a\rY\r\n\nQb",
    ],
    ["a final line ending is not added", "a\r\nb", "b", "x", "a\r\nx"],
    ["tabs are letters like others", "\ta\n", "\ta", "\t\tb", "\t\tb\n"],
    ["a dollar is a dollar", "a\n", "a", "$& $1 $$ $`", "$& $1 $$ $`\n"],
    ["a file of one line gains LF", "a", "a", "a\nb", "a\nb"],
  ];
  test.each(table)("rank 17: %s", (_, text, old, replacement, expected) => {
    expect(applyEdit(text, { old, new: replacement, all: false })).toMatchObject({
      type: "applied",
      text: expected,
    });
  });
});

describe("how many places an edit finds", () => {
  test("none", () => {
    expect(applyEdit("abc", { old: "x", new: "y", all: true })).toStrictEqual({ type: "no-match" });
  });

  test("more than one, with their lines, unless all are meant", () => {
    const text = "a\nb\r\na\ra";
    expect(applyEdit(text, { old: "a", new: "x", all: false })).toStrictEqual({
      type: "ambiguous",
      lines: [1, 3, 4],
    });
    expect(applyEdit(text, { old: "a", new: "x", all: true })).toMatchObject({
      text: "x\nb\r\nx\rx",
      lines: [1, 3, 4],
    });
  });

  test("places that overlap are more than one", () => {
    expect(applyEdit("aaa", { old: "aa", new: "x", all: false })).toStrictEqual({
      type: "ambiguous",
      lines: [1, 1],
    });
    expect(applyEdit("aaa", { old: "aa", new: "x", all: true })).toMatchObject({ text: "xa" });
  });

  test("half a character matches nothing", () => {
    expect(applyEdit("😀", { old: "\ud83d", new: "x", all: false })).toStrictEqual({ type: "no-match" });
  });
});
