import { addUsage, FaultError, foldSession, isDurable, type Model, plainText, text } from "@claw/agent-core";
import { scriptedModel } from "@claw/agent-core/testing";
import { describe, expect, test, vi } from "vitest";
import { gate, newLease, type Overrides, play, start } from "./arena.ts";

const echo = { name: "Echo", run: async (input: unknown) => `echo ${JSON.stringify(input)}` };
const zero = { input: 1, output: 1, cost: 0 };

describe("R1: the loop drives a conversation of many turns", () => {
  test("text alone completes", async () => {
    const { result } = await play({ script: [{ text: "hello" }] });
    expect(result).toMatchObject({ text: "hello", end: { reason: "completed", turns: 1 } });
  });

  test("R11: events come in one order", async () => {
    const { events } = await play({
      script: [{ text: "a", calls: [{ name: "Echo" }] }, { text: "b" }],
      toolset: [echo],
    });
    expect(
      events.map((event) => (event.type === "message" ? `message ${event.message.role}` : event.type)),
    ).toEqual([
      "run-start",
      "message user",
      "turn-start",
      "message-delta",
      "message-delta",
      "message-delta",
      "message assistant",
      "tool-start",
      "permission-decision",
      "tool-intent",
      "tool-end",
      "message tool",
      "turn-end",
      "turn-start",
      "message-delta",
      "message assistant",
      "turn-end",
      "run-end",
    ]);
  });

  test("V8, R12: a model written here runs without touching the core", async () => {
    const model: Model = async function* (request) {
      yield { type: "text-delta", index: 0, delta: "mine" };
      const content = [text(`mine, ${request.messages.length} message`)];
      return {
        role: "assistant",
        model: { provider: "me", id: "1" },
        content,
        stop: { reason: "end" },
        usage: {},
      };
    };
    expect((await play({ model })).result.text).toBe("mine, 1 message");
  });

  test("what a request asks for beside the conversation is passed on as it was given", async () => {
    const scripted = scriptedModel([{ text: "{}" }]);
    const asked = {
      reasoning: { effort: "low" },
      output: { schema: { type: "object" }, name: "answer" },
      maxOutputTokens: 100,
      cacheKey: "key",
      system: "Be kind.",
    } as const;
    await play({ model: scripted.model, ...asked });
    expect(scripted.requests[0]).toMatchObject(asked);
  });

  test("W6: an empty reply is asked for once more, never stored, and then fails by name", async () => {
    const again = await play({ script: [{ text: "  " }, { text: "here" }] });
    expect(again.result).toMatchObject({ text: "here", end: { reason: "completed", turns: 2 } });
    const { result } = await play({ script: () => ({ reasoning: "hm" }) });
    expect(result.end).toMatchObject({ reason: "failed", error: { code: "empty-reply" }, turns: 2 });
    expect(result.messages.map((message) => message.role)).toEqual(["user"]);
  });

  test("W18, max_tokens_continue: a reply cut off by length goes on, within a bound", async () => {
    const { result } = await play({ script: [{ text: "half", stop: "length" }, { text: "rest" }] });
    expect(result.end).toMatchObject({ reason: "completed", turns: 2 });
    expect(result.messages[2]).toMatchObject({ role: "user", origin: "runtime" });
    const endless = await play({ script: () => ({ text: "half", stop: "length" }) });
    expect(endless.result.end).toMatchObject({
      reason: "failed",
      error: { code: "reply-cut-off" },
      turns: 4,
    });
  });

  test("a refusal ends the run as refused", async () => {
    const { result } = await play({ script: [{ text: "I will not.", stop: "refusal" }] });
    expect(result.end.reason).toBe("refused");
  });

  test("a fault ends the run as failed, with what was said", async () => {
    const fault = { code: "server", message: "The server failed.", retryable: false } as const;
    const { result } = await play({ script: [{ text: "so far", fault }] });
    expect(result).toMatchObject({ text: "so far", end: { reason: "failed", error: fault } });
  });
});

describe("limits, each with its end", () => {
  test("C8: max turns", async () => {
    const scripted = scriptedModel(() => ({ calls: [{ name: "Echo", input: Math.random() }] }));
    const { result } = await play({ model: scripted.model, toolset: [echo], limits: { maxTurns: 2 } });
    expect(result.end).toMatchObject({ reason: "max-turns", turns: 2 });
    expect(scripted.requests).toHaveLength(2);
  });

  test("tokens", async () => {
    const script = (_request: unknown, index: number) => ({
      calls: [{ name: "Echo", input: index }],
      usage: { input: 40, output: 10 },
    });
    const { result } = await play({ script, toolset: [echo], limits: { maxTokens: 100 } });
    expect(result.end).toMatchObject({
      reason: "budget",
      limit: "tokens",
      turns: 2,
      usage: { input: 80, output: 20 },
    });
  });

  test("money", async () => {
    const script = (_request: unknown, index: number) => ({
      calls: [{ name: "Echo", input: index }],
      usage: { cost: 60 },
    });
    const { result } = await play({ script, toolset: [echo], limits: { maxCost: 100 } });
    expect(result.end).toMatchObject({ reason: "budget", limit: "cost", turns: 2 });
  });

  test("money with an unknown price stops rather than spend unseen", async () => {
    const script = (_request: unknown, index: number) => ({
      calls: [{ name: "Echo", input: index }],
      usage: { input: 1 },
    });
    const { result } = await play({ script, toolset: [echo], limits: { maxCost: 100 } });
    expect(result.end).toMatchObject({ reason: "failed", error: { code: "cost-unknown" }, turns: 1 });
  });

  test("wall clock, in the middle of a tool that never ends", async () => {
    const never = { name: "Never", run: () => new Promise<string>(() => undefined) };
    const { result } = await play({
      script: [{ calls: [{ name: "Never" }] }],
      toolset: [never],
      limits: { maxDurationMs: 5 },
    });
    expect(result.end).toMatchObject({ reason: "budget", limit: "time" });
    expect(result.messages.at(-1)).toMatchObject({ role: "tool", outcome: { status: "cancelled" } });
  });

  test("usage that was not reported stays absent, and zero stays zero", () => {
    expect(addUsage({}, {})).toEqual({});
    expect(addUsage({ input: 0 }, {})).toEqual({ input: 0 });
    expect(addUsage({ input: 1, cost: 2 }, { input: 2, cacheRead: 1 })).toEqual({
      input: 3,
      cost: 2,
      cacheRead: 1,
    });
  });
});

describe("steering", () => {
  test("a message typed while a tool runs reaches the next request", async () => {
    const running = gate();
    const go = gate();
    const tool = {
      name: "Wait",
      run: async () => {
        running.open();
        await go.promise;
        return "done";
      },
    };
    const scripted = scriptedModel([{ calls: [{ name: "Wait" }] }, { text: "ok" }]);
    const { run } = start({ model: scripted.model, toolset: [tool] });
    await running.promise;
    expect(run.steer("hurry")).toBe(true);
    go.open();
    await run.result;
    expect(scripted.requests[1]?.messages.at(-1)).toMatchObject({
      role: "user",
      origin: "steer",
      content: [{ text: "hurry" }],
    });
  });

  test("a message typed during the last reply makes the run go on", async () => {
    const scripted = scriptedModel([{ text: "first" }, { text: "second" }]);
    const { run } = start({ model: scripted.model });
    for await (const event of run)
      if (event.type === "message-delta" && event.seq < 6) run.steer("and then?");
    const { text: said, messages } = await run.result;
    expect(said).toBe("second");
    expect(messages.map((message) => message.role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(run.steer("too late")).toBe(false);
  });

  test("an inbox is drained before each request", async () => {
    const inbox = [[], [{ role: "user", origin: "task", content: [text("the build is done")] } as const]];
    const { result } = await play({
      script: [{ calls: [{ name: "Echo" }] }, { text: "ok" }],
      toolset: [echo],
      inbox: () => inbox.shift() ?? [],
    });
    expect(
      result.messages.map((message) => (message.role === "user" ? message.origin : message.role)),
    ).toEqual(["human", "assistant", "tool", "task", "assistant"]);
  });
});

describe("calls of one reply", () => {
  test("parallel_reads_in_order: reads overlap, and their results are in call order", async () => {
    const second = gate();
    const reads = {
      name: "Read",
      concurrent: true,
      run: async (input: unknown) => {
        if (input === 1) await second.promise;
        else second.open();
        return `${input}`;
      },
    };
    const { result } = await play({
      script: [
        {
          calls: [
            { name: "Read", input: 1 },
            { name: "Read", input: 2 },
          ],
        },
        { text: "ok" },
      ],
      toolset: [reads],
    });
    const answers = result.messages.filter((message) => message.role === "tool");
    expect(answers.map(({ outcome }) => plainText(outcome.content))).toEqual(["1", "2"]);
  });

  test("W2, write_then_read_in_one_turn: a write is a barrier", async () => {
    let file = "old";
    const log: string[] = [];
    const tools = [
      {
        name: "Read",
        concurrent: true,
        run: async () => {
          log.push("read");
          await Promise.resolve();
          return file;
        },
      },
      {
        name: "Write",
        run: async () => {
          log.push("write");
          await new Promise((resolve) => setImmediate(resolve));
          file = "new";
          return "written";
        },
      },
    ];
    const calls = ["Read", "Write", "Read"].map((name) => ({ name }));
    const { result } = await play({ script: [{ calls }, { text: "ok" }], toolset: tools });
    const answers = result.messages.filter((message) => message.role === "tool");
    expect(answers.map(({ outcome }) => plainText(outcome.content))).toEqual(["old", "written", "new"]);
    expect(log).toEqual(["read", "write", "read"]);
  });

  test("tool-progress is seen while a tool runs, bounded, and never after its end", async () => {
    let late: (line: string) => void = () => undefined;
    const tool = {
      name: "Slow",
      run: async (_input: unknown, context: { progress: (line: string) => void }) => {
        late = context.progress;
        context.progress("half way");
        context.progress("x".repeat(100_000));
        return "done";
      },
    };
    const { events } = await play({
      script: [{ calls: [{ name: "Slow" }] }, { text: "ok" }],
      toolset: [tool],
    });
    late("too late");
    const shown = events.filter((event) => event.type === "tool-progress");
    expect(shown.map((event) => event.text.length)).toEqual([8, 4_000]);
  });

  test("one_of_three_fails: its siblings go on", async () => {
    const tools = [
      {
        name: "Read",
        concurrent: true,
        run: async (input: unknown) => {
          if (input === 2) throw new Error("no");
          return "ok";
        },
      },
    ];
    const calls = [1, 2, 3].map((input) => ({ name: "Read", input }));
    const { result } = await play({ script: [{ calls }, { text: "ok" }], toolset: tools });
    const answers = result.messages.filter((message) => message.role === "tool");
    expect(answers.map(({ outcome }) => outcome.status)).toEqual(["ok", "failed", "ok"]);
  });

  test("T6: 500 calls at once run ten at a time, and a cancel answers them all", async () => {
    let running = 0;
    let most = 0;
    const tool = {
      name: "Read",
      concurrent: true,
      run: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return "ok";
      },
    };
    const calls = Array.from({ length: 500 }, (_, input) => ({ name: "Read", input }));
    const { result } = await play({ script: [{ calls }, { text: "ok" }], toolset: [tool] });
    expect(most).toBe(10);
    expect(result.messages).toHaveLength(503);
    const { run } = start({
      script: [{ calls }],
      toolset: [{ ...tool, run: () => new Promise<string>(() => undefined) }],
    });
    for await (const event of run) if (event.type === "tool-intent") run.cancel();
    expect((await run.result).messages.filter((message) => message.role === "tool")).toHaveLength(500);
  });

  test("T6: calls inside of calls stop at a depth", async () => {
    let depth = 0;
    const nest = {
      name: "Nest",
      run: async (
        _input: unknown,
        context: { invoke: (tool: string, input: null) => Promise<{ status: string }> },
      ) => {
        depth += 1;
        return (await context.invoke("Nest", null)).status;
      },
    };
    const { result } = await play({
      script: [{ calls: [{ name: "Nest" }] }, { text: "ok" }],
      toolset: [nest],
    });
    expect(depth).toBe(6);
    expect(result.end.reason).toBe("completed");
  });
});

describe("permissions at the one checkpoint", () => {
  const effect = { type: "write", path: "/work/a" } as const;
  const write = (run: () => Promise<string>) => [{ name: "Write", effects: [effect], run }];
  const script = [{ calls: [{ name: "Write", input: { a: 1 } }] }, { text: "ok" }];

  test("W19: a denial is not a failure, and names who denied", async () => {
    let ran = false;
    const { result, durable } = await play({
      script,
      toolset: write(async () => {
        ran = true;
        return "";
      }),
      policy: () => ({ type: "deny", reason: "not here", rule: "Write" }),
    });
    expect(ran).toBe(false);
    expect(result.end.denials).toMatchObject([{ tool: "Write", by: "policy", reason: "not here" }]);
    expect(result.messages[2]).toMatchObject({ outcome: { status: "denied", by: "policy" } });
    expect(durable.find((event) => event.type === "permission-decision")).toMatchObject({
      decision: "deny",
      rule: "Write",
      effects: [effect],
    });
  });

  test("no opinion is a question, and nobody to ask is a denial by nobody", async () => {
    const { result } = await play({ script, toolset: write(async () => ""), policy: () => undefined });
    expect(result.end.denials).toMatchObject([{ by: "nobody" }]);
  });

  test("what is refused by the time of an answer is refused, whoever answered", async () => {
    let refuses = false;
    const ran = vi.fn(async () => "written");
    const parts = (): Overrides => {
      refuses = false;
      return {
        script,
        toolset: write(ran),
        policy: () =>
          refuses ? { type: "deny", reason: "not any more" } : { type: "ask", reason: "?", byDefault: true },
      };
    };
    const late = (): void => {
      refuses = true;
    };
    const answered = await play({
      ...parts(),
      ask: async () => {
        late();
        return { type: "allow" };
      },
    });
    const hooked = await play({
      ...parts(),
      hooks: () => ({
        beforeQuestion: async () => {
          late();
          return { type: "allow", reason: "yes" };
        },
      }),
    });
    expect(ran).not.toHaveBeenCalled();
    for (const { result, durable } of [answered, hooked]) {
      expect(result.end.denials).toMatchObject([{ by: "policy", reason: "not any more" }]);
      expect(durable.filter(({ type }) => type === "permission-decision")).toMatchObject([
        { decision: "deny" },
      ]);
    }
  });

  test("an answer that is remembered stands in the journal", async () => {
    const { session, events } = await play({
      script,
      toolset: write(async () => "written"),
      policy: () => ({ type: "ask", reason: "it writes", suggestions: ["Edit(a)"] }),
      ask: async ({ suggestions }) => ({
        type: "allow",
        remember: { rules: suggestions ?? [], scope: "session" },
      }),
    });
    expect(session.sessionRules).toEqual(["Edit(a)"]);
    expect(events.find((event) => event.type === "permission-request")).toMatchObject({
      request: { reason: "it writes", input: { a: 1 } },
    });
  });

  test("questions are put one at a time", async () => {
    let open = 0;
    let most = 0;
    const calls = [1, 2, 3].map((input) => ({ name: "Read", input }));
    await play({
      script: [{ calls }, { text: "ok" }],
      toolset: [{ name: "Read", concurrent: true, run: async () => "ok" }],
      policy: () => undefined,
      ask: async () => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return { type: "allow" };
      },
    });
    expect(most).toBe(1);
  });

  test("awaiting-permission: a deferred answer ends the run, and resume asks again and runs the call once", async () => {
    let ran = 0;
    const toolset = write(async () => `${++ran}`);
    const first = await play({
      script,
      toolset,
      policy: () => undefined,
      ask: async () => ({ type: "defer" }),
    });
    expect(first.result.end.reason).toBe("awaiting-permission");
    const session = foldSession(JSON.parse(JSON.stringify(first.durable)));
    expect(session.openCalls).toHaveLength(1);
    const { run } = start({
      session,
      script: [{ text: "ok" }],
      toolset,
      policy: () => undefined,
      ask: async () => ({ type: "allow" }),
    });
    const { end, messages } = await run.result;
    expect(end.reason).toBe("completed");
    expect(ran).toBe(1);
    expect(messages.map((message) => message.role)).toEqual([
      "user",
      "assistant",
      "tool",
      "user",
      "assistant",
    ]);
  });

  test("awaiting-permission: an answer that is put off again leaves the call open again", async () => {
    const parts = {
      toolset: write(async () => ""),
      policy: () => undefined,
      ask: async () => ({ type: "defer" }) as const,
    };
    const first = await play({ script, ...parts });
    const again = await play({ session: foldSession(first.durable), script: [{ text: "ok" }], ...parts });
    expect(again.result.end).toMatchObject({ reason: "awaiting-permission", turns: 0 });
    expect(again.session.openCalls).toHaveLength(1);
  });

  test("hook_pre_rewrites: a rewritten input is judged anew, and that is what runs", async () => {
    const judged: unknown[] = [];
    let ranWith: unknown;
    const { durable } = await play({
      script,
      toolset: [
        {
          name: "Write",
          effects: [effect],
          run: async (input) => {
            ranWith = input;
            return "ok";
          },
        },
      ],
      policy: ({ input }) => {
        judged.push(input);
        return { type: "allow", reason: "yes" };
      },
      beforeTool: async () => ({ type: "rewrite", input: { a: 2 } }),
    });
    expect(judged).toEqual([{ a: 2 }]);
    expect(ranWith).toEqual({ a: 2 });
    expect(durable.find((event) => event.type === "permission-decision")).toMatchObject({ input: { a: 2 } });
  });

  test("every hook hears of what another one made of the call; none permits what it did not see", async () => {
    const ran = vi.fn(async () => "ran");
    const isNew = (input: unknown): boolean => JSON.stringify(input) === '{"a":2}';
    const hooks: Overrides["hooks"] = () => ({
      beforeTool: async () => ({ type: "rewrite", input: { a: 2 } }),
    });
    const guarded = await play({
      script,
      toolset: write(ran),
      hooks,
      beforeTool: async ({ input }) => (isNew(input) ? { type: "deny", reason: "not that" } : undefined),
    });
    expect(guarded.result.end.denials).toMatchObject([{ by: "hook", reason: "not that" }]);
    const permitted = await play({
      script,
      toolset: write(ran),
      hooks,
      policy: () => ({ type: "ask", reason: "?", byDefault: true }),
      beforeTool: async ({ input }) => (isNew(input) ? undefined : { type: "allow", reason: "harmless" }),
    });
    expect(permitted.result.end.denials).toMatchObject([{ by: "nobody" }]);
    expect(ran).not.toHaveBeenCalled();
  });

  test("hook_pre_denies: a hook can deny, and ask where the policy allows, but not allow where it denies", async () => {
    const denied = await play({
      script,
      toolset: write(async () => ""),
      beforeTool: async () => ({ type: "deny", reason: "no" }),
    });
    expect(denied.result.end.denials).toMatchObject([{ by: "hook", reason: "no" }]);
    const asked = await play({
      script,
      toolset: write(async () => ""),
      beforeTool: async () => ({ type: "ask", reason: "sure?" }),
    });
    expect(asked.result.end.denials).toMatchObject([{ by: "nobody" }]);
    const still = await play({
      script,
      toolset: write(async () => ""),
      policy: () => ({ type: "deny", reason: "never" }),
      beforeTool: async () => undefined,
    });
    expect(still.result.end.denials).toMatchObject([{ by: "policy" }]);
  });

  test("T7: an abort closes a pending question", async () => {
    const asked = gate();
    const { run } = start({
      script,
      toolset: write(async () => ""),
      policy: () => undefined,
      ask: async () => {
        asked.open();
        return new Promise(() => undefined);
      },
    });
    await asked.promise;
    run.cancel();
    expect((await run.result).messages.at(-1)).toMatchObject({ outcome: { status: "cancelled" } });
  });
});

describe("T5: a model that goes in circles", () => {
  test("is told after three equal rounds, and stopped after five", async () => {
    const { result } = await play({
      script: () => ({ calls: [{ name: "Echo", input: 1 }] }),
      toolset: [echo],
      limits: { maxTurns: 50 },
    });
    expect(result.end).toMatchObject({ reason: "failed", error: { code: "repeated-calls" }, turns: 5 });
    expect(
      result.messages.filter((message) => message.role === "user" && message.origin === "runtime"),
    ).toHaveLength(1);
  });

  test("is noticed when it alternates", async () => {
    const { result } = await play({
      script: (_request, index) => ({ calls: [{ name: "Echo", input: index % 2 }] }),
      toolset: [echo],
      limits: { maxTurns: 50 },
    });
    expect(result.end).toMatchObject({ reason: "failed", error: { code: "repeated-calls" }, turns: 10 });
  });

  test("is left alone while the results change", async () => {
    let count = 0;
    const counter = { name: "Count", run: async () => `${++count}` };
    const { result } = await play({
      script: (_request, index) => (index < 20 ? { calls: [{ name: "Count" }] } : { text: "done" }),
      toolset: [counter],
    });
    expect(result.end).toMatchObject({ reason: "completed", turns: 21 });
  });
});

describe("S4: a session that a crash cut off", () => {
  const effects = [{ type: "write", path: "/work/a" }] as const;
  async function cutAfter(type: string) {
    const { durable } = await play({
      script: [{ calls: [{ name: "Write" }] }, { text: "ok" }],
      toolset: [{ name: "Write", effects, run: async () => "ok" }],
    });
    const index = durable.findIndex((event) => event.type === type);
    return foldSession(durable.slice(0, index + 1));
  }

  test("a call that may have happened is answered with outcome-unknown, and not run again", async () => {
    const session = await cutAfter("tool-intent");
    const { result } = await play({ session, script: [{ text: "I will look." }], prompt: "go on" });
    expect(result.messages[2]).toMatchObject({
      role: "tool",
      outcome: { status: "failed", error: { code: "outcome-unknown" } },
    });
  });

  test("a call that never started is answered as cancelled", async () => {
    const session = await cutAfter("permission-decision");
    const { result } = await play({ session, script: [{ text: "ok" }], prompt: "go on" });
    expect(result.messages[2]).toMatchObject({ role: "tool", outcome: { status: "cancelled" } });
  });
});

describe("a run that cannot begin", () => {
  test("limits that are no numbers, or of no such name, end it before the model is asked", async () => {
    for (const limits of [
      { maxCost: Number.NaN },
      { maxDurationMs: Number.NaN },
      JSON.parse('{ "maxTurns": "3" }'),
      JSON.parse('{ "maxTurn": 3 }'),
    ]) {
      const { result, events } = await play({ limits });
      expect(result.end).toMatchObject({ reason: "failed", error: { code: "invalid-limit" }, turns: 0 });
      expect(events.at(-1)?.type).toBe("run-end");
    }
    const { result } = await play({ limits: { maxTurns: Number.POSITIVE_INFINITY } });
    expect(result.end.reason).toBe("completed");
  });

  test.each(["5", '{ "text": "hello" }', '[{ "type": "txt", "text": "hello" }]', "null"])(
    "what is no content is not taken for words: %s",
    async (said) => {
      const session = foldSession();
      const { result } = await play({ session, prompt: JSON.parse(said) });
      expect(result.end).toMatchObject({ reason: "failed", error: { code: "invalid-prompt" }, turns: 0 });
      expect(session.messages).toEqual([]);
      const { run } = start({ prompt: "hello" });
      expect(() => run.steer(JSON.parse(said))).toThrow(FaultError);
      expect((await run.result).end.reason).toBe("completed");
    },
  );

  test("a controller is not taken for its signal", () => {
    const signal = Object.assign(Object.create(null), new AbortController());
    expect(() => start({ signal })).toThrow(/no AbortSignal/);
  });

  test("without a prompt and without a conversation the model is not asked", async () => {
    const { result } = await play({ prompt: "" });
    expect(result.end).toMatchObject({ reason: "failed", error: { code: "nothing-to-answer" }, turns: 0 });
  });

  test("what is said meanwhile is enough to answer", async () => {
    const { run } = start({ prompt: "" });
    expect(run.steer("hello")).toBe(true);
    expect((await run.result).end.reason).toBe("completed");
  });
});

describe("the recorder", () => {
  test("an event is journaled before it is seen", async () => {
    const lease = await newLease();
    const written: number[] = [];
    const watched = {
      ...lease,
      append: async (events: Parameters<typeof lease.append>[0]) => {
        await Promise.resolve();
        written.push(...events.map((event) => event.seq));
        return lease.append(events);
      },
    };
    const { run } = start({
      lease: watched,
      script: [{ calls: [{ name: "Echo" }] }, { text: "ok" }],
      toolset: [echo],
    });
    let last = 0;
    for await (const event of run) {
      expect(event.seq).toBe(++last);
      if (isDurable(event)) expect(written).toContain(event.seq);
    }
    expect(last).toBeGreaterThan(10);
  });

  test("S5: a writer that lost its session stops", async () => {
    const lease = {
      ...(await newLease()),
      append: () => {
        throw Object.assign(new Error("x"), {
          name: "FaultError",
          fault: { code: "lease-lost", message: "Another writer has it." },
        });
      },
    };
    const { result } = await play({
      lease,
      script: () => ({ calls: [{ name: "Echo", input: zero }] }),
      toolset: [echo],
    });
    expect(result.end).toMatchObject({ reason: "failed", error: { code: "lease-lost" }, turns: 0 });
  });

  test("seq goes on where the session stood", async () => {
    const first = await play();
    const second = await play({ session: foldSession(first.durable), script: [{ text: "again" }] });
    expect(second.events[0]?.seq).toBe((first.durable.at(-1)?.seq ?? 0) + 1);
  });
});
