import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeStream } from "../../src/files/decode-stream.ts";
import { decodeText, encodeText } from "../../src/files/text-codec.ts";
import { bomLength, detectEncoding, type TextEncoding } from "../../src/files/text-encoding.ts";

const boms: Readonly<Record<TextEncoding, readonly number[]>> = {
  "utf-8": [],
  "utf-8-bom": [0xef, 0xbb, 0xbf],
  "utf-16le": [0xff, 0xfe],
  "utf-16be": [0xfe, 0xff],
  "windows-1252": [],
};
const encodings: readonly TextEncoding[] = ["utf-8", "utf-8-bom", "utf-16le", "utf-16be", "windows-1252"];

describe("rank 17: the text of a file is exact", () => {
  test.each(encodings)("rank 17: any bytes, read as %s and written back, are the same bytes", (encoding) => {
    // Weighted towards what decoders trip over: inner marks, surrogates in UTF-8, cut and overlong sequences.
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc.constantFrom(
        [0xef, 0xbb, 0xbf],
        [0xed, 0xa0, 0x80],
        [0xe2, 0x82],
        [0xc0, 0x80],
        [0xff, 0xfe],
        [0xd8, 0x00],
      ),
    );
    const isWide = encoding.startsWith("utf-16");
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const body = pieces.flatMap((bytes) => [...bytes]);
        const bytes = [...boms[encoding], ...body.slice(0, isWide ? body.length & ~1 : body.length)];
        expect(hex(encodeText(decodeText(Uint8Array.from(bytes), encoding), encoding))).toBe(
          hex(Uint8Array.from(bytes)),
        );
      }),
    );
  });

  test.each(encodings)("rank 17: any text, written as %s and read back, is the same text", (encoding) => {
    const unit =
      encoding === "windows-1252"
        ? fc.constantFrom(..."aé€ß™\n\r\t")
        : fc.string({ unit: "binary", maxLength: 2 });
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = units.join("");
        const bytes = encodeText(text, encoding);
        expect(typeof bytes === "string" ? bytes : decodeText(bytes, encoding)).toBe(text);
      }),
    );
  });

  test("Windows-1252 names the first character that it does not have", () => {
    expect(encodeText("ça → 😀", "windows-1252")).toBe("→");
    expect(encodeText("😀", "windows-1252")).toBe("😀");
    expect(encodeText("€", "windows-1252")).toStrictEqual(Uint8Array.of(0x80));
  });

  test.each(encodings)("P8: text in %s that comes in pieces of any size is shown whole", async (encoding) => {
    const text = encoding === "windows-1252" ? "naïve €5\r\n" : "naïve €5 漢字 😀\r\n";
    const bytes = encodeText(text, encoding);
    if (typeof bytes === "string") throw new Error(bytes);
    for (let size = 1; size <= bytes.length; size += 1) {
      const pieces: string[] = [];
      for await (const piece of decodeStream(inPieces(bytes, size), encoding)) pieces.push(piece);
      expect(pieces.join("")).toBe(text);
    }
  });

  test("P8: broken UTF-8 is shown with U+FFFD, also at the very end", async () => {
    const pieces: string[] = [];
    for await (const piece of decodeStream(inPieces(Uint8Array.of(0x61, 0xff, 0xe2, 0x82), 1), "utf-8"))
      pieces.push(piece);
    expect(pieces.join("")).toBe("a\ufffd\ufffd");
  });
});

describe("the encoding of a file", () => {
  const bytesOf = (text: string): number[] => [...Buffer.from(text)];
  const table: readonly (readonly [string, readonly number[], TextEncoding | undefined])[] = [
    ["nothing", [], "utf-8"],
    ["ASCII", bytesOf("plain"), "utf-8"],
    ["UTF-8", bytesOf("naïve 漢字 😀"), "utf-8"],
    ["UTF-8 with its mark", [0xef, 0xbb, 0xbf, ...bytesOf("é")], "utf-8-bom"],
    ["broken UTF-8 with its mark", [0xef, 0xbb, 0xbf, 0xff, 0xff], "utf-8-bom"],
    ["UTF-16 little-endian", [0xff, 0xfe, 0x61, 0x00], "utf-16le"],
    ["UTF-16 big-endian", [0xfe, 0xff, 0x00, 0x61], "utf-16be"],
    ["UTF-16 with half a unit", [0xff, 0xfe, 0x61], undefined],
    ["UTF-32", [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], undefined],
    ["Latin-1", bytesOf("caf").concat(0xe9), "windows-1252"],
    ["a byte broken in much UTF-8", [...bytesOf("é漢字"), 0xff], "utf-8"],
    ["terminal colours", bytesOf("\u001b[31mred\u001b[0m"), "utf-8"],
    ["one NUL in much text", bytesOf(`${"word ".repeat(20)}\0`), "utf-8"],
    ["NULs", [0x61, 0, 0, 0, 0x62], undefined],
    ["high bytes and controls", [0xff, 0x01, 0xfe, 0x02, 0x80], undefined],
  ];
  test.each(table)("%s", (_, bytes, encoding) => {
    expect(detectEncoding(Uint8Array.from(bytes), bytes.length)).toBe(encoding);
  });

  test("a sequence that goes on beyond the looked-at bytes is not broken", () => {
    const head = Uint8Array.from(bytesOf("abc€")).subarray(0, 5);
    expect(detectEncoding(head, 6)).toBe("utf-8");
    expect(detectEncoding(head, 5)).toBe("windows-1252");
  });

  test("marks have their lengths", () => {
    for (const encoding of encodings) expect(bomLength(encoding)).toBe(boms[encoding].length);
  });
});

function hex(bytes: Uint8Array | string): string {
  return typeof bytes === "string" ? `cannot encode ${bytes}` : Buffer.from(bytes).toString("hex");
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  for (let from = 0; from < bytes.length; from += size)
    yield await Promise.resolve(bytes.subarray(from, from + size));
}
