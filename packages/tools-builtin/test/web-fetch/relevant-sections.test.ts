import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { relevantSections } from "../../src/web-fetch/relevant-sections.ts";

describe("relevantSections", () => {
  const page = [
    "# Manual\nIntro.",
    "## Install\nRun npm.",
    "## Errors\nCodes: E42 means full.",
    "## Licence\nMIT.",
  ];

  it("prefers the sections with the question's words and keeps the page's order", () => {
    const part = relevantSections(page.join("\n"), "What does error E42 mean?", 60);
    expect(part.text).toBe("# Manual\nIntro.\n\n[…]\n\n## Errors\nCodes: E42 means full.\n\n[…]");
    expect(part).toMatchObject({ sections: 4, shown: 2 });
  });

  it("does not take a comment in a code block for a heading", () => {
    expect(relevantSections("# A\n```sh\n# not a heading\n```\n# B\n", "x", 1000).sections).toBe(2);
  });

  it("finds words of scripts without blanks", () => {
    const part = relevantSections("# 一\n猫\n# 二\n犬\n# 三\n鳥\n", "犬はどこ", 12);
    expect(part.text).toContain("犬");
  });

  it("keeps to the limit, give or take one section, and in order, for any text", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 3000 }),
        fc.string(),
        fc.integer({ min: 1, max: 2000 }),
        (text, question, limit) => {
          const part = relevantSections(text.repeat(5), question, limit);
          expect(part.text.length).toBeLessThan(limit + 20 + 8 * part.sections);
          expect(part.shown).toBeLessThanOrEqual(part.sections);
        },
      ),
    );
  });
});
