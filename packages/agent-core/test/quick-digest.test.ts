import fc from "fast-check";
import { expect, test } from "vitest";
import { quickDigest } from "../src/quick-digest.ts";

test("a digest is 16 hexadecimal digits, the same for the same text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(quickDigest(text)).toMatch(/^[0-9a-f]{16}$/);
      expect(quickDigest(`${text}`)).toBe(quickDigest(text));
    }),
  );
});

test("texts that differ in one place, or in their end, have different digests", () => {
  const text = "A system prompt, and the tools that a model is told of: ".repeat(200);
  const changed = Array.from({ length: 500 }, (_, at) => `${text.slice(0, at)}é${text.slice(at + 1)}`);
  const shorter = Array.from({ length: 500 }, (_, by) => text.slice(by));
  const longer = Array.from({ length: 9 }, (_, by) => text + "\0".repeat(by + 1));
  const texts = [text, ...changed, ...shorter.slice(1), ...longer];
  expect(new Set(texts.map(quickDigest)).size).toBe(texts.length);
});
