import { type DurableEvent, foldSession, type JsonValue, text } from "@claw/agent-core";
import type { ScriptedTool } from "@claw/agent-core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { play } from "./arena.ts";

const write = [{ type: "write", path: "/work/a" }] as const;

/** The journal of a run that a crash cut off right behind the first event of a type. */
async function cutAfter(type: DurableEvent["type"], tool: ScriptedTool): Promise<readonly DurableEvent[]> {
  const { durable } = await play({
    script: [{ calls: [{ name: tool.name }] }, { text: "ok" }],
    toolset: [tool],
  });
  return durable.slice(0, durable.findIndex((event) => event.type === type) + 1);
}

function tool(conduct: Partial<ScriptedTool> = {}): ScriptedTool {
  return { name: "Act", effects: write, run: async () => "acted", ...conduct };
}

const goOn = { script: [{ text: "done" }], prompt: "go on" };

describe("rank 20: a call that had begun when the session was cut off", () => {
  test.each(["pure", "idempotent"] as const)(
    "of class %s is run again under the same key",
    async (effectClass) => {
      const keys: string[] = [];
      const repeatable = tool({
        effectClass,
        run: async (_input, { idempotencyKey }) => `run ${keys.push(idempotencyKey)}`,
      });
      const session = foldSession(await cutAfter("tool-intent", repeatable));
      const { result } = await play({ session, toolset: [repeatable], ...goOn });
      expect(result.messages[2]).toMatchObject({ role: "tool", outcome: { status: "ok" } });
      expect(result.end.parked).toEqual([]);
      expect(keys).toHaveLength(2);
      expect(new Set(keys).size).toBe(1);
    },
  );

  test.each(["reversible", "unknown"] as const)(
    "of class %s is parked: not run, and told",
    async (effectClass) => {
      let runs = 0;
      const once = tool({ effectClass, run: async () => `run ${++runs}` });
      const session = foldSession(await cutAfter("tool-intent", once));
      const { result, events } = await play({ session, toolset: [once], ...goOn });
      expect(runs).toBe(1);
      expect(result.messages[2]).toMatchObject({
        outcome: { status: "failed", error: { code: "outcome-unknown" } },
      });
      expect(result.end.parked).toEqual([{ call: expect.any(String), tool: "Act" }]);
      expect(events.map((event) => event.type)).not.toContain("tool-start");
    },
  );

  test("is looked up by its tool, which is given what the call had planned", async () => {
    const planned: unknown[] = [];
    const careful = tool({
      run: async (_input, context) => {
        await context.plan({ version: 7 });
        return "acted";
      },
      reconcile: async (trace) => {
        planned.push(trace.plan, trace.cwd, trace.idempotencyKey);
        return { type: "done", outcome: { status: "ok", content: [text("it was done")] } };
      },
    });
    const journal = await cutAfter("tool-plan", careful);
    const intent = journal.find((event) => event.type === "tool-intent");
    const { result } = await play({ session: foldSession(journal), toolset: [careful], ...goOn });
    expect(planned).toEqual([{ version: 7 }, "/work", intent?.idempotencyKey]);
    expect(result.messages[2]).toMatchObject({
      outcome: { status: "ok", content: [{ text: "it was done" }] },
    });
    expect(result.end.parked).toEqual([]);
  });

  test("is run when its tool finds that nothing was done", async () => {
    let runs = 0;
    const absent = tool({ run: async () => `run ${++runs}`, reconcile: async () => ({ type: "not-done" }) });
    const session = foldSession(await cutAfter("tool-intent", absent));
    const { result } = await play({ session, toolset: [absent], ...goOn });
    expect(result.messages[2]).toMatchObject({ outcome: { status: "ok", content: [{ text: "run 2" }] } });
  });

  test.each<[string, ScriptedTool["reconcile"]]>([
    ["does not know", async () => ({ type: "unknown" })],
    ["throws", () => Promise.reject(new Error("no"))],
    ["answers nonsense", async () => JSON.parse('{"type":"perhaps"}')],
  ])("is parked when its tool %s", async (_how, reconcile) => {
    let runs = 0;
    const unsure = tool({
      run: async () => `run ${++runs}`,
      ...(reconcile === undefined ? {} : { reconcile }),
    });
    const session = foldSession(await cutAfter("tool-intent", unsure));
    const { result } = await play({ session, toolset: [unsure], ...goOn });
    expect(runs).toBe(1);
    expect(result.end.parked).toHaveLength(1);
  });

  test("is parked when it is not permitted any more, and nothing is looked up", async () => {
    let looked = 0;
    const forbidden = tool({
      reconcile: async () => ({ type: ++looked > 0 ? "not-done" : "unknown" }),
    });
    const session = foldSession(await cutAfter("tool-intent", forbidden));
    const { result } = await play({
      session,
      toolset: [forbidden],
      policy: () => ({ type: "deny", reason: "not any more" }),
      ...goOn,
    });
    expect(looked).toBe(0);
    expect(result.end.parked).toHaveLength(1);
  });

  test("is parked when its tool is gone", async () => {
    const session = foldSession(await cutAfter("tool-intent", tool({ effectClass: "pure" })));
    const { result } = await play({ session, toolset: [], ...goOn });
    expect(result.end.parked).toHaveLength(1);
  });

  test("names what it had begun inside of it", async () => {
    const inner: ScriptedTool = { name: "Inner", effects: write, run: async () => "in" };
    const outer: ScriptedTool = {
      name: "Outer",
      run: async (_input, context) => (await context.invoke("Inner", {})).status,
    };
    const { durable } = await play({
      script: [{ calls: [{ name: "Outer" }] }, { text: "ok" }],
      toolset: [outer, inner],
    });
    const begun = durable.findIndex((event) => event.type === "tool-intent" && event.tool === "Inner");
    const session = foldSession(durable.slice(0, begun + 1));
    const { result } = await play({ session, toolset: [outer, inner], ...goOn });
    expect(result.messages[2]).toMatchObject({
      outcome: { content: [{}, { text: expect.stringContaining("Inner") }] },
    });
  });
});

describe("a call that had not begun when the session was cut off", () => {
  test("is run when the session goes on without a new prompt", async () => {
    const session = foldSession(await cutAfter("permission-decision", tool()));
    const { result } = await play({ session, toolset: [tool()], script: [{ text: "done" }], prompt: [] });
    expect(result.messages[2]).toMatchObject({ outcome: { status: "ok", content: [{ text: "acted" }] } });
  });

  test("is not run when the human says something new", async () => {
    let runs = 0;
    const counted = tool({ run: async () => `run ${++runs}` });
    const session = foldSession(await cutAfter("permission-decision", counted));
    const { result } = await play({ session, toolset: [counted], ...goOn });
    expect(result.messages[2]).toMatchObject({ outcome: { status: "cancelled" } });
    expect(runs).toBe(1);
  });
});

test("a tool that says itself that it does not know is listed as parked", async () => {
  const lost = tool({
    run: async () => ({
      status: "failed",
      content: [text("the line broke")],
      error: { code: "outcome-unknown", message: "the line broke" },
    }),
  });
  const { result } = await play({ script: [{ calls: [{ name: "Act" }] }, { text: "ok" }], toolset: [lost] });
  expect(result.end.parked).toHaveLength(1);
});

test("keys are of one run: two sessions with the same call ids share none", async () => {
  const keys: string[] = [];
  const act = tool({ run: async (_input, { idempotencyKey }) => `run ${keys.push(idempotencyKey)}` });
  let run = 0;
  for (const _session of [1, 2]) {
    await play({
      script: [{ calls: [{ name: "Act", id: "call-1" }] }, { text: "ok" }],
      toolset: [act],
      steps: {
        step: (_key, perform, _options, signal) => perform(signal),
        wait: (_topic, ask, signal) => ask(signal),
        now: () => 0,
        id: () => `fresh-${++run}`,
        random: () => 0,
      },
    });
  }
  expect(new Set(keys).size).toBe(2);
});

/** A world of side effects that counts, seen through a run that dies at every record of its journal. */
test("rank 20, law 5: cut at every record and resumed, nothing happens twice and nothing that ended is lost", async () => {
  const kind = fc.constantFrom("pure", "idempotent", "unknown", "looked-up");
  await fc.assert(
    fc.asyncProperty(
      fc.array(kind, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (kinds, together) => {
        const replies = together
          ? [{ calls: kinds.map((name, index) => ({ name, input: index })) }]
          : kinds.map((name, index) => ({ calls: [{ name, input: index }] }));
        const script = [...replies, { text: "done" }];
        const whole = await play({ script, toolset: worldOf(new Map()) });
        for (let length = 1; length < whole.durable.length; length++) {
          const done = new Map<JsonValue, number>();
          const before = whole.durable.slice(0, length);
          const ended = before.filter((event) => event.type === "message" && event.message.role === "tool");
          for (const event of before) {
            // The effect of a call may have happened as soon as its intent stands there; here it has.
            if (event.type === "tool-intent") count(done, inputOf(before, event.call));
          }
          const session = foldSession(before);
          const { result } = await play({
            session,
            toolset: worldOf(done),
            script: (request) => {
              const replied = request.messages.filter((message) => message.role === "assistant").length;
              return script[replied] ?? { text: "done" };
            },
            prompt: length === 1 ? "go" : [],
          });
          expect(result.end.reason).toBe("completed");
          for (const [index, name] of kinds.entries()) {
            const times = done.get(index) ?? 0;
            if (name === "unknown" || name === "looked-up") expect(times).toBeLessThanOrEqual(1);
            else expect(times).toBeGreaterThanOrEqual(1);
          }
          const answers = result.messages.filter((message) => message.role === "tool");
          for (const event of ended) expect(answers).toContainEqual(Reflect.get(event, "message"));
          const unknown = answers.filter(
            ({ outcome }) => outcome.status === "failed" && outcome.error.code === "outcome-unknown",
          );
          expect(result.end.parked.map(({ call }) => call)).toEqual(unknown.map(({ call }) => call));
        }
      },
    ),
    { numRuns: 40 },
  );
});

function worldOf(done: Map<JsonValue, number>): readonly ScriptedTool[] {
  const act = async (input: JsonValue): Promise<string> => `done ${count(done, input)}`;
  return [
    { name: "pure", effectClass: "pure", run: act },
    { name: "idempotent", effects: write, effectClass: "idempotent", run: act },
    { name: "unknown", effects: write, run: act },
    {
      name: "looked-up",
      effects: write,
      run: act,
      reconcile: async () => ({ type: "done", outcome: { status: "ok", content: [text("looked up")] } }),
    },
  ];
}

function count(done: Map<JsonValue, number>, input: JsonValue): number {
  const times = (done.get(input) ?? 0) + 1;
  done.set(input, times);
  return times;
}

function inputOf(events: readonly DurableEvent[], call: string): JsonValue {
  for (const event of events) {
    if (event.type !== "message" || event.message.role !== "assistant") continue;
    for (const part of event.message.content) {
      if (part.type === "tool-call" && part.id === call) return part.input;
    }
  }
  throw new Error(`no call ${call}`);
}
