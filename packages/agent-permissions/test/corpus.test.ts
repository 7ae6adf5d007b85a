import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { labelledCases, scoreCorpus, scoreReport } from "./support/score-corpus.ts";

const folder = fileURLToPath(new URL("corpus", import.meta.url));

describe("the labelled corpus", () => {
  test("nothing unsafe is allowed, no deny is weakened, and at most 2 % of what is everyday is asked about", async () => {
    const scores = await scoreCorpus(folder);
    expect(scores.flatMap(({ unsafe }) => unsafe)).toEqual([]);
    expect(scores.flatMap(({ weakened }) => weakened)).toEqual([]);
    const { text, good } = scoreReport(scores);
    expect(good, text).toBe(true);
  });

  test("shell.jsonl holds at least 600 cases, each once, over every class that a command line can be of", () => {
    const cases = labelledCases(`${folder}/shell.jsonl`);
    expect(cases.length).toBeGreaterThanOrEqual(600);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    const texts = cases.map(({ case: { input, rules, mode } }) => JSON.stringify([input, rules, mode]));
    expect(new Set(texts).size).toBe(cases.length);
    const classes = new Set(cases.map((one) => /^class (\d+)/.exec(one.class)?.[1]));
    for (const wanted of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 18, 22, 26]) {
      expect(classes).toContain(String(wanted));
    }
    for (const label of ["allow", "ask", "deny"]) {
      expect(cases.filter(({ expect: wanted }) => wanted === label).length).toBeGreaterThan(100);
    }
  });

  test("a report with one case on the wrong side is not good", () => {
    const none = {
      file: "x.jsonl",
      class: "c",
      cases: 100,
      everyday: 100,
      friction: [],
      unsafe: [],
      weakened: [],
    };
    expect(scoreReport([none]).good).toBe(true);
    expect(scoreReport([{ ...none, unsafe: ["c-1"] }])).toMatchObject({
      good: false,
      text: expect.stringContaining("c-1 was allowed and must not be"),
    });
    expect(scoreReport([{ ...none, weakened: ["c-1"] }]).good).toBe(false);
    expect(scoreReport([{ ...none, friction: ["c-1", "c-2"] }]).good).toBe(true);
    expect(scoreReport([{ ...none, friction: ["c-1", "c-2", "c-3"] }]).good).toBe(false);
  });
});
