import {
  type AgentEvent,
  type AssistantMessage,
  answerText,
  checkPlan,
  type DurableEvent,
  foldSession,
  isDurable,
  type Message,
  type Model,
  type ModelFault,
  type ModelRequest,
  maxContinuations,
  plainText,
  type RunEnd,
  softBacklog,
  text,
  toolCallId,
  toolCalls,
} from "@claw/agent-core";
import { type ScriptedReply, type ScriptedTool, scriptedModel } from "@claw/agent-core/testing";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Arena, gate, newLease, play, start } from "./arena.ts";

/** What a random world does at each of its seams. */
interface World {
  readonly replies: readonly ScriptedReply[];
  readonly tools: Readonly<Record<string, ToolConduct>>;
  readonly policy: Conduct;
  readonly ask: Conduct;
  readonly hook: Conduct | "rewrite" | "none";
  readonly cancelAfter: number;
  readonly steerAfter: number;
}
type Conduct = "allow" | "deny" | "ask" | "throw" | "hang" | "defer";
type ToolConduct = "ok" | "fail" | "throw" | "hang" | "late" | "nested" | "read";

const toolNames = ["Alpha", "Beta", "Gamma"];
const call = fc.record({
  name: fc.constantFrom(...toolNames, "Unknown", "__proto__"),
  input: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
  id: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
});
const usually = <T>(common: T, ...rare: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(common) }, { weight: 2, arbitrary: fc.constantFrom(...rare) });
const passing: ModelFault = { code: "interrupted", message: "The answer broke off.", retryable: true };
const lasting: ModelFault = { code: "bad-response", message: "That is no answer.", retryable: false };
const ending = usually<Partial<ScriptedReply>>(
  {},
  ...([{ stop: "length" }, { stop: "refusal" }, { fault: passing }, { fault: lasting }] as const),
  ...([{ misbehave: "throw" }, { misbehave: "hang" }] as const),
);
const words: fc.Arbitrary<ScriptedReply> = fc.record(
  {
    text: fc.string(),
    reasoning: fc.string(),
    calls: fc.array(call, { maxLength: 4 }),
    usage: fc.record({ input: fc.nat(100), output: fc.nat(100) }, { requiredKeys: [] }),
  },
  { requiredKeys: ["text", "calls"] },
);
const reply = fc.tuple(words, ending).map(([said, end]): ScriptedReply => ({ ...said, ...end }));
const conduct = usually<Conduct>("allow", "deny", "ask", "throw", "hang", "defer");
const world: fc.Arbitrary<World> = fc.record({
  replies: fc.array(reply, { minLength: 1, maxLength: 6 }),
  tools: fc.record(
    Object.fromEntries(
      toolNames.map((name) => [
        name,
        usually<ToolConduct>("ok", "fail", "throw", "hang", "late", "nested", "read"),
      ]),
    ),
  ),
  policy: conduct,
  ask: conduct,
  hook: usually<World["hook"]>("none", "allow", "deny", "ask", "throw", "hang", "rewrite"),
  cancelAfter: fc.nat(60),
  steerAfter: fc.nat(60),
});

const never = (): Promise<never> => new Promise(() => undefined);

interface Played extends Arena {
  /** Effects as they happened, in order: which call, under which parent. */
  readonly effects: readonly string[];
  /** How many events had been seen when cancel was called. */
  readonly cancelledAt: number | undefined;
}

/** Plays a world. A world that hangs is cancelled when nothing has happened for a while of turns of the event loop. */
async function playWorld(world: World): Promise<Played> {
  const effects: string[] = [];
  const perform =
    (name: string): ScriptedTool["run"] =>
    async (_input, context) => {
      effects.push(context.call);
      switch (world.tools[name]) {
        case "fail":
          return { status: "failed", content: [text("no")], error: { code: "tool-failed", message: "no" } };
        case "throw":
          throw new Error("the tool throws");
        case "hang":
          return never();
        case "late":
          setImmediate(() => context.progress("too late"));
          return "late";
        case "nested": {
          const inner = await context.invoke("Gamma", { nested: true });
          return `inner ${inner.status}`;
        }
        default:
          return "fine";
      }
    };
  const decide = (conduct: Conduct) => {
    switch (conduct) {
      case "deny":
        return { type: "deny", reason: "no" } as const;
      case "ask":
      case "defer":
        return { type: "ask", reason: "perhaps" } as const;
      case "throw":
        throw new Error("the policy throws");
      case "hang":
        return never();
      case "allow":
        return { type: "allow", reason: "yes" } as const;
    }
  };
  const { run, session } = start({
    script: world.replies,
    toolset: toolNames.map((name) => ({
      name,
      effects: [{ type: "unknown", detail: name }],
      concurrent: world.tools[name] === "read",
      run: perform(name),
    })),
    policy: () => decide(world.policy),
    ask: async () => {
      if (world.ask === "throw") throw new Error("the terminal is gone");
      if (world.ask === "hang") return never();
      if (world.ask === "defer") return { type: "defer" };
      return world.ask === "allow" ? { type: "allow" } : { type: "deny", by: "user" };
    },
    ...(world.hook === "none"
      ? {}
      : {
          beforeTool: async () => {
            if (world.hook === "throw") throw new Error("the hook throws");
            if (world.hook === "hang") return never();
            if (world.hook === "rewrite") return { type: "rewrite", input: { rewritten: true } } as const;
            if (world.hook === "deny" || world.hook === "ask")
              return { type: world.hook, reason: "hook" } as const;
            return undefined;
          },
        }),
    limits: { maxTurns: 8 },
  });
  const events: AgentEvent[] = [];
  let cancelledAt: number | undefined;
  let idle = 0;
  const watch = setInterval(() => {
    idle += 1;
    if (idle < 3 || cancelledAt !== undefined) return;
    cancelledAt = events.length;
    run.cancel("nothing happens");
  }, 1);
  for await (const event of run) {
    events.push(event);
    idle = 0;
    if (events.length === world.steerAfter) run.steer("by the way");
    if (events.length === world.cancelAfter) {
      cancelledAt = events.length;
      run.cancel("the test cancels");
    }
  }
  clearInterval(watch);
  const result = await run.result;
  const durable = events.filter((event) => foldable.has(event.type));
  return { events, durable: durable as Played["durable"], result, session, effects, cancelledAt };
}

const foldable = new Set([
  "run-start",
  "message",
  "tool-intent",
  "permission-decision",
  "compaction",
  "checkpoint",
  "rewind",
  "task",
  "run-end",
]);

/** Checks a promise over many random worlds. */
function holds(check: (played: Played, world: World) => void | Promise<void>, runs = 150): Promise<void> {
  return fc.assert(
    fc.asyncProperty(world, async (each) => {
      await check(await playWorld(each), each);
    }),
    { numRuns: runs },
  );
}

const rejections: unknown[] = [];
const note = (error: unknown): void => {
  rejections.push(error);
};
beforeEach(() => {
  rejections.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  expect(rejections).toEqual([]);
});

function answersInOrder(messages: readonly Message[], end: RunEnd): void {
  for (const [index, message] of messages.entries()) {
    if (message.role !== "assistant") continue;
    const asked = toolCalls(message).map((each) => each.id);
    const following: string[] = [];
    for (const next of messages.slice(index + 1)) {
      if (next.role !== "tool") break;
      following.push(next.call);
    }
    // What was steered while the last reply waits stands behind it; its answers go before that when they come.
    const waits = messages.slice(index + 1 + following.length).every((later) => later.role === "user");
    if (end.reason === "awaiting-permission" && waits) {
      expect(asked.filter((id) => following.includes(id))).toEqual(following);
    } else {
      expect(following).toEqual(asked);
    }
  }
}

describe("loop laws over random worlds", () => {
  test("law 1: every call of a reply gets exactly one tool message, in call order", () =>
    holds(({ result }) => answersInOrder(result.messages, result.end)));

  test("law 2: run-end comes once and last, and the result settles", () =>
    holds(({ events, result }) => {
      const ends = events.filter((event) => event.type === "run-end");
      expect(ends).toHaveLength(1);
      expect(events.at(-1)?.type).toBe("run-end");
      expect(ends[0]).toMatchObject({ reason: result.end.reason });
    }));

  test("law 3: a reply that was cut off, by its length or by a fault, runs no tool", () =>
    holds(({ events }) => {
      const cut = new Set<string>();
      for (const event of events) {
        if (event.type === "message" && event.message.role === "assistant" && !endedByItself(event.message)) {
          for (const each of toolCalls(event.message)) cut.add(each.id);
        }
        if (event.type === "tool-intent") expect(cut.has(event.call)).toBe(false);
      }
    }));

  test("law 4: nothing starts after cancel, and cancel settles whoever ignores it", () =>
    holds(({ events, cancelledAt, effects }) => {
      if (cancelledAt === undefined) return;
      const before = events.slice(0, cancelledAt);
      const intents = events.filter((event) => event.type === "tool-intent");
      expect(effects.length).toBeLessThanOrEqual(intents.length);
      const requests = events.slice(cancelledAt).filter((event) => event.type === "turn-start");
      // What was already on its way to the listener when it cancelled may still be seen; no more than that.
      expect(requests.length).toBeLessThanOrEqual(before.length === 0 ? 0 : 1);
    }));

  test("law 5: folding the durable events gives the messages of the result", () =>
    holds(({ durable, result }) => {
      expect(foldSession(durable).messages).toEqual(result.messages);
    }));

  test("law 5: every prefix of the journal is a valid resume point", () =>
    holds(async ({ durable }) => {
      for (let length = 0; length <= durable.length; length++) {
        const session = foldSession(durable.slice(0, length));
        const { result } = await play({ session, script: () => ({ text: "resumed" }), prompt: "go on" });
        expect(result.end.reason).toBe("completed");
        answersInOrder(result.messages, result.end);
      }
    }, 25));

  test("law 6: every event survives a JSON round trip", () =>
    holds(({ events }) => {
      for (const event of events) expect(JSON.parse(JSON.stringify(event))).toEqual(event);
    }));

  test("law 7: seq is gapless, and parent names an open call", () =>
    holds(({ events }) => {
      const open = new Set<string>();
      for (const [index, event] of events.entries()) {
        expect(event.seq).toBe(index + 1);
        if (event.parent !== undefined) expect(open.has(event.parent)).toBe(true);
        if (event.type === "tool-start") open.add(event.call);
        if (event.type === "tool-end") open.delete(event.call);
      }
    }));

  test("law 8: no effect without a decision in the journal, nested calls included", () =>
    holds(({ durable, effects }) => {
      const allowed = new Set<string>();
      const intended = new Set<string>();
      for (const event of durable) {
        if (event.type === "permission-decision" && event.decision === "allow") allowed.add(event.call);
        if (event.type === "tool-intent") {
          expect(allowed.has(event.call)).toBe(true);
          intended.add(event.call);
        }
      }
      for (const each of effects) expect(intended.has(each)).toBe(true);
    }));
});

/** Scripts of replies that are cut off again and again, with and without anything said. */
const cutScript = fc.array(
  fc.record({
    text: fc.constantFrom("", " ", "one ", "two "),
    reasoning: fc.constantFrom("", "hm"),
    calls: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(call, { maxLength: 2 })),
    end: fc.constantFrom("interrupted", "length", "lasting", "whole"),
  }),
  { minLength: 12, maxLength: 12 },
);
const endings = {
  interrupted: { fault: passing },
  length: { stop: "length" },
  lasting: { fault: lasting },
  whole: {},
} as const satisfies Record<string, Partial<ScriptedReply>>;

function endedByItself({ stop }: AssistantMessage): boolean {
  return stop.reason === "end" || stop.reason === "tool-calls";
}

/** Cancels at the first notice, if it is told to. */
async function playCut(
  script: readonly ScriptedReply[],
  cancel = false,
): Promise<Arena & { requests: readonly ModelRequest[] }> {
  const scripted = scriptedModel(script);
  const toolset = toolNames.map((name) => ({ name, run: async () => "ok" }));
  const { run, session } = start({ model: scripted.model, ref: scripted.ref, toolset });
  const events: AgentEvent[] = [];
  for await (const event of run) {
    events.push(event);
    if (cancel && event.type === "notice") run.cancel();
  }
  const durable = events.filter((event) => foldable.has(event.type)) as DurableEvent[]; // the same list
  return { events, durable, session, result: await run.result, requests: scripted.requests };
}

describe("replies that are cut off", () => {
  const scripts = cutScript.map((replies) =>
    replies.map(({ end, ...said }): ScriptedReply => ({ ...said, ...endings[end] })),
  );

  test("law 3, L4: each request after a cut reply holds what was said, then asks to go on: nothing is said twice", () =>
    fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const { requests, result } = await playCut(script);
        for (const [index, request] of requests.entries()) {
          const before = script[index - 1];
          const cut = before?.stop === "length" || before?.fault !== undefined;
          if (before === undefined || !cut) continue;
          const asked = before.calls?.length ?? 0;
          const last = request.messages.at(-1);
          if (asked > 0) expect(last).toMatchObject({ role: "tool" });
          else expect(last).toMatchObject({ role: "user", origin: "runtime" });
          const partial = request.messages.at(-1 - Math.max(1, asked));
          if (asked > 0 || before.text?.trim()) {
            expect(partial).toMatchObject({
              role: "assistant",
              stop: { reason: before.fault ? "error" : "length" },
            });
            expect(plainText(partial?.role === "assistant" ? partial.content : [])).toBe(before.text);
          }
        }
        const held = JSON.stringify(requests.at(-1)?.messages ?? []);
        for (const request of requests) {
          expect(held.startsWith(JSON.stringify(request.messages).slice(0, -1))).toBe(true);
        }
        answersInOrder(result.messages, result.end);
      }),
    ));

  test("law 2, L4: it is bounded, ends with the fault itself, and goes on for no lasting fault", () =>
    fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const { requests, result } = await playCut(script);
        let inARow = 0;
        for (const reply of script.slice(0, requests.length)) {
          const cut = reply.stop === "length" || reply.fault !== undefined;
          if (cut) inARow += 1;
          else if (reply.text?.trim() || reply.calls?.length) inARow = 0;
          expect(inARow).toBeLessThanOrEqual(maxContinuations.length + 1);
        }
        const last = script[requests.length - 1];
        expect(script.slice(0, requests.length - 1)).not.toContainEqual(
          expect.objectContaining({ fault: lasting }),
        );
        if (last?.fault) expect(result.end).toMatchObject({ reason: "failed", error: last.fault });
      }),
    ));

  test("L4: a reply that is cut off by a fault is gone on with twice in a row, and said each time", async () => {
    const script = () => ({ text: "more ", fault: passing });
    const { result, events } = await play({ script });
    expect(result.end).toMatchObject({
      reason: "failed",
      error: passing,
      turns: 1 + maxContinuations.interrupted,
    });
    expect(events.filter((event) => event.type === "notice")).toEqual(
      Array(maxContinuations.interrupted).fill(
        expect.objectContaining({ level: "warning", code: "reply-interrupted" }),
      ),
    );
    expect(result.text).toBe("more more more ");
  });

  test("law 5: the answer is what was said before the cut and after it, also by the fold, and for this prompt alone", async () => {
    const first = await play({ script: [{ text: "old" }] });
    const script = [
      { text: "one ", fault: passing },
      { text: "two ", stop: "length" as const },
      { text: "three" },
    ];
    const { result, session } = await play({ session: first.session, script });
    expect(result).toMatchObject({ end: { reason: "completed" }, text: "one two three" });
    expect(answerText(session.messages)).toBe("one two three");
    const failed = await play({ session, script: [{ fault: lasting }] });
    expect(failed.result.text).toBe("");
  });

  test("law 4: nothing is gone on with after cancel", async () => {
    const { requests, result } = await playCut([{ text: "one ", fault: passing }, { text: "two" }], true);
    expect(requests).toHaveLength(1);
    expect(result).toMatchObject({ end: { reason: "cancelled" }, text: "one " });
  });

  test("W4, stream_cut_in_tool_json: a half call is kept, answered as not run, and may be made again", async () => {
    const half = { name: "Alpha", input: '{"a', malformed: "It is cut off." };
    let runs = 0;
    const { result } = await play({
      script: [
        { text: "Look:", calls: [half], fault: passing },
        { calls: [{ name: "Alpha" }] },
        { text: "done" },
      ],
      toolset: [{ name: "Alpha", run: async () => `${++runs}` }],
    });
    expect(runs).toBe(1);
    expect(result).toMatchObject({ end: { reason: "completed" }, text: "done" });
    expect(
      result.messages.filter((message) => message.role === "tool").map(({ outcome }) => outcome),
    ).toMatchObject([
      { status: "cancelled", content: [{ text: expect.stringContaining("Not run") }] },
      { status: "ok" },
    ]);
  });

  test("L11: thoughts alone that are cut off are no answer: it is asked again, within the bound", async () => {
    const { result } = await play({ script: [{ reasoning: "hm", fault: passing }, { text: "yes" }] });
    expect(result).toMatchObject({ end: { reason: "completed" }, text: "yes" });
    const endless = await play({ script: () => ({ reasoning: "hm", fault: passing }) });
    expect(endless.result.end).toMatchObject({ error: passing, turns: 1 + maxContinuations.interrupted });
  });

  test("L4: a fault before anything was said is not gone on with: that was the provider's to try again", async () => {
    const { result } = await play({ script: [{ fault: passing }, { text: "never" }] });
    expect(result.end).toMatchObject({ reason: "failed", error: passing, turns: 1 });
  });
});

describe("loop laws, one by one", () => {
  test("law 1: a model that reuses a call id still gets one answer for each call", async () => {
    const twice = [
      { name: "Alpha", id: "same" },
      { name: "Alpha", id: "same" },
    ];
    const { result } = await play({
      script: [{ calls: twice }, { calls: [{ name: "Alpha", id: "same", input: 1 }] }, { text: "done" }],
      toolset: [{ name: "Alpha", run: async () => "ok" }],
    });
    const answers = result.messages.filter((message) => message.role === "tool");
    expect(new Set(answers.map((message) => message.call)).size).toBe(3);
    answersInOrder(result.messages, result.end);
  });

  test("law 2: a model that is no generator at all cannot hang or crash a run", async () => {
    // What plain JavaScript may pass in; the types forbid it.
    for (const model of [
      () => undefined,
      () => ({}),
      () => {
        throw "text";
      },
      undefined,
    ] as unknown as Model[]) {
      const { result } = await play({ model });
      expect(result.end).toMatchObject({ reason: "failed", error: { code: "model-broken" } });
    }
  });

  test("law 2: a model that returns no message ends the run with model-broken", async () => {
    // biome-ignore lint/correctness/useYield: a generator that only returns
    const model = async function* () {
      return { role: "user" };
    } as unknown as Model;
    const { result } = await play({ model });
    expect(result.end).toMatchObject({ reason: "failed", error: { code: "model-broken" } });
  });

  test("law 2: a journal that throws costs the recording, not the run", async () => {
    const lease = {
      ...(await newLease()),
      append: () => {
        throw new Error("no space left");
      },
    };
    const { result, events } = await play({ lease });
    expect(result.end.reason).toBe("completed");
    expect(events.filter((event) => event.type === "notice")).toHaveLength(1);
  });

  test("law 4: cancel settles although the model ignores its signal, and keeps what it had said", async () => {
    const { run } = start({ script: [{ text: "partial", misbehave: "hang" }] });
    for await (const event of run) if (event.type === "message-delta") run.cancel();
    const { end, messages } = await run.result;
    expect(end.reason).toBe("cancelled");
    expect(messages.at(-1)).toMatchObject({ content: [{ text: "partial" }], stop: { reason: "aborted" } });
  });

  test("law 4: cancel settles although a tool ignores its signal, and its call is answered", async () => {
    const { run } = start({
      script: [{ calls: [{ name: "Alpha" }, { name: "Alpha" }] }],
      toolset: [{ name: "Alpha", run: never }],
    });
    for await (const event of run) if (event.type === "tool-intent") run.cancel();
    const { end, messages } = await run.result;
    expect(end.reason).toBe("cancelled");
    expect(
      messages.filter((message) => message.role === "tool").map((message) => message.outcome.status),
    ).toEqual(["cancelled", "cancelled"]);
  });

  test("law 4: a call made from inside of a tool after its end never starts", async () => {
    const late = gate();
    const answered = gate<string>();
    let inner = 0;
    const { result } = await play({
      script: [{ calls: [{ name: "Alpha" }] }, { text: "done" }],
      toolset: [
        {
          name: "Alpha",
          run: async (_input, context) => {
            late.promise
              .then(async () => answered.open((await context.invoke("Beta", {})).status))
              .catch(() => undefined);
            return "over";
          },
        },
        { name: "Beta", run: async () => `${++inner}` },
      ],
    });
    late.open();
    expect(await answered.promise).toBe("cancelled");
    expect(inner).toBe(0);
    expect(result.end.reason).toBe("completed");
  });

  test("law 4: nor while its run goes on, and what was begun inside of it stops with it", async () => {
    const begun = gate();
    const seen: string[] = [];
    let late: Promise<{ readonly status: string }> | undefined;
    let again = (): typeof late => undefined;
    let signal: AbortSignal | undefined;
    const { result } = await play({
      script: [{ calls: [{ name: "Alpha" }] }, { calls: [{ name: "Gamma" }] }, { text: "done" }],
      toolset: [
        {
          name: "Alpha",
          run: async (_input, context) => {
            again = () => context.invoke("Beta", { late: true });
            signal = context.scope?.signal;
            context.invoke("Beta", {}).then(({ status }) => seen.push(status), never);
            await begun.promise;
            seen.push(`${signal?.aborted}`);
            return "over";
          },
        },
        {
          name: "Beta",
          run: () => {
            seen.push("begun");
            begun.open();
            return never();
          },
        },
        {
          name: "Gamma",
          run: async () => {
            late = again();
            return `${(await late)?.status} ${signal?.aborted}`;
          },
        },
      ],
    });
    expect(seen).toEqual(["begun", "false", "cancelled"]);
    expect(result.messages.at(-2)).toMatchObject({ outcome: { content: [{ text: "cancelled true" }] } });
  });

  test("law 4: the signal of a call's scope has fired for whoever asks for it only after its end", async () => {
    let scope: { readonly signal: AbortSignal } | undefined;
    let fired: boolean | undefined;
    await play({
      script: [{ calls: [{ name: "Alpha" }] }, { calls: [{ name: "Gamma" }] }, { text: "done" }],
      toolset: [
        {
          name: "Alpha",
          run: async (_input, context) => {
            scope = context.scope;
            return "over";
          },
        },
        {
          name: "Gamma",
          run: async () => {
            fired = scope?.signal.aborted;
            return "seen";
          },
        },
      ],
    });
    expect(fired).toBe(true);
  });

  test("law 7: a nested call has its own events under its parent, and is closed before it, also when cancelled", async () => {
    const inner = gate();
    const { run } = start({
      script: [{ calls: [{ name: "Outer", id: "outer" }] }],
      toolset: [
        { name: "Outer", run: async (_input, context) => (await context.invoke("Inner", { a: 1 })).status },
        {
          name: "Inner",
          run: () => {
            inner.open();
            return never();
          },
        },
      ],
    });
    inner.promise.then(() => run.cancel()).catch(() => undefined);
    const seen: AgentEvent[] = [];
    for await (const event of run) seen.push(event);
    expect(seen.map((event) => event.seq)).toEqual(seen.map((_, index) => index + 1));
    const nested = seen.filter((event) => event.parent === "outer").map((event) => event.type);
    expect(nested).toEqual(["tool-start", "permission-decision", "tool-intent", "tool-end", "message"]);
    const lastNested = seen.findLastIndex((event) => event.parent === "outer");
    const closed = seen.findIndex((event) => event.type === "tool-end" && event.call === "outer");
    expect(lastNested).toBeLessThan(closed);
  });

  test("law 9: the human's last message cannot be compacted away, whatever stands in its place", () => {
    const human = (words: string) => ({ role: "user", origin: "human", content: [text(words)] }) as const;
    const summary = { role: "user", origin: "compaction", content: [text("s")] } as const;
    const messages = [
      human("first words of all"),
      human("the last words, which are long enough to save something"),
    ];
    const plan = (from: number, to: number) => ({ strategy: "sum", edits: [{ from, to, with: [summary] }] });
    expect(checkPlan(messages, plan(0, 1))).toMatchObject({ type: "sound" });
    expect(checkPlan(messages, plan(1, 2))).toMatchObject({
      type: "refused",
      reason: expect.stringContaining("last message of the human"),
    });
  });

  test("law 9: a plan that splits a pair, loses the human's words or does not shrink is refused and said so", async () => {
    for (const edits of [
      [{ from: 1, to: 2, with: [] }],
      [{ from: 2, to: 3, with: [] }],
      [{ from: 0, to: 1, with: [] }],
      [{ from: 0, to: 0, with: [{ role: "user", origin: "compaction", content: [text("more")] } as const] }],
      [{ from: 3, to: 1, with: [] }],
      [{ from: 0, to: 99, with: [] }],
      [],
    ]) {
      let asked = 0;
      const { result, events } = await play({
        script: [{ calls: [{ name: "Alpha" }] }, { text: "done" }],
        toolset: [{ name: "Alpha", run: async () => "result" }],
        compact: async () => (++asked === 2 ? { strategy: "wrong", edits } : undefined),
      });
      expect(result.end.reason).toBe("completed");
      expect(events.some((event) => event.type === "compaction")).toBe(false);
      expect(events.filter((event) => event.type === "notice")).toMatchObject([
        { code: "compaction-refused" },
      ]);
    }
  });

  test("law 9: a sound plan is applied, journaled and folded alike", async () => {
    const long = "x".repeat(1_000);
    let asked = 0;
    const { result, durable, events } = await play({
      script: [{ calls: [{ name: "Alpha", id: "one" }] }, { text: "done" }],
      toolset: [{ name: "Alpha", run: async () => long }],
      compact: async ({ messages }) => {
        const last = messages[2];
        if (++asked !== 2 || last?.role !== "tool") return undefined;
        const cleared = { ...last, outcome: { status: "ok", content: [text("cleared")] } } as const;
        return { strategy: "clear", edits: [{ from: 2, to: 3, with: [cleared] }] };
      },
    });
    expect(events.find((event) => event.type === "compaction")).toMatchObject({
      strategy: "clear",
      cause: "threshold",
    });
    expect(JSON.stringify(result.messages)).not.toContain(long);
    expect(foldSession(durable).messages).toEqual(result.messages);
  });

  test("law 9, L12, compact_reactive_once: an overflow compacts once, asks once more, and then says the context is exhausted", async () => {
    const fault = { code: "context-overflow", message: "too long", retryable: false } as const;
    const causes: string[] = [];
    const scripted = scriptedModel(() => ({ fault }));
    const { result } = await play({
      model: scripted.model,
      prompt: "x".repeat(200),
      session: foldSession((await play({ prompt: "y".repeat(500) })).durable),
      compact: async ({ cause }) => {
        causes.push(cause);
        return cause === "overflow" ? { strategy: "drop", edits: [{ from: 0, to: 2, with: [] }] } : undefined;
      },
    });
    expect(causes).toEqual(["threshold", "overflow"]);
    expect(scripted.requests).toHaveLength(2);
    expect(result.end).toMatchObject({ reason: "context-exhausted", error: { code: "context-overflow" } });
  });

  test("law 10: model B never receives model A's replay data", async () => {
    const a = { provider: "p", id: "a" };
    const b = { provider: "p", id: "b" };
    const replay = { model: a, data: "secret" };
    const first = await play({
      ref: a,
      // biome-ignore lint/correctness/useYield: a generator that only returns
      model: async function* () {
        return {
          role: "assistant",
          model: a,
          content: [{ type: "reasoning", text: "hm", replay }, text("hi")],
          stop: { reason: "end" },
          usage: {},
        };
      },
    });
    const session = foldSession(first.durable);
    const other = scriptedModel([{ text: "b" }], b);
    await play({ session, model: other.model, ref: b });
    expect(JSON.stringify(other.requests)).not.toContain("secret");
    const same = scriptedModel([{ text: "a" }], a);
    await play({ session, model: same.model, ref: a });
    expect(JSON.stringify(same.requests)).toContain("secret");
  });

  test("laws 10 and 13: each request is the conversation as it then stood, across a compaction", async () => {
    const a = { provider: "p", id: "a" };
    const long = "x".repeat(500);
    const scripted = scriptedModel((_request, index) =>
      index < 6 ? { text: long, calls: [{ name: "Alpha", input: index }] } : { text: "done" },
    );
    const thinking: Model = async function* (request, signal) {
      const reply = yield* scripted.model(request, signal);
      const reasoning = { type: "reasoning", text: "hm", replay: { model: a, data: "secret" } } as const;
      return { ...reply, content: [reasoning, ...reply.content] };
    };
    const views: (readonly Message[])[] = [];
    const { result } = await play({
      model: thinking,
      toolset: [{ name: "Alpha", run: async (input) => `result ${JSON.stringify(input)}` }],
      compact: async ({ messages }) => {
        const drop = messages.length === 7 ? [{ from: 1, to: 3, with: [] }] : [];
        views.push([...messages.slice(0, 1), ...messages.slice(drop.length > 0 ? 3 : 1)]);
        return drop.length > 0 ? { strategy: "drop", edits: drop } : undefined;
      },
    });
    expect(result.end.reason).toBe("completed");
    expect(JSON.stringify(views)).toContain("secret");
    const plain = views.map((view) => JSON.stringify(view).replaceAll(/,"replay":\{[^}]*\}[^}]*\}/g, ""));
    expect(scripted.requests.map((request) => JSON.stringify(request.messages))).toEqual(plain);
  });

  test("law 11: leaving the loop early cancels", async () => {
    const { run } = start({ script: [{ text: "hello", misbehave: "hang" }] });
    for await (const event of run) if (event.type === "message-delta") break;
    expect((await run.result).end.reason).toBe("cancelled");
  });

  test("law 11: awaiting only the result completes", async () => {
    const { run } = start();
    expect((await run.result).end.reason).toBe("completed");
  });

  test("law 11: an onlooker who leaves cancels nothing", async () => {
    const { run } = start({
      script: [{ calls: [{ name: "Alpha" }] }, { text: "done" }],
      toolset: [{ name: "Alpha", run: async () => "ok" }],
    });
    for await (const event of run.observe()) if (event.type === "turn-start") break;
    expect((await run.result).end.reason).toBe("completed");
  });

  test("law 12: a listener that throws or stalls harms nobody else", async () => {
    const { run } = start({ script: [{ text: "a" }] });
    const stalled = run.observe()[Symbol.asyncIterator]();
    await stalled.next();
    const throwing = (async () => {
      for await (const event of run.observe()) throw new Error(`no ${event.type}`);
    })();
    await expect(throwing).rejects.toThrow("no ");
    const seen: string[] = [];
    for await (const event of run) seen.push(event.type);
    expect(seen.at(-1)).toBe("run-end");
    expect((await run.result).end.reason).toBe("completed");
  });

  test("law 12: memory per listener is bounded: live events are dropped first, then the listener is let go", async () => {
    const many: Model = async function* () {
      for (let index = 0; index < 120_000; index++) yield { type: "text-delta", index: 0, delta: "x" };
      return {
        role: "assistant",
        model: { provider: "p", id: "m" },
        content: [text("done")],
        stop: { reason: "end" },
        usage: {},
      };
    };
    const { run } = start({ model: many });
    const result = await run.result;
    const seen: AgentEvent[] = [];
    for await (const event of run) seen.push(event);
    expect(seen.length).toBeLessThanOrEqual(10_010);
    expect(seen.at(-1)?.type).toBe("run-end");
    expect(seen.at(-1)?.seq).toBeGreaterThan(120_000);
    expect(result.end.reason).toBe("completed");
  });

  test("law 12: memory per listener is bounded in bytes, too, whatever the size of an event", async () => {
    const piece = "x".repeat(64 * 1024);
    const many: Model = async function* () {
      for (let index = 0; index < 600; index++) yield { type: "text-delta", index: 0, delta: piece };
      return {
        role: "assistant",
        model: { provider: "p", id: "m" },
        content: [text("done")],
        stop: { reason: "end" },
        usage: {},
      };
    };
    const { run } = start({ model: many });
    const keepsUp = (async () => {
      let deltas = 0;
      for await (const event of run.observe()) if (event.type === "message-delta") deltas += 1;
      return deltas;
    })();
    await run.result;
    const seen: AgentEvent[] = [];
    for await (const event of run) seen.push(event);
    const held = seen.filter((event) => event.type === "message-delta").length * 2 * piece.length;
    expect(held).toBeLessThanOrEqual(softBacklog.bytes + 2 * piece.length);
    expect(held).toBeGreaterThan(softBacklog.bytes / 2);
    expect(seen.filter(isDurable).map(({ type }) => type)).toEqual([
      "run-start",
      "message",
      "message",
      "run-end",
    ]);
    expect(await keepsUp).toBe(600);
  });

  test("law 12: a listener that is behind by more than it may be, in bytes of what is durable, is let go", async () => {
    const large = "x".repeat(4 * 2 ** 20);
    const { run } = start({
      script: (_request, input) => ({ calls: [{ name: "Alpha", input }] }),
      toolset: [{ name: "Alpha", run: async () => large }],
      limits: { maxTurns: 20 },
    });
    const stalled = run.observe()[Symbol.asyncIterator]();
    expect((await run.result).end.reason).toBe("max-turns");
    await expect(stalled.next()).rejects.toMatchObject({ fault: { code: "listener-overflow" } });
  });

  test("law 13: each request begins with the whole of the one before, also after resume", async () => {
    const scripted = scriptedModel((_request, index) =>
      index % 4 === 3 ? { text: `answer ${index}` } : { calls: [{ name: "Alpha", input: index }] },
    );
    const toolset = [{ name: "Alpha", run: async (input: unknown) => `result ${JSON.stringify(input)}` }];
    const journal: DurableEvent[] = [];
    let session = foldSession();
    for (let round = 0; round < 10; round++) {
      const { durable } = await play({
        session,
        model: scripted.model,
        ref: scripted.ref,
        toolset,
        system: "Be kind.",
        prompt: `round ${round}`,
      });
      journal.push(...durable);
      // Now and then another process goes on from what the journal holds.
      if (round % 3 === 2) session = foldSession(JSON.parse(JSON.stringify(journal)));
    }
    expect(scripted.requests).toHaveLength(40);
    for (const [index, request] of scripted.requests.entries()) {
      const before = scripted.requests[index - 1];
      if (!before) continue;
      expect(request.system).toBe(before.system);
      expect(JSON.stringify(request.tools)).toBe(JSON.stringify(before.tools));
      expect(JSON.stringify(request.messages).startsWith(JSON.stringify(before.messages).slice(0, -1))).toBe(
        true,
      );
    }
  });
});

test("tool call ids are checked where they enter", () => {
  expect(() => toolCallId("../x")).toThrow("not a valid tool call id");
});
