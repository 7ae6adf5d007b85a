import { describe, expect, test } from "vitest";
import { similarityTo } from "../../src/files/similarity.ts";

describe("how alike texts are", () => {
  test.each([
    ["readme.md", "readme.md", 1],
    ["a", "a", 1],
    ["a", "b", 0],
    ["", "abc", 0],
    ["abcd", "wxyz", 0],
    ["night", "nacht", 0.25],
  ])("%j and %j: %d", (left, right, score) => {
    expect(similarityTo(left)(right)).toBe(score);
    expect(similarityTo(right)(left)).toBe(score);
  });
});
