import { expect, test } from "vitest";
import { isListed } from "../src/sub-agents/listed-tools.ts";

const has = (definition: {
  readonly tools?: readonly string[];
  readonly disallowedTools?: readonly string[];
}) =>
  ["mcp__db__read", "mcp__db__write", "mcp__db_two__read", "Read"].filter((tool) =>
    isListed({ description: "d", prompt: "p", ...definition }, tool),
  );

test.each(["mcp__db", "mcp__db__*"])(
  "%s is all tools of that server, for what an agent has and for what it has not",
  (rule) => {
    expect(has({ tools: [rule] })).toEqual(["mcp__db__read", "mcp__db__write"]);
    expect(has({ disallowedTools: [rule] })).toEqual(["mcp__db_two__read", "Read"]);
  },
);
