import { describe, expect, test } from "vitest";
import { discardBytes } from "../src/discard-bytes.ts";

describe("bytes that nobody looks at again", () => {
  test("give their memory back", () => {
    const bytes = new Uint8Array(64 * 1024);
    discardBytes(bytes);
    expect(bytes.length).toBe(0);
    expect(bytes.buffer.byteLength).toBe(0);
  });

  test("stay when they share their memory with others, or are few", () => {
    const shared = new Uint8Array(64 * 1024);
    discardBytes(shared.subarray(0, 32 * 1024));
    discardBytes(new Uint8Array(new SharedArrayBuffer(64 * 1024)));
    const few = new Uint8Array(100);
    discardBytes(few);
    expect([shared.length, few.length]).toStrictEqual([64 * 1024, 100]);
  });
});
