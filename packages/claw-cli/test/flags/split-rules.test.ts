import fc from "fast-check";
import { expect, test } from "vitest";
import { splitRules } from "../../src/flags/split-rules.ts";

test("commas and blanks separate, parentheses hold together", () => {
  expect(splitRules(" Read,Edit  Bash(git commit -m a,b) , mcp__x__y ")).toEqual([
    "Read",
    "Edit",
    "Bash(git commit -m a,b)",
    "mcp__x__y",
  ]);
  expect(splitRules("Bash(echo (a, b)) Read")).toEqual(["Bash(echo (a, b))", "Read"]);
  expect(splitRules("")).toEqual([]);
});

test("nothing but separators is lost", () => {
  fc.assert(
    fc.property(fc.string(), (list) => {
      const strip = (text: string): string => text.replace(/[\s,]/g, "");
      expect(strip(splitRules(list).join(""))).toBe(strip(list));
    }),
  );
});
