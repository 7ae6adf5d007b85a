import type { JsonObject } from "@claw/agent-core";
import { ok } from "@claw/agent-tools";
import { expect, test } from "vitest";
import { type AgentRequest, agentTool, type SubAgents } from "../../src/index.ts";
import { callTool } from "../call-tool.ts";

const kinds = [
  { name: "general-purpose", description: "Any task." },
  { name: "reviewer", description: "Reviews a change.\n\nAt length." },
];

function agents(requests: AgentRequest[], background = true): SubAgents {
  return {
    kinds,
    background,
    effects: (kind, cwd) => (kind === "reviewer" ? [{ type: "write", path: `${cwd}/tree` }] : []),
    start: async (request) => {
      requests.push(request);
      return ok("answered");
    },
    kindOf: async () => undefined,
    send: async () => ok("sent"),
  };
}

async function requestOf(input: JsonObject): Promise<AgentRequest | undefined> {
  const requests: AgentRequest[] = [];
  const { text } = await callTool(agentTool({ agents: agents(requests) }), input);
  expect(text).toBe("answered");
  return requests[0];
}

test("passes on what was asked for, whole", async () => {
  const input = { description: "review it", prompt: "Review.", subagent_type: "reviewer", model: "inherit" };
  expect(await requestOf({ ...input, run_in_background: true })).toEqual({
    ...{ kind: "reviewer", description: "review it", prompt: "Review.", model: "inherit", background: true },
  });
});

test("the first kind is meant where none is named", async () => {
  expect(await requestOf({ description: "look", prompt: "Look." })).toEqual({
    ...{ kind: "general-purpose", description: "look", prompt: "Look." },
  });
});

test("what starting the agent does is declared for its kind", async () => {
  const tool = agentTool({ agents: agents([]) });
  const input = { description: "d", prompt: "p", subagent_type: "reviewer" };
  expect((await callTool(tool, input)).effects).toEqual([{ type: "write", path: "/work/tree" }]);
});

test("offers the background only where there is one", async () => {
  const foreground = agentTool({ agents: agents([], false) });
  const { outcome } = await callTool(foreground, { description: "d", prompt: "p", run_in_background: true });
  expect(outcome).toMatchObject({ error: { code: "invalid-input" } });
});

test("describes each agent on one line", () => {
  const { description } = agentTool({ agents: agents([]) });
  expect(description.split("\n").slice(1)).toEqual([
    "- general-purpose: Any task.",
    "- reviewer: Reviews a change. At length.",
  ]);
});
