import { expect, test } from "vitest";
import { recallTool } from "../../src/recall/recall-tool.ts";
import { callTool } from "../call-tool.ts";

const tool = recallTool({
  recall: async (reference) =>
    reference === "c1" ? "what was left out" : reference === "c2" ? "" : undefined,
});

test("gives back what a reference stands for", async () => {
  expect((await callTool(tool, { reference: "c1" })).text).toBe("what was left out");
  expect((await callTool(tool, { reference: "c2" })).text).toBe("(nothing)");
});

test("says so when it stands for nothing", async () => {
  const { outcome, text } = await callTool(tool, { reference: "c9" });
  expect(outcome).toMatchObject({ status: "failed" });
  expect(text).toContain('Nothing is kept under "c9".');
});
