import {
  type AgentEvent,
  type Answer,
  type AssistantMessage,
  type BeforeToolVerdict,
  type CompactionPlan,
  type Decision,
  foldSession,
  inlineSteps,
  type Lease,
  type Message,
  type Model,
  type ModelDelta,
  onAbort,
  type Preparation,
  plainText,
  type Toolbox,
  type ToolOutcome,
  text,
  timeLimit,
  toolCalls,
  type UserMessage,
} from "@claw/agent-core";
import { scriptedModel, scriptedToolbox } from "@claw/agent-core/testing";
import { collectGarbage } from "@claw/testkit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Arena, gate, newLease, type Overrides, play, start } from "./arena.ts";

const rejections: unknown[] = [];
const note = (error: unknown): void => {
  rejections.push(error);
};
beforeEach(() => {
  rejections.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(async () => {
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  expect(rejections).toEqual([]);
});

/** What plain JavaScript may hand over where a type was promised. */
const cycle: Record<string, unknown> = {};
cycle["self"] = cycle;
const garbage: readonly unknown[] = [
  null,
  true,
  0,
  "yes",
  [],
  {},
  { type: "yes" },
  { type: "allow" },
  { type: "deny" },
  { type: "ready" },
  { type: "ready", call: {} },
  { type: "rejected" },
  { type: "rewrite" },
  { type: "allow", remember: {} },
  { status: "fine" },
  { status: "ok" },
  { status: "ok", content: [null] },
  { status: "ok", content: [text("x")], details: 1n },
  { status: "failed", content: [] },
  cycle,
  () => undefined,
  Symbol("no"),
  10n,
];
/** The only place where a type is forgotten on purpose. */
const as = <T>(value: unknown): T => value as T;

const calls = [{ name: "Alpha" }, { name: "Beta" }, { name: "Alpha" }];
const script = [{ calls }, { text: "done" }];

function parts(overrides: Overrides = {}): Overrides & { ran: string[] } {
  const ran: string[] = [];
  const run = (name: string) => async () => {
    ran.push(name);
    return name;
  };
  return {
    script,
    toolset: [
      { name: "Alpha", concurrent: true, run: run("Alpha") },
      { name: "Beta", run: run("Beta") },
    ],
    ...overrides,
    ran,
  };
}

/** What holds at the end of every run, whatever its parts did. */
function expectWhole({ events, durable, result }: Arena): void {
  expect(events.filter((event) => event.type === "run-end")).toHaveLength(1);
  expect(events.at(-1)?.type).toBe("run-end");
  for (const [index, event] of events.entries()) {
    expect(event.seq).toBe(index + 1);
    expect(JSON.parse(JSON.stringify(event))).toEqual(event);
  }
  expectPairs(result.messages);
  expect(foldSession(durable).messages).toEqual(result.messages);
}

function expectPairs(messages: readonly Message[]): void {
  const open: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      expect(open.shift()).toBe(message.call);
      continue;
    }
    expect(open).toEqual([]);
    if (message.role === "assistant") open.push(...toolCalls(message).map((call) => call.id));
  }
  expect(open).toEqual([]);
}

const outcomes = (arena: Arena): readonly ToolOutcome[] =>
  arena.result.messages.flatMap((message) => (message.role === "tool" ? [message.outcome] : []));

describe("fail closed: what cannot be understood denies", () => {
  test("a policy that decides garbage", async () => {
    for (const decision of garbage) {
      if (decision === null) continue; // no opinion
      const mine = parts({ policy: () => as<Decision>(decision), ask: async () => ({ type: "allow" }) });
      const arena = await play(mine);
      expectWhole(arena);
      expect(mine.ran).toEqual([]);
      expect(arena.result.end).toMatchObject({
        reason: "completed",
        denials: [{ by: "policy" }, { by: "policy" }, { by: "policy" }],
      });
    }
  });

  test("a hook whose verdict is garbage", async () => {
    for (const verdict of garbage) {
      if (verdict === null) continue; // nothing to say
      const mine = parts({ beforeTool: async () => as<BeforeToolVerdict>(verdict) });
      const arena = await play(mine);
      expectWhole(arena);
      expect(mine.ran).toEqual([]);
      expect(arena.result.end.denials.map((denial) => denial.by)).toEqual(["hook", "hook", "hook"]);
    }
  });

  test("an answer that is garbage", async () => {
    for (const answer of [...garbage, undefined]) {
      if (answer === garbage[7]) continue; // { type: "allow" } is whole
      const mine = parts({ policy: () => undefined, ask: async () => as<Answer>(answer) });
      const arena = await play(mine);
      expectWhole(arena);
      expect(mine.ran).toEqual([]);
      expect(arena.result.end.denials.map((denial) => denial.by)).toEqual(["nobody", "nobody", "nobody"]);
    }
  });

  test("a hook that rewrites while the run is cancelled denies nothing", async () => {
    const asked = gate();
    const { run } = start({
      script: [{ calls: [{ name: "Alpha" }] }],
      tools: {
        specs: [],
        prepare: async (call) => {
          const ready = await scriptedToolbox([{ name: "Alpha", run: async () => "ran" }]).prepare(call);
          if (call.input === "again") {
            asked.open();
            return new Promise(() => undefined);
          }
          return ready;
        },
      },
      beforeTool: async () => ({ type: "rewrite", input: "again" }),
    });
    await asked.promise;
    run.cancel();
    const { end, messages } = await run.result;
    expect(end).toMatchObject({ reason: "cancelled", denials: [] });
    expect(messages.at(-1)).toMatchObject({ outcome: { status: "cancelled" } });
  });
});

describe("law 1: every call is answered whatever the tools are", () => {
  test("a toolbox that prepares garbage", async () => {
    for (const preparation of [...garbage, undefined]) {
      const tools: Toolbox = { specs: [], prepare: async () => as<Preparation>(preparation) };
      const arena = await play({ script, tools });
      expectWhole(arena);
      expect(outcomes(arena)).toMatchObject(calls.map(() => ({ error: { code: "tool-broken" } })));
    }
  });

  test("a tool that returns garbage", async () => {
    for (const outcome of garbage) {
      if (typeof outcome === "string") continue; // a whole result of a scripted tool
      const run = async () => as<ToolOutcome>(outcome);
      const arena = await play({
        script,
        toolset: [
          { name: "Alpha", run },
          { name: "Beta", concurrent: true, run },
        ],
      });
      expectWhole(arena);
      expect(arena.result.end.reason).toBe("completed");
      expect(outcomes(arena)).toMatchObject(calls.map(() => ({ error: { code: "tool-broken" } })));
    }
  });

  test("law 6: details that JSON leaves out are left out, and the session is still saved", async () => {
    const lease = await newLease();
    const details = as<null>({ kept: 1, lost: undefined, verb: () => 1, when: new Date(0) });
    const run = async () => ({ status: "ok", content: [text("ok")], details }) as const;
    const arena = await play({
      script,
      toolset: [
        { name: "Alpha", run },
        { name: "Beta", run },
      ],
      lease,
    });
    expectWhole(arena);
    expect(outcomes(arena)[0]).toEqual({
      status: "ok",
      content: [text("ok")],
      details: { kept: 1, when: "1970-01-01T00:00:00.000Z" },
    });
    expect(arena.events.filter((event) => event.type === "notice")).toEqual([]);
  });

  test("effects that JSON cannot hold break the call, not the run", async () => {
    const effects = [as<{ type: "unknown"; detail: string }>({ type: "unknown", detail: 1n })];
    const mine = parts({ toolset: [{ name: "Alpha", effects, run: async () => "ran" }] });
    const arena = await play({ ...mine, script: [{ calls: [{ name: "Alpha" }] }, { text: "done" }] });
    expectWhole(arena);
    expect(outcomes(arena)).toMatchObject([{ error: { code: "tool-broken" } }]);
  });

  test("a nested call of garbage answers its tool and harms nothing", async () => {
    const seen: string[] = [];
    const run = async (
      _input: unknown,
      { invoke }: { invoke: (name: string, input: null) => Promise<ToolOutcome> },
    ) => {
      for (const [name, input] of [
        [undefined, undefined],
        [{}, 1n],
        ["Beta", cycle],
      ]) {
        seen.push((await invoke(as<string>(name), as<null>(input))).status);
      }
      invoke(as<string>(Symbol("x")), null).catch(() => undefined);
      return "over";
    };
    const arena = await play({
      script: [{ calls: [{ name: "Alpha" }] }, { text: "done" }],
      toolset: [
        { name: "Alpha", run },
        { name: "Beta", run: async () => "ok" },
      ],
    });
    expect(seen.slice(0, 2)).toEqual(["failed", "failed"]);
    expect(arena.result.end.reason).toBe("completed");
    expect(arena.events.filter((event) => event.type === "run-end")).toHaveLength(1);
  });

  test("a deferred call is answered when the run is cancelled before it ends", async () => {
    const { run } = start({
      script: [
        {
          calls: [
            { name: "Beta", input: 1 },
            { name: "Beta", input: 2 },
          ],
        },
      ],
      toolset: [{ name: "Beta", run: () => new Promise<string>(() => undefined) }],
      policy: ({ input }) => (input === 1 ? undefined : { type: "allow", reason: "yes" }),
      ask: async () => ({ type: "defer" }),
    });
    for await (const event of run) if (event.type === "tool-intent") run.cancel();
    const { end, messages } = await run.result;
    expect(end.reason).toBe("cancelled");
    expectPairs(messages);
  });
});

describe("a model that breaks its contract", () => {
  const reply = (change: object): AssistantMessage =>
    as({
      role: "assistant",
      model: { provider: "p", id: "m" },
      content: [{ type: "tool-call", id: "one", name: "Alpha", input: {} }],
      stop: { reason: "tool-calls" },
      usage: {},
      ...change,
    });
  const returning = (value: unknown): Model =>
    // biome-ignore lint/correctness/useYield: a generator that only returns
    async function* () {
      return as<AssistantMessage>(value);
    };

  test("law 3: a reply of garbage is model-broken and runs nothing", async () => {
    for (const value of [
      ...garbage,
      reply({ content: undefined }),
      reply({ content: [null] }),
      reply({ content: [{ type: "tool-call", id: 1, name: "Alpha", input: {} }] }),
      reply({ content: [{ type: "tool-call", id: "one", name: "Alpha" }] }),
      reply({ content: [{ type: "text" }] }),
      reply({ stop: { reason: "stop" } }),
      reply({ stop: { reason: "constructor" } }),
      reply({ stop: { reason: "error" } }),
      reply({ usage: { input: -1_000 } }),
      reply({ usage: { input: Number.NaN } }),
      reply({ usage: { output: "many" } }),
      reply({ model: undefined }),
      reply({ content: [{ type: "reasoning", text: "", replay: { data: 1n } }] }),
    ]) {
      const mine = parts({ model: returning(value), limits: { maxTurns: 2 } });
      const arena = await play(mine);
      expectWhole(arena);
      expect(mine.ran).toEqual([]);
      expect(arena.result.end).toMatchObject({ reason: "failed", error: { code: "model-broken" } });
    }
  });

  test("a model that is no async generator, or whose reply is no message, is told how to be one", async () => {
    const messageOf = async (model: Model): Promise<string> => {
      const { end } = (await play({ model })).result;
      return end.reason === "failed" ? end.error.message : end.reason;
    };
    const noGenerator = as<Model>(() => Promise.resolve(reply({})));
    expect(await messageOf(noGenerator)).toContain("async function*");
    expect(await messageOf(returning(reply({ content: "hello" })))).toContain("content: [parts]");
  });

  test("law 6: what JSON leaves out of a reply is left out, and the session is still saved", async () => {
    const content = [text("hello"), { ...text("you"), raw: undefined, verb: () => 1 }];
    const model = returning(reply({ content, stop: { reason: "end", raw: undefined } }));
    const arena = await play({ model, lease: await newLease() });
    expectWhole(arena);
    expect(arena.result).toMatchObject({ text: "helloyou", end: { reason: "completed" } });
    expect(arena.result.messages.at(-1)).toEqual(
      reply({ content: [text("hello"), text("you")], stop: { reason: "end" } }),
    );
    expect(arena.events.filter((event) => event.type === "notice")).toEqual([]);
  });

  test("call ids are made anew where they could not be a file's name", async () => {
    const part = (id: string) => ({ type: "tool-call", id, name: "Alpha", input: {} });
    const content = [part("../../etc/passwd"), part(""), part("fine")];
    let turn = 0;
    // biome-ignore lint/correctness/useYield: a generator that only returns
    const model: Model = async function* () {
      return ++turn === 1 ? reply({ content }) : reply({ content: [text("done")], stop: { reason: "end" } });
    };
    const arena = await play(parts({ model }));
    expectWhole(arena);
    const ids = arena.result.messages.flatMap((message) => (message.role === "tool" ? [message.call] : []));
    expect(ids).toHaveLength(3);
    expect(ids[2]).toBe("fine");
    for (const id of ids) expect(id).toMatch(/^[\w-]+$/);
  });

  test("a delta of garbage is model-broken, with what was said, and the stream is let go of", async () => {
    for (const delta of [
      ...garbage,
      { type: "text-delta", index: 0 },
      { type: "text-delta", index: "0", delta: "x" },
      { type: "text-delta", index: Number.POSITIVE_INFINITY, delta: "x" },
      { type: "retry" },
    ]) {
      let left = false;
      const model: Model = async function* () {
        try {
          yield { type: "text-delta", index: 4_000_000_000, delta: "so far" };
          yield as<ModelDelta>(delta);
          return reply({});
        } finally {
          left = true;
        }
      };
      const arena = await play({ model });
      expectWhole(arena);
      expect(arena.result).toMatchObject({
        text: "so far",
        end: { reason: "failed", error: { code: "model-broken" } },
      });
      expect(left).toBe(true);
    }
  });

  test("law 4: deltas that never end are no longer asked for after a cancel", async () => {
    let given = 0;
    const ended = gate();
    const model: Model = async function* () {
      try {
        for (;;) {
          given += 1;
          yield { type: "text-delta", index: 0, delta: "x" };
        }
      } finally {
        ended.open();
      }
    };
    const { run } = start({ model });
    for await (const event of run) if (event.type === "message-delta") run.cancel();
    await ended.promise;
    const { end, messages } = await run.result;
    const atEnd = given;
    await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBe(atEnd);
    expect(end.reason).toBe("cancelled");
    expect(messages.at(-1)).toMatchObject({ stop: { reason: "aborted" } });
  });

  test("one delta object, used again and again, is seen as it was", async () => {
    const delta = { type: "text-delta", index: 0, delta: "" } as const;
    const model: Model = async function* () {
      for (const word of ["a", "b", "c"]) yield Object.assign(delta, { delta: word });
      return reply({ content: [text("abc")], stop: { reason: "end" } });
    };
    const { events } = await play({ model });
    const said = events.map((event) =>
      event.type === "message-delta" && "delta" in event.delta ? event.delta.delta : "",
    );
    expect(said.join("")).toBe("abc");
  });

  test("a request that did not fit has no price that could be unknown", async () => {
    const fault = { code: "context-overflow", message: "too long", retryable: false } as const;
    const paid = { input: 1, output: 1, cost: 1 };
    const { result } = await play({
      script: [{ fault }, { calls: [{ name: "Alpha" }], usage: paid }, { text: "done", usage: paid }],
      toolset: [{ name: "Alpha", run: async () => "ok" }],
      session: foldSession((await play({ prompt: "y".repeat(500) })).durable),
      compact: async ({ cause }) =>
        cause === "overflow" ? { strategy: "drop", edits: [{ from: 0, to: 2, with: [] }] } : undefined,
      limits: { maxCost: 100 },
    });
    expect(result.end).toMatchObject({ reason: "completed", usage: { cost: 2 } });
  });
});

describe("compaction, inbox and steps that break", () => {
  test("law 9: a plan of garbage is refused and said so", async () => {
    const gone = { strategy: "x", edits: [{ from: 0, to: 1, with: [{ role: "user" }] }] };
    for (const plan of [...garbage, gone, { strategy: 1, edits: [] }, { strategy: "x" }]) {
      if (plan === null) continue;
      const arena = await play({ compact: async () => as<CompactionPlan>(plan) });
      expectWhole(arena);
      expect(arena.result.end.reason).toBe("completed");
      expect(arena.events.filter((event) => event.type === "notice")).toMatchObject([
        { code: "compaction-refused" },
      ]);
    }
    const arena = await play({ compact: as(() => undefined) });
    expect(arena.events.filter((event) => event.type === "notice")).toEqual([]);
  });

  test("law 9: a conversation of more messages than a call has arguments is compacted and folded", async () => {
    const session = foldSession();
    for (let seq = 1; seq <= 200_000; seq++) {
      const message: UserMessage = {
        role: "user",
        origin: seq === 1 ? "human" : "task",
        content: [text("x")],
      };
      session.apply({ seq, run: as("run"), at: 0, type: "message", message });
    }
    const edits = [{ from: 1, to: 2, with: [] }];
    session.apply({
      seq: 200_001,
      run: as("run"),
      at: 0,
      type: "compaction",
      strategy: "s",
      cause: "manual",
      edits,
      before: 2,
      after: 1,
    });
    expect(session.messages).toHaveLength(199_999);
  });

  test("an inbox that throws or holds garbage costs one notice and no message", async () => {
    for (const inbox of [
      () => {
        throw new Error("no mail today");
      },
      () => as<UserMessage[]>(5),
      () => [as<UserMessage>({ role: "user" })],
      () => [as<UserMessage>({ role: "assistant", content: [] })],
    ]) {
      const arena = await play({ ...parts(), inbox });
      expectWhole(arena);
      expect(arena.result.end.reason).toBe("completed");
      expect(arena.events.filter((event) => event.type === "notice")).toMatchObject([
        { code: "inbox-broken" },
      ]);
    }
  });

  test("law 2: a clock or ids that break cannot keep a run from its end", async () => {
    const throws = () => {
      throw new Error("no");
    };
    for (const broken of [
      { now: throws, id: throws, random: throws },
      { now: () => Number.NaN, id: () => "../same" },
      { now: () => as<number>("now"), id: () => as<string>(undefined) },
      { id: () => "same" },
    ]) {
      const steps = { ...inlineSteps(), ...broken };
      const ids = [
        { name: "Alpha", id: "x" },
        { name: "Alpha", id: "x" },
        { name: "Alpha", id: "x" },
      ];
      const arena = await play({ ...parts(), script: [{ calls: ids }, { text: "done" }], steps });
      expectWhole(arena);
      expect(arena.result.end.reason).toBe("completed");
      expect(outcomes(arena).map((outcome) => outcome.status)).toEqual(["ok", "ok", "ok"]);
    }
  });

  test("law 2: steps that throw or perform nothing", async () => {
    for (const step of [
      () => {
        throw new Error("the engine is away");
      },
      async () => undefined,
      () => 5,
    ]) {
      const arena = await play({ ...parts(), steps: { ...inlineSteps(), step: as(step) } });
      expectWhole(arena);
      expect(arena.result.end).toMatchObject({ reason: "failed", error: { code: "model-broken" } });
    }
    const wait = () => {
      throw new Error("the engine is away");
    };
    const arena = await play({ ...parts(), policy: () => undefined, steps: { ...inlineSteps(), wait } });
    expectWhole(arena);
    expect(arena.result.end.denials).toHaveLength(3);
  });

  test("a time limit longer than a timer can be is no limit of a millisecond", async () => {
    for (const maxDurationMs of [Number.POSITIVE_INFINITY, 2 ** 40]) {
      const slow = {
        name: "Slow",
        run: () => new Promise<string>((resolve) => setTimeout(resolve, 20, "ok")),
      };
      const { result } = await play({
        script: [{ calls: [{ name: "Slow" }] }, { text: "done" }],
        toolset: [slow],
        limits: { maxDurationMs },
      });
      expect(result.end.reason).toBe("completed");
    }
  });
});

describe("steering is taken or refused, never lost", () => {
  test("at every event of a run, whatever its end", async () => {
    for (const overrides of [
      parts(),
      { ...parts(), limits: { maxTurns: 1 } },
      { ...parts(), policy: () => undefined, ask: async () => ({ type: "defer" }) as const },
      { script: [{ text: "no", stop: "refusal" }] as const },
      { script: [{ fault: { code: "server", message: "down", retryable: false } }] as const },
    ]) {
      for (let at = 1; at <= 30; at++) {
        const { run, session } = start(overrides);
        let accepted = 0;
        let seen = 0;
        let cancels = 0;
        for await (const event of run) {
          if (++seen === at && run.steer("a word")) accepted += 1;
          if (seen === at + 4 && at % 3 === 0) cancels += event.seq > 0 ? 1 : 0;
          if (cancels === 1) run.cancel();
        }
        const { messages } = await run.result;
        const heard = messages.filter((message) => message.role === "user" && message.origin === "steer");
        expect(heard).toHaveLength(accepted);
        expect(run.steer("too late")).toBe(false);
        const resumed = await play({ session, script: () => ({ text: "resumed" }), policy: () => undefined });
        expectPairs(resumed.result.messages);
      }
    }
  });

  test("the prompt of a run that must wait for its permission again is kept behind the open call", async () => {
    const waiting = { policy: () => undefined, ask: async () => ({ type: "defer" }) as const };
    const first = await play({ ...parts(), script: [{ calls: [{ name: "Beta" }] }], ...waiting });
    const again = await play({ session: first.session, ...parts(), ...waiting, prompt: "and hurry" });
    expect(again.result.end.reason).toBe("awaiting-permission");
    const last = await play({
      session: again.session,
      ...parts(),
      script: [{ text: "done" }],
      prompt: "now",
    });
    expectPairs(last.result.messages);
    const said = last.result.messages.map((message) =>
      message.role === "user" ? plainText(message.content) : message.role,
    );
    expect(said).toEqual(["go", "assistant", "tool", "and hurry", "now", "assistant"]);
  });
});

describe("journals that break", () => {
  const lease = async (
    append: (real: Lease, ...args: Parameters<Lease["append"]>) => unknown,
  ): Promise<Lease> => {
    const real = await newLease();
    return { ...real, append: (events) => as<undefined>(append(real, events)) };
  };

  test("law 2: nothing is seen after the run-end, also when only its own record fails", async () => {
    for (const late of [false, true]) {
      const broken = await lease((real, events) => {
        if (events[0]?.type !== "run-end") return real.append(events);
        if (late) return Promise.reject(new Error("no space left"));
        throw new Error("no space left");
      });
      const arena = await play({ lease: broken });
      expectWhole(arena);
      expect(arena.result.end.reason).toBe("completed");
    }
  });

  test("appends that resolve late, and in any rhythm, keep the order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 40, maxLength: 40 }), async (delays) => {
        const written: number[] = [];
        const slow = await lease(async (_real, events) => {
          for (let turns = delays.pop() ?? 0; turns > 0; turns--)
            await new Promise((resolve) => setImmediate(resolve));
          written.push(...events.map((event) => event.seq));
        });
        const arena = await play({ ...parts(), lease: slow });
        expectWhole(arena);
        expect(written).toEqual(arena.durable.map((event) => event.seq));
      }),
      { numRuns: 25 },
    );
  });

  test("an append that rejects late costs one notice, and what returns no promise costs nothing", async () => {
    let count = 0;
    const rejecting = await lease(async (real, events) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (++count === 3) throw new Error("the disk is away");
      return real.append(events);
    });
    const arena = await play({ ...parts(), lease: rejecting });
    expectWhole(arena);
    expect(arena.events.filter((event) => event.type === "notice")).toHaveLength(1);
    expect(count).toBe(3);
    const odd = await play({ ...parts(), lease: await lease(() => 5) });
    expect(odd.events.filter((event) => event.type === "notice")).toEqual([]);
  });

  test("law 4: a journal that never answers is not waited for after a cancel", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const called = gate();
    const hanging = await lease((_real, events) => {
      if (!events.some(({ type }) => type === "tool-intent")) return undefined;
      called.open();
      return new Promise(() => undefined);
    });
    const mine = parts({ lease: hanging, script: [{ calls: [{ name: "Beta" }] }] });
    const { run } = start(mine);
    const seen: AgentEvent[] = [];
    const listening = (async () => {
      for await (const event of run) seen.push(event);
    })();
    await called.promise;
    run.cancel();
    await vi.advanceTimersByTimeAsync(5_000);
    await listening;
    const { end, messages } = await run.result;
    expect(end.reason).toBe("cancelled");
    expect(mine.ran).toEqual([]);
    expectPairs(messages);
    expect(seen.filter((event) => event.type === "notice")).toMatchObject([{ code: "journal-unwritable" }]);
    expect(seen.at(-1)?.type).toBe("run-end");
  });

  test("S5: a session that is lost in the middle of a call stops the run, and its tool is told", async () => {
    let told = false;
    let appended = 0;
    const taken = await lease((real, events) => {
      if (events[0]?.type === "permission-decision" && ++appended === 2) {
        throw Object.assign(new Error("x"), {
          name: "FaultError",
          fault: { code: "lease-lost", message: "Another writer has it." },
        });
      }
      return real.append(events);
    });
    const tool = {
      name: "Alpha",
      concurrent: true,
      run: (_input: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise<string>((resolve) => {
          signal.addEventListener("abort", () => {
            told = true;
            resolve("late");
          });
        }),
    };
    const arena = await play({
      script: [{ calls: [{ name: "Alpha" }, { name: "Alpha" }] }],
      toolset: [tool],
      lease: taken,
    });
    expect(arena.result.end).toMatchObject({ reason: "failed", error: { code: "lease-lost" } });
    expectPairs(arena.result.messages);
    expect(told).toBe(true);
  });

  test("law 8: a call is two writes: its decision together with its intent, and its outcome", async () => {
    const writes: string[][] = [];
    const counting = await lease((real, events) => {
      writes.push(events.map(({ type }) => type));
      return real.append(events);
    });
    await play(parts({ script: [{ calls: [{ name: "Alpha" }] }, { text: "done" }], lease: counting }));
    const call = writes.findIndex((types) => types.includes("permission-decision"));
    expect(writes.slice(call, call + 2)).toEqual([["permission-decision", "tool-intent"], ["message"]]);
  });

  test("law 8: a call whose decision could not be written together with its intent is no less recorded for listeners", async () => {
    const broken = await lease((real, events) => {
      if (events.some(({ type }) => type === "tool-intent")) throw new Error("no space left");
      return real.append(events);
    });
    const script = [{ calls: [{ name: "Alpha" }] }, { text: "done" }];
    const arena = await play(parts({ script, lease: broken }));
    const types = arena.events.map(({ type }) => type);
    expect(types.indexOf("tool-intent")).toBe(types.indexOf("permission-decision") + 1);
    expect(arena.events.filter((event) => event.type === "notice")).toMatchObject([
      { code: "journal-unwritable" },
    ]);
  });

  test("law 5: a journal that lost any one record can be resumed, and its pairs are whole", async () => {
    const first = await play(parts());
    const second = await play({ ...parts(), session: foldSession(first.durable) });
    const journal = [...first.durable, ...second.durable];
    for (const missing of journal.keys()) {
      const session = foldSession(journal.filter((_, index) => index !== missing));
      const scripted = scriptedModel([{ text: "resumed" }]);
      const { result } = await play({ session, model: scripted.model });
      expect(result.end.reason).toBe("completed");
      expectPairs(scripted.requests[0]?.messages ?? []);
    }
  });
});

describe("listeners and signals", () => {
  test("law 11: leaving a listener that waits cancels at once, not with the next event", async () => {
    const running = gate();
    const tool = {
      name: "Beta",
      run: () => {
        running.open();
        return new Promise<string>(() => undefined);
      },
    };
    const { run } = start({ script: [{ calls: [{ name: "Beta" }] }], toolset: [tool] });
    const listener = run[Symbol.asyncIterator]();
    const draining = (async () => {
      while (!(await listener.next()).done);
    })();
    await running.promise;
    await new Promise((resolve) => setImmediate(resolve));
    await listener.return?.();
    await draining;
    expect((await run.result).end.reason).toBe("cancelled");
  });

  test("law 11: leaving before the first event cancels, too", async () => {
    const { run } = start({ script: [{ text: "x", misbehave: "hang" }] });
    await run[Symbol.asyncIterator]().return?.();
    expect((await run.result).end.reason).toBe("cancelled");
  });

  test("law 12: a listener that is let go does not take the run with it", async () => {
    const go = gate();
    const message: UserMessage = { role: "user", origin: "task", content: [text("x")] };
    let asked = 0;
    const { run } = start({
      script: [{ calls: [{ name: "Beta" }] }, { text: "done" }],
      toolset: [{ name: "Beta", run: () => go.promise.then(() => "ok") }],
      inbox: () => (++asked === 1 ? new Array<UserMessage>(100_100).fill(message) : []),
    });
    const all = (async () => {
      for await (const event of run.observe()) if (event.type === "tool-intent") return;
    })();
    await all;
    const slow = run[Symbol.asyncIterator]();
    await expect(slow.next()).rejects.toThrow("fell too far behind");
    expect(await slow.next()).toMatchObject({ done: true });
    go.open();
    expect((await run.result).end.reason).toBe("completed");
  });

  test("events are given to concurrent readers of one listener once each, in order", async () => {
    const { run } = start();
    const listener = run[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 12 }, () => listener.next()));
    const seqs = results.flatMap((result) => (result.done ? [] : [result.value.seq]));
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(results.at(-1)?.done).toBe(true);
  });

  test("a signal that many runs share carries one listener, and holds none of them when they are over", async () => {
    const controller = new AbortController();
    const add = vi.spyOn(controller.signal, "addEventListener");
    const held: WeakRef<AbortSignal>[] = [];
    for (let count = 0; count < 200; count++) {
      const scripted = scriptedModel([{ text: "hello" }]);
      const model: Model = (request, signal) => {
        held.push(new WeakRef(signal));
        return scripted.model(request, signal);
      };
      await start({ model, signal: controller.signal }).run.result;
    }
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(add).toHaveBeenCalledTimes(1);
    expect(held).toHaveLength(200);
    expect(held.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(20);
  });

  test("a time limit comes though nothing else holds it", async () => {
    const { signal: parent } = new AbortController();
    const over = new Promise<unknown>((resolve) => {
      const { signal } = timeLimit(20, parent);
      signal.addEventListener("abort", () => resolve(signal.reason));
    });
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(await over).toMatchObject({ name: "TimeoutError" });
  });

  test("a time limit is its parent's too, waits as long as it is told, and never comes once it is disposed of", () => {
    vi.useFakeTimers();
    const parent = new AbortController();
    using endless = timeLimit(Number.POSITIVE_INFINITY, parent.signal);
    const disposed = timeLimit(10, parent.signal);
    disposed[Symbol.dispose]();
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    expect(endless.signal.aborted).toBe(false);
    parent.abort("enough");
    expect(endless.signal.reason).toBe("enough");
    expect(disposed.signal.aborted).toBe(false);
  });

  test("one who waits for a signal and throws keeps nobody else waiting", () => {
    const controller = new AbortController();
    const told: string[] = [];
    const thrown: (() => void)[] = [];
    vi.stubGlobal("queueMicrotask", (task: () => void) => thrown.push(task));
    onAbort(controller.signal, () => {
      throw new Error("a bug");
    });
    onAbort(controller.signal, () => told.push("second"));
    controller.abort();
    vi.unstubAllGlobals();
    expect(told).toEqual(["second"]);
    expect(() => thrown[0]?.()).toThrow("a bug");
  });
});
