import { roughBytes } from "@claw/agent-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isPlainJson, notPlain, plainBytes, plainJson } from "../src/plain-json.ts";

test("what is plain JSON is weighed in the same look, as by itself", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value)); // no -0
      expect(plainBytes(plain)).toBe(roughBytes(plain));
      expect(plainJson(plain)).toBe(plain);
    }),
  );
});

test.each([
  ["undefined", [undefined]],
  ["a hole", new Array(1)],
  ["a function", { a: () => 1 }],
  ["not a number", [Number.NaN]],
  ["a negative zero", { a: [-0] }],
  ["a date", { at: new Date(0) }],
  ["a map", [new Map()]],
  ["a big integer", { a: 1n }],
])("%s is not", (_, value) => {
  expect(plainBytes(value)).toBe(notPlain);
  expect(isPlainJson({ deep: [{ value }] })).toBe(false);
});

test("a secret in a text or in a name makes it unclean, wherever it stands", () => {
  const redact = (text: string): string => text.replaceAll("secret", "-");
  expect(plainBytes({ a: ["b"] }, redact)).toBe(roughBytes({ a: ["b"] }));
  for (const value of ["a secret", ["secret"], { a: { secret: 1 } }, { data: "secret" }])
    expect(plainBytes(value, redact)).toBe(notPlain);
  const picture = { mediaType: "image/png", data: "secret" };
  expect(plainBytes(picture, redact)).toBe(roughBytes(picture));
});
