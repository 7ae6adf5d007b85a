import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRequestBodies } from "../src/request-bodies.ts";

const pieces = fc.array(fc.constantFrom("a", "é", "😀", '{"role":', "\ud800", "x".repeat(300), ""), {
  maxLength: 12,
});

describe("bodies of requests", () => {
  test("are the UTF-8 of their pieces, whatever came before and whether it is sent", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(pieces, fc.boolean()), { maxLength: 8 }), (requests) => {
        const { of: bodyOf } = createRequestBodies();
        const open: { readonly bytes: Uint8Array; readonly text: Buffer }[] = [];
        for (const [wanted, isSent] of requests) {
          const body = bodyOf(wanted);
          const text = Buffer.concat(wanted.map((piece) => Buffer.from(piece)));
          expect(Buffer.from(body.bytes)).toStrictEqual(text);
          if (isSent) body.sent();
          else open.push({ bytes: body.bytes, text });
          // What is still on its way stays as it is.
          for (const early of open) expect(Buffer.from(early.bytes)).toStrictEqual(early.text);
        }
      }),
    );
  });

  test("of a conversation that grows stand in the same memory", () => {
    const { of: bodyOf } = createRequestBodies();
    const first = bodyOf(["head", "one", "]}"]);
    first.sent();
    const second = bodyOf(["head", "one", "two", "]}"]);
    expect(second.bytes.buffer).toBe(first.bytes.buffer);
    expect(Buffer.from(second.bytes).toString()).toBe("headonetwo]}");
  });

  test("rank 14: what is kept for the next body is given up when it is asked to", () => {
    const bodies = createRequestBodies();
    bodies.of(["x".repeat(1_000_000)]).sent();
    bodies.letGo();
    expect(bodies.of(["small"]).bytes.buffer.byteLength).toBeLessThan(100);
  });
});
