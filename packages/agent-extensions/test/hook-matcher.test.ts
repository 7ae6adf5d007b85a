import { readMatcher } from "@claw/agent-extensions";
import { describe, expect, test } from "vitest";

function matches(text: string | undefined, subject: string): boolean {
  const matcher = readMatcher(text);
  if (typeof matcher === "string") throw new Error(matcher);
  return matcher(subject);
}

describe("matchers of hooks (formats 2.4)", () => {
  test.each([undefined, "", "*"])("%j matches all", (text) => {
    expect(matches(text, "Bash")).toBe(true);
  });

  test.each([
    ["Bash", "Bash", true],
    ["Bash", "BashOutput", false],
    ["Edit|Write", "Write", true],
    ["Edit, Write", "Write", true],
    ["Edit|Write", "Rewrite", false],
    ["mcp__memory", "mcp__memory__read", false],
    ["mcp__memory__.*", "mcp__memory__read", true],
    ["Note.*", "NotebookEdit", true],
    ["^Ed", "Edit", true],
    ["dit$", "Edit", true],
  ] as const)("%s and %s: %s", (text, subject, is) => {
    expect(matches(text, subject)).toBe(is);
  });

  test("what is no regular expression is told", () => {
    expect(readMatcher("(")).toMatch(/regular expression/i);
  });
});
