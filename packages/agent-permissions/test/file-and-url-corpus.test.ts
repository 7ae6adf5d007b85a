import { readFileSync } from "node:fs";
import { isJsonObject, type JsonValue } from "@claw/agent-core";
import { describe, expect, test } from "vitest";
import { decideLine } from "../src/index.ts";

const signal = new AbortController().signal;
const ports = { paths: { realpath: (path: string) => Promise.resolve(path) } };

/** Labelled by what the rules mean: `ask` must not be allowed, `deny` must be denied, `allow` must not be asked about. */
describe.each([
  ["paths", 200],
  ["urls", 150],
])("the corpus %s", (name, least) => {
  const file = new URL(`corpus/${name}.jsonl`, import.meta.url);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");

  test(`has at least ${least} cases, each with an id of its own`, () => {
    const ids = lines.map((line) => labelOf(line, "id"));
    expect(new Set(ids).size).toBe(lines.length);
    expect(lines.length).toBeGreaterThanOrEqual(least);
  });

  test("classes 14 to 18, 23 and 24: nothing unsafe is allowed, no deny is weakened, nothing everyday is asked about", async () => {
    const wrong: string[] = [];
    for (const line of lines) {
      const decided = await decideLine(line, ports, signal);
      const came = "error" in decided ? decided.error.message : decided.decision;
      const expected = labelOf(line, "expect");
      if (came === expected || (expected === "ask" && came === "deny")) continue;
      wrong.push(`${labelOf(line, "id")}: ${came}, not ${expected}`);
    }
    expect(wrong).toEqual([]);
  });
});

function labelOf(line: string, field: string): JsonValue | undefined {
  const value: JsonValue = JSON.parse(line);
  return isJsonObject(value) ? value[field] : undefined;
}
