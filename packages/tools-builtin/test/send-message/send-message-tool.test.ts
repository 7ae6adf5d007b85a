import { ok } from "@claw/agent-tools";
import { expect, test } from "vitest";
import { sendMessageTool } from "../../src/index.ts";
import { callTool } from "../call-tool.ts";

test("passes on the message to whom it is for", async () => {
  const tool = sendMessageTool({
    agents: {
      kinds: [],
      background: true,
      effects: () => [],
      start: async () => ok("started"),
      send: async (to, message) => ok(`${to} got "${message}"`),
    },
  });
  expect((await callTool(tool, { to: "Explore-1", message: "And then?" })).text).toBe(
    'Explore-1 got "And then?"',
  );
  expect((await callTool(tool, { to: "Explore-1" })).outcome).toMatchObject({
    error: { code: "invalid-input" },
  });
  expect((await callTool(tool, { to: "Explore-1", message: "" })).outcome).toMatchObject({
    error: { code: "invalid-input" },
  });
});
