import { type JsonObject, toolCallId } from "@claw/agent-core";
import { createToolbox, ok } from "@claw/agent-tools";
import { expect, test } from "vitest";
import { sendMessageTool } from "../../src/index.ts";
import { callTool } from "../call-tool.ts";

const tool = sendMessageTool({
  agents: {
    kinds: [],
    background: true,
    effects: () => [],
    start: async () => ok("started"),
    kindOf: async (id) => (id === "Explore-1" ? "Explore" : undefined),
    send: async ({ to, message, kind }) => ok(`${to} (${kind}) got "${message}"`),
  },
});

test("passes on the message to whom it is for", async () => {
  expect((await callTool(tool, { to: "Explore-1", message: "And then?" })).text).toBe(
    'Explore-1 (Explore) got "And then?"',
  );
  expect((await callTool(tool, { to: "Explore-1" })).outcome).toMatchObject({
    error: { code: "invalid-input" },
  });
  expect((await callTool(tool, { to: "Explore-1", message: "" })).outcome).toMatchObject({
    error: { code: "invalid-input" },
  });
});

test("what is judged names the kind of the agent, whatever the call says of it", async () => {
  const toolbox = createToolbox({ tools: [tool], cwd: "/work" });
  const prepare = (input: JsonObject) =>
    toolbox.prepare({ type: "tool-call", id: toolCallId("c"), name: "SendMessage", input });
  const written = { to: "Explore-1", message: "And then?" };
  for (const more of [{}, { subagent_type: "worker" }]) {
    expect(await prepare({ ...written, ...more })).toMatchObject({
      type: "ready",
      call: { input: { ...written, subagent_type: "Explore" } },
    });
  }
  const nobody = await prepare({ ...written, to: "Explore-2", subagent_type: "Explore" });
  expect(nobody).toMatchObject({ type: "ready", call: { input: { to: "Explore-2" } } });
  expect(JSON.stringify(nobody)).not.toContain("subagent_type");
  expect(JSON.stringify(toolbox.specs)).not.toContain("subagent_type");
});
