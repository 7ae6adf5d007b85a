import {
  type AgentOptions,
  type AssistantPart,
  type Compact,
  type CompactionPlan,
  type CompactView,
  createAgent,
  type DurableEvent,
  defineTool,
  FaultError,
  failed,
  type Journal,
  jsonSchema,
  type Lease,
  type Model,
  memoryJournal,
  query,
  type ReadOptions,
  type SessionId,
  type SessionSummary,
  type Steps,
  sessionId,
  type ToolCallId,
  type ToolContext,
  type ToolResult,
  type Transport,
  type TransportResponse,
  text,
  toolCallId,
} from "@claw/agent-sdk";
import { temporaryFolder } from "@claw/testkit";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

// What somebody writes who embeds an agent, with the types of this package alone.

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const options = (more: AgentOptions = {}): AgentOptions => ({
  ...{ preset: "minimal", provider: "stub", journal: memoryJournal() },
  ...{ cwd: folder.path, env: { HOME: folder.path } },
  ...more,
});

async function faultOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error instanceof FaultError ? error.fault : error;
  }
  return undefined;
}

/** Plain JavaScript says what types would not let through. */
const unchecked = (more: object): AgentOptions => Object.assign(options(), more);

const ref = { provider: "house", id: "one" };

/** Calls the tool once, then answers. */
const model: Model = async function* ({ messages }, signal) {
  signal.throwIfAborted();
  const id: ToolCallId = toolCallId("call-1");
  const said = messages.some(({ role }) => role === "tool");
  const part: AssistantPart = said
    ? text("Done.")
    : { type: "tool-call", id, name: "Lookup", input: { order: "A1" } };
  if (part.type === "text") yield { type: "text-delta", index: 0, delta: part.text };
  else yield { type: "tool-call-start", index: 0, id, name: "Lookup" };
  const reason = said ? "end" : "tool-calls";
  return { role: "assistant", model: ref, content: [part], stop: { reason }, usage: {} };
};

describe("an agent of somebody's own parts", () => {
  function ownJournal(): Journal {
    const kept = new Map<SessionId, DurableEvent[]>();
    return {
      lease: async (session): Promise<Lease> => {
        const events = kept.get(session) ?? [];
        kept.set(session, events);
        const append = (more: readonly DurableEvent[]): undefined => void events.push(...more);
        return { session, token: 1, append, flush: async () => {}, release: async () => {} };
      },
      read: async function* (session: SessionId, { after = 0 }: ReadOptions = {}) {
        yield* (kept.get(session) ?? []).filter(({ seq }) => seq > after);
      },
      list: async (): Promise<readonly SessionSummary[]> => [],
      remove: async (session) => void kept.delete(session),
    };
  }

  test("own model, journal, tool and compaction, and a session that goes on", async () => {
    const seen: CompactView["cause"][] = [];
    const compact: Compact = async ({ cause }): Promise<CompactionPlan | undefined> => {
      seen.push(cause);
      return undefined;
    };
    const lookup = defineTool({
      name: "Lookup",
      description: "Looks an order up.",
      input: z.object({ order: z.string() }),
      effects: () => [],
      run: ({ order }, { call }: ToolContext): ToolResult =>
        failed("tool-failed", `There is no order ${order} (${call}).`),
    });
    const own = options({ journal: ownJournal(), connection: { model, ref }, tools: [lookup], compact });
    const { provider: _, ...parts } = own;
    const first = await createAgent({ ...parts, session: "mine" });
    const { end, messages } = await first.run("Where is A1?").result;
    await first.close();
    expect(end.reason).toBe("completed");
    expect(messages[2]).toMatchObject({ role: "tool", outcome: { error: { code: "tool-failed" } } });
    expect(seen).toContain("threshold");
    await using again = await createAgent({ ...parts, resume: sessionId("mine") });
    expect(again.messages).toHaveLength(4);
  });

  test("own transport and steps are asked", async () => {
    const asked: string[] = [];
    const transport: Transport = async ({ url }): Promise<TransportResponse> => {
      asked.push(url);
      return { status: 401, headers: {}, body: new Blob(["{}"]).stream() };
    };
    const kinds = new Set<string>();
    let ids = 0;
    const steps: Steps = {
      step: (_key, perform, { kind }, signal) => {
        kinds.add(kind);
        return perform(signal);
      },
      wait: (_topic, ask, signal) => ask(signal),
      now: Date.now,
      id: () => `id-${++ids}`,
      random: Math.random,
    };
    const env = { HOME: folder.path, ANTHROPIC_API_KEY: "k" };
    const { end } = await query({
      ...options({ provider: "anthropic", transport, steps, env }),
      prompt: "hello",
    }).result;
    expect(end).toMatchObject({ reason: "failed", error: { code: "auth" } });
    expect(asked.some((url) => url.includes("api.anthropic.com"))).toBe(true);
    expect([...kinds]).toEqual(["model"]);
  });

  test("the schema that zod prints is an output", async () => {
    const requests: Parameters<Model>[0][] = [];
    // biome-ignore lint/correctness/useYield: a generator that only returns
    const watched: Model = async function* (request) {
      requests.push(request);
      return { role: "assistant", model: ref, content: [text("{}")], stop: { reason: "end" }, usage: {} };
    };
    const Ticket = z.object({ title: z.string() });
    const { provider: _, ...parts } = options({ connection: { model: watched, ref } });
    await query({ ...parts, prompt: "classify", output: { schema: z.toJSONSchema(Ticket), name: "ticket" } })
      .result;
    expect(requests[0]?.output).toEqual({
      name: "ticket",
      schema: {
        type: "object",
        properties: { title: { type: "string" } },
        required: ["title"],
        additionalProperties: false,
      },
    });
    expect(
      await faultOf(() => createAgent(options({ output: { schema: { type: "string" } } }))),
    ).toMatchObject({
      code: "invalid-output",
    });
  });
});

describe("what is said to whoever made a mistake", () => {
  test("words that an option does not know are refused, and options that there are not are named", async () => {
    for (const [more, word] of [
      [{ preset: "minimum" }, "minimal"],
      [{ permission: "allow" }, "interactive"],
      [{ permissionMode: "accept" }, "acceptEdits"],
      [{ effort: "lots" }, "medium"],
      [{ settingSources: ["users"] }, "user"],
      [{ compaction: { strategies: [{ name: "mine" }] } }, "shorten"],
      [{ hooks: { PreToolUze: [] } }, "PreToolUse"],
      [{ hooks: { PreToolUse: () => undefined } }, "lists of functions"],
      [{ hooks: { PreToolUse: [{ matcher: "Bash" }] } }, "lists of functions"],
      [{ hooks: { PreToolUse: [{ matcher: "(", run: () => undefined }] } }, "lists of functions"],
      [{ mcpServers: { files: { command: "npx" } } }, "stdio with a command"],
      [{ mcpServers: { files: null } }, "stdio with a command"],
      [{ connection: { model } }, "provider"],
    ] as const) {
      const fault = await faultOf(() => createAgent(unchecked(more)));
      expect(fault).toMatchObject({ code: "invalid-option", hint: expect.stringContaining(word) });
    }
    await using agent = await createAgent(unchecked({ disallowedTool: ["Bash"] }));
    expect(agent.warnings).toMatchObject([{ code: "unknown-option", hint: "Did you mean disallowedTools?" }]);
    const run = query({ ...options(), prompt: "hello", signal: AbortSignal.timeout(10_000) });
    for await (const event of run) expect(event).not.toMatchObject({ type: "notice" });
  });

  test.each<readonly [string, unknown, string]>([
    ["cwd", 5, "must be a text; it is a number"],
    ["model", { id: "x" }, "must be a text; it is an object"],
    ["tools", {}, "must be a list; it is an object"],
    ["disallowedTools", "Bash", "must be a list of texts; it is a text"],
    ["allowedTools", ["Read", 1], "must be a list of texts; it is a list"],
    ["directories", "/tmp", "must be a list of texts; it is a text"],
    ["skills", "no", "must be true or false; it is a text"],
    ["contextWindow", "8000", "must be a number; it is a text"],
    ["env", null, "must be an object; it is null"],
    ["redact", true, "must be an object, or false; it is a boolean"],
    ["policy", {}, "must be a function; it is an object"],
    ["connection", { ref: {} }, "must be an object with a function model; it is an object"],
    ["steps", { step: () => undefined }, "must be an object with a function wait; it is an object"],
  ])("the option %s is not %j", async (option, value, words) => {
    const fault = await faultOf(() => createAgent(unchecked({ [option]: value })));
    expect(fault).toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining(`The option ${option} ${words}`),
    });
  });

  test("an option of a run that there is not is told of, and what are no options is refused", async () => {
    await using agent = await createAgent(options());
    const run = agent.run("hello", JSON.parse('{ "maxTurns": 1 }'));
    const told: string[] = [];
    for await (const event of run) if (event.type === "notice") told.push(event.code);
    expect(told).toEqual(["unknown-option"]);
    expect(agent.warnings).toMatchObject([
      { code: "unknown-option", hint: expect.stringContaining("limits") },
    ]);
    const none: object = JSON.parse("null");
    expect(await faultOf(() => agent.run("hello", none))).toMatchObject({ code: "invalid-option" });
    expect((await agent.run("hello").result).end.reason).toBe("completed");
  });

  test("a query that cannot take what is said to it gives its session back", async () => {
    const journal = memoryJournal();
    const run = query({ ...options({ journal, session: "one" }), prompt: "hello" });
    run.steer(JSON.parse("5"));
    expect((await run.result).end).toMatchObject({ reason: "failed", error: { code: "invalid-prompt" } });
    await (await journal.lease(sessionId("one"))).release();
  });

  test("what is no tool at all is refused, and a schema of a library is none of JSON", async () => {
    expect(await faultOf(() => createAgent(unchecked({ tools: [null] })))).toMatchObject({
      code: "invalid-tool",
    });
    for (const schema of [z.object({ title: z.string() }), v.object({ title: v.string() })])
      expect(await faultOf(() => createAgent(unchecked({ output: { schema } })))).toMatchObject({
        code: "invalid-output",
      });
  });

  test("a tool without one of its functions is refused when the agent is made", async () => {
    const whole = {
      name: "Lookup",
      description: "Looks up.",
      input: jsonSchema({ type: "object" }),
      effects: () => [],
      run: () => "x",
    };
    for (const part of ["effects", "run"]) {
      const tools = [{ ...whole, [part]: undefined }];
      expect(await faultOf(() => createAgent(unchecked({ tools })))).toMatchObject({
        code: "invalid-tool",
        message: `The tool Lookup has no function "${part}".`,
      });
    }
  });

  test("a session that is not saved any more is a warning to whoever looks at no events", async () => {
    const inMemory = memoryJournal();
    const full: Journal = {
      ...inMemory,
      lease: async (session) => ({
        ...(await inMemory.lease(session)),
        append: () => {
          throw new FaultError({
            code: "journal-unwritable",
            message: "The disk is full.",
            hint: "Make room.",
          });
        },
      }),
    };
    await using agent = await createAgent(options({ journal: full }));
    expect(agent.warnings).toEqual([]);
    const told: string[] = [];
    const run = agent.run("hello");
    for await (const event of run) if (event.type === "notice") told.push(event.text);
    const message = "This session is no longer being saved: The disk is full.";
    expect(told).toEqual([message]);
    expect(agent.warnings).toEqual([{ code: "journal-unwritable", message, hint: "Make room." }]);
  });

  test("a closed agent says so, and says how to go on", async () => {
    const agent = await createAgent(options());
    await agent.close();
    for (const start of [() => agent.run("hello"), () => agent.resume(), () => agent.compact()]) {
      expect(await faultOf(start)).toMatchObject({ code: "agent-closed" });
    }
    await agent.close();
  });

  test("a session with nothing in it has nothing to go on with", async () => {
    await using agent = await createAgent(options());
    expect((await agent.resume().result).end).toMatchObject({ error: { code: "nothing-to-answer" } });
  });
});
