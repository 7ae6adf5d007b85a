import {
  type AgentEvent,
  type Decision,
  type Effect,
  foldSession,
  type PermissionRequest,
  run,
  type ToolMessage,
} from "@claw/agent-core";
import { type ScriptedReply, scriptedModel } from "@claw/agent-core/testing";
import { dialectNames, recogniseToolCalls } from "@claw/agent-provider";
import { type AnyTool, createToolbox, defineTool, jsonSchema } from "@claw/agent-tools";
import { expect, test } from "vitest";

/** A whole run: a model that writes its calls as text, real tools, and a policy that refuses to write. */
async function runOf(...replies: readonly ScriptedReply[]) {
  const ran: string[] = [];
  const judged: PermissionRequest[] = [];
  const tool = (name: string, type: "read" | "write"): AnyTool =>
    defineTool({
      name,
      description: "",
      input: jsonSchema<{ path: string }>({
        type: "object",
        properties: { path: { type: "string" } },
        required: ["path"],
      }),
      effects: ({ path }): readonly Effect[] => [{ type, path }],
      run: ({ path }) => {
        ran.push(`${name} ${path}`);
        return "done";
      },
    });
  const policy = (request: PermissionRequest): Decision => {
    judged.push(request);
    const writes = request.effects.some(({ type }) => type === "write");
    return writes && request.input !== null && JSON.stringify(request.input).includes("secret")
      ? { type: "deny", reason: "not there" }
      : { type: "allow", reason: "fine" };
  };
  const { model, ref } = scriptedModel(replies);
  const started = run({
    model: recogniseToolCalls(model, { dialects: dialectNames, repairs: "reads" }),
    ref,
    tools: createToolbox({ tools: [tool("Read", "read"), tool("Write", "write")], cwd: "/work" }),
    policy,
    session: foldSession(),
    prompt: "Go on.",
    cwd: "/work",
  });
  const events: AgentEvent[] = [];
  for await (const event of started) events.push(event);
  const messages = events.flatMap((event) => (event.type === "message" ? [event.message] : []));
  const outcomes = messages.filter((message): message is ToolMessage => message.role === "tool");
  return { ran, judged, events, outcomes, end: (await started.result).end };
}

function tagged(name: string, args: string): ScriptedReply {
  return { text: `<tool_call>{"name": "${name}", "arguments": ${args}}</tool_call>` };
}

const done: ScriptedReply = { text: "Done." };

test("a call in text is permitted, run and answered as any other, and the journal shows where it came from", async () => {
  const { ran, judged, events, outcomes, end } = await runOf(tagged("Write", '{"path": "/work/a"}'), done);
  expect(ran).toEqual(["Write /work/a"]);
  expect(judged).toHaveLength(1);
  expect(outcomes[0]?.outcome.status).toBe("ok");
  expect(end.reason).toBe("completed");
  const calls = events.flatMap((event) =>
    event.type === "message" && event.message.role === "assistant" ? event.message.content : [],
  );
  expect(calls[0]).toMatchObject({ recovered: { from: "text", dialect: "tool-call-tag" } });
});

test("what the policy refuses is refused in text too", async () => {
  const { ran, outcomes } = await runOf(tagged("Write", '{"path": "/work/secret"}'), done);
  expect(ran).toEqual([]);
  expect(outcomes[0]?.outcome).toMatchObject({ status: "denied", by: "policy" });
});

test("L9: a call in text whose JSON is broken runs when it reads, never when it writes", async () => {
  for (const broken of ["{'path': '/work/a'}", '{"path": "/work/a",}']) {
    const reads = await runOf(tagged("Read", broken), done);
    expect(reads.ran).toEqual(["Read /work/a"]);
    const writes = await runOf(tagged("Write", broken), done);
    expect(writes.ran).toEqual([]);
    expect(writes.judged).toEqual([]);
    expect(writes.outcomes[0]?.outcome).toMatchObject({
      status: "failed",
      error: { code: "malformed-input" },
    });
  }
});

test("law 3: a call in text that a length limit cut off is not run, and the model is asked to go on", async () => {
  const cut: ScriptedReply = {
    text: '<tool_call>{"name": "Write", "arguments": {"path": "/w',
    stop: "length",
  };
  const { ran, end } = await runOf(cut, done);
  expect(ran).toEqual([]);
  expect(end.reason).toBe("completed");
});

test("L11: an empty turn is asked about once and then given up, wrapped or not", async () => {
  expect((await runOf({}, done)).end.reason).toBe("completed");
  expect((await runOf({}, {})).end).toMatchObject({ reason: "failed", error: { code: "empty-reply" } });
});

test("T5: the same call in text over and over is stopped", async () => {
  const same = Array.from({ length: 12 }, () => tagged("Read", '{"path": "/work/a"}'));
  const { end, ran } = await runOf(...same);
  expect(end).toMatchObject({ reason: "failed", error: { code: "repeated-calls" } });
  expect(ran.length).toBeLessThan(12);
});

test("T4: a call in text of a name that is none is answered with near names, asks nobody and runs nothing", async () => {
  const { ran, judged, outcomes, end } = await runOf(tagged("read_file", '{"path": "/work/a"}'), done);
  expect({ ran, judged }).toEqual({ ran: [], judged: [] });
  expect(outcomes[0]?.outcome).toMatchObject({
    status: "failed",
    error: { code: "unknown-tool", message: expect.stringMatching(/"read_file".*Nothing was run.*Read/) },
  });
  expect(end.reason).toBe("completed");
});

test.each([
  ["explained", '<tool_call>{"name": "read_file", "arguments": {}}</tool_call> is how a call looks.'],
  ["between backticks", 'Write `<tool_call>{"name": "read_file", "arguments": {}}</tool_call>`'],
  ["as code", '```\n<tool_call>{"name": "read_file", "arguments": {}}</tool_call>\n```'],
  ["as JSON", '{"name": "read_file", "arguments": {}}'],
])("a form that is %s is no call of a name that is none", async (_, text) => {
  const { outcomes, end } = await runOf({ text });
  expect(outcomes).toEqual([]);
  expect(end).toMatchObject({ reason: "completed" });
});
