import { expect, test } from "vitest";
import { usageText } from "../src/transcript/usage-text.ts";

test.each([
  [{}, "tokens: none counted"],
  [{ input: 0, output: 0 }, "tokens: 0 in / 0 out"],
  [{ output: 80 }, "tokens: ? in / 80 out"],
  [{ input: 1200 }, "tokens: 1200 in / ? out"],
  [
    { input: 1200, output: 80, cacheRead: 1000, cost: 4200 },
    "tokens: 1200 in (1000 cached) / 80 out, $0.0042",
  ],
  [{ input: 1, output: 2, cost: 0 }, "tokens: 1 in / 2 out"],
])("what no server has said is not zero: %o", (usage, line) => {
  expect(usageText(usage)).toBe(line);
});
