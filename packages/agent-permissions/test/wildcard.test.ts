import fc from "fast-check";
import { expect, test } from "vitest";
import { anything, wildcardMatches, wildcardMayMatch } from "../src/rules/wildcard.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "."), maxLength: 12 });
const pattern = fc.string({ unit: fc.constantFrom("a", "b", " ", ".", "*"), maxLength: 8 });

test("a wildcard means what the regular expression for it means", () => {
  fc.assert(
    fc.property(pattern, text, (written, actual) => {
      const source = written.replace(/\./g, "\\.").replace(/\*/g, ".*");
      expect(wildcardMatches(written, actual)).toBe(new RegExp(`^${source}$`, "s").test(actual));
    }),
    { numRuns: 3000 },
  );
});

test("a text with unknown stretches may match whenever some text in their place would", () => {
  const stretch = fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 3 });
  fc.assert(
    fc.property(pattern, text, stretch, text, (written, before, between, after) => {
      const may = wildcardMayMatch(written, before + anything + after);
      if (wildcardMatches(written, before + between + after)) expect(may).toBe(true);
    }),
    { numRuns: 3000 },
  );
  expect(wildcardMayMatch("rm *", `git ${anything}`)).toBe(false);
  expect(wildcardMayMatch("git push *", `git${anything}`)).toBe(true);
  expect(wildcardMayMatch("git push *", `git log${anything}`)).toBe(false);
});

test("a hostile pattern is as quick as any other", () => {
  expect(wildcardMatches(`${"*a".repeat(2000)}b`, "a".repeat(10_000))).toBe(false);
});
