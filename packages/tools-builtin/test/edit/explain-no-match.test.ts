import { describe, expect, test } from "vitest";
import { explainNoMatch } from "../../src/edit/explain-no-match.ts";

const file = "function add(a, b) {\n\treturn a + b;\n}\n\nconst greeting = “hello”;\n";

describe("why a text was not found", () => {
  const table: readonly (readonly [why: string, old: string, says: string, shows: string])[] = [
    [
      "other white space",
      "function add(a, b) {\n    return a + b;\n}",
      "white space",
      "     1\tfunction add(a, b) {\n     2\t\treturn a + b;\n     3\t}",
    ],
    ["an empty line too many", "\n  return a + b;\n", "white space", "     2\t\treturn a + b;"],
    ["straight quotes", 'const greeting = "hello";', "typographic", "     5\tconst greeting = “hello”;"],
    ["another case", "Function Add(a, b) {", "upper and lower case", "     1\tfunction add"],
    ["line numbers", "     1\tfunction add(a, b) {\n     2\t\treturn a + b;", "line numbers", ""],
    [
      "another word",
      "function add(a, c) {\n\treturn a + c;\n}",
      "most like it",
      "     1\tfunction add(a, b) {",
    ],
    ["nothing like it", "import zebra from 'zoo'", "Nothing in the file is like it", ""],
    ["only white space", "\n\n\n\n\n", "Nothing in the file is like it", ""],
  ];
  test.each(table)("%s", (_, old, says, shows) => {
    const explanation = explainNoMatch(file, old);
    expect(explanation).toContain(says);
    expect(explanation).toContain(shows);
  });

  test("of a very large text nothing is said", () => {
    expect(explainNoMatch("x".repeat(2_000_001), "y")).toBe(
      "old_string was not found. It must be exactly as in the file.",
    );
  });

  test("what is shown is short", () => {
    const long = Array.from({ length: 500 }, (_, index) => `${"word ".repeat(100)}${index}`).join("\n");
    expect(explainNoMatch(long, long.replaceAll(" ", "  ")).length).toBeLessThan(8_000);
  });
});
