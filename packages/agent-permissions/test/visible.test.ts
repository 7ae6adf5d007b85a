import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hidesSomething, visible } from "../src/index.ts";

describe("class 14: what a person approves is shown", () => {
  test.each([
    ["ls\u001b[2K\u001b[1Arm", "ls<U+001B>[2K<U+001B>[1Arm"],
    ["rm x\rls  ", "rm x<U+000D>ls  "],
    ["ls\r\nrm", "ls<U+000D>\nrm"],
    ["a\u202eb", "a<U+202E>b"],
    ["a\u2066b\u2069", "a<U+2066>b<U+2069>"],
    ["l\u200bs", "l<U+200B>s"],
    ["a\u00a0b\u3000c", "a<U+00A0>b<U+3000>c"],
    ["a\u0000b\u007f\u009b", "a<U+0000>b<U+007F><U+009B>"],
    ["a\tb", "a<tab>b"],
    ["\u{e0041}x\ufe0f", "<U+E0041>x<U+FE0F>"],
    ["x\ud800", "x<U+D800>"],
    [`ls${" ".repeat(40)}; rm x`, "ls<40 blanks>; rm x"],
    [`ls${"\n".repeat(30)}rm x`, "ls\n<29 empty lines>\nrm x"],
    ["echo 'grüße 日本 🎉'\n  ls", "echo 'grüße 日本 🎉'\n  ls"],
  ])("%j", (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(hidesSomething(text)).toBe(text !== shown);
  });

  test("nothing invisible survives, and plain text is left alone", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(visible(text)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{0,50}$/), (text) => {
        expect(visible(text)).toBe(text);
      }),
    );
  });
});
