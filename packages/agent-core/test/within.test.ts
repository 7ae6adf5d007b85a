import {
  type AgentEvent,
  type CallContext,
  type CallScope,
  createSessionStream,
  type DurableEvent,
  foldSession,
  isDurable,
  maxRunDepth,
  memoryJournal,
  type PermissionRequest,
  type Policy,
  plainText,
  type Run,
  type RunOptions,
  type RunResult,
  run,
  sessionId,
} from "@claw/agent-core";
import { type Script, type ScriptedTool, scriptedModel, scriptedToolbox } from "@claw/agent-core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gate, newLease, play, start } from "./arena.ts";

const allow: Policy = () => ({ type: "allow", reason: "the test allows it" });

type Child = Partial<Omit<RunOptions, "session" | "within">> & {
  readonly script: Script;
  readonly toolset?: readonly ScriptedTool[];
  readonly session?: RunOptions["session"];
};

/** Starts a run within a call. */
function spawn(context: CallContext, { script, toolset = [], ...options }: Child): Run {
  const { model, ref } = scriptedModel(script);
  if (context.scope === undefined) throw new Error("the call has no scope");
  return run({
    model,
    ref,
    tools: scriptedToolbox(toolset),
    policy: allow,
    session: foldSession(),
    prompt: "do it",
    cwd: "/work",
    within: context.scope,
    ...options,
  });
}

/** A tool that runs a child and returns how it ended. */
function agentTool(child: (context: CallContext) => Child, name = "Agent"): ScriptedTool {
  return {
    name,
    concurrent: true,
    run: async (_input, context) => {
      const { end, text } = await spawn(context, child(context)).result;
      return `${end.reason}: ${text}`;
    },
  };
}

const callsAgent: Script = [{ calls: [{ name: "Agent", id: "agent" }] }, { text: "done" }];
const never = (): Promise<never> => new Promise(() => undefined);

function isUnder(event: AgentEvent, call: string): boolean {
  return event.parent === call;
}

describe("one stream for a tree of runs", () => {
  test("law 7: a child's events are in the parent's stream and journal under its call, numbered without a gap", async () => {
    const journal = memoryJournal(() => 0);
    const lease = await journal.lease(sessionId("session"));
    const childSession = foldSession();
    const tool = agentTool(() => ({
      script: [{ calls: [{ name: "Look", id: "look" }] }, { text: "found it" }],
      toolset: [{ name: "Look", run: async () => "seen" }],
      session: childSession,
      agent: { id: "explore-1", name: "Explore" },
    }));
    const { events, durable, result, session } = await play({ script: callsAgent, toolset: [tool], lease });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const childEvents = events.filter((event) => isUnder(event, "agent"));
    expect(childEvents.map(({ type }) => type)).toEqual([
      ...["run-start", "message", "turn-start", "message-delta", "message-delta", "message"],
      ...["tool-start", "permission-decision", "tool-intent", "tool-end", "message", "turn-end"],
      ...["turn-start", "message-delta", "message", "turn-end", "run-end"],
    ]);
    expect(childEvents[0]).toMatchObject({ agent: { id: "explore-1", name: "Explore" } });
    expect(new Set(childEvents.map((event) => event.run)).size).toBe(1);
    expect(childEvents[0]?.run).not.toBe(events[0]?.run);
    const kept: DurableEvent[] = [];
    for await (const event of journal.read(lease.session)) kept.push(event);
    expect(kept).toEqual(durable);
    expect(events.at(-1)).toMatchObject({ type: "run-end", reason: "completed" });
    expect(events.at(-1)).not.toHaveProperty("parent");
    // The child's conversation is its own, and the parent's has none of it but the result.
    expect(childSession.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant"]);
    expect(result.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant"]);
    expect(foldSession(kept).messages).toEqual(session.messages);
  });

  test("law 5: the child's conversation is folded again from the journal by its runs", async () => {
    const child = foldSession();
    const tool = agentTool(() => ({
      script: [{ calls: [{ name: "Look" }] }, { text: "found it" }],
      toolset: [{ name: "Look", run: async () => "seen" }],
      session: child,
    }));
    const { durable } = await play({ script: callsAgent, toolset: [tool] });
    const own = durable.filter((event) => isUnder(event, "agent")).map(({ parent: _, ...event }) => event);
    expect(foldSession(own).messages).toEqual(child.messages);
  });

  test("law 7: deeper agents stand under the call of their own parent, each closed before its call", async () => {
    const inner = agentTool(() => ({ script: [{ text: "deep" }] }), "Inner");
    const tool = agentTool(() => ({
      script: [{ calls: [{ name: "Inner", id: "inner" }] }, { text: "middle" }],
      toolset: [inner],
    }));
    const { events } = await play({ script: callsAgent, toolset: [tool] });
    const parents = new Set(events.map(({ parent }) => parent));
    expect([...parents]).toEqual([undefined, "agent", "inner"]);
    const open = new Set<string>();
    for (const event of events) {
      if (event.parent !== undefined) expect(open.has(event.parent)).toBe(true);
      if (event.type === "tool-start") open.add(event.call);
      if (event.type === "tool-end") open.delete(event.call);
    }
  });

  test("call ids are unique in the whole tree, whatever the models of it say", async () => {
    const tool = agentTool(() => ({
      script: [{ calls: [{ name: "Look", id: "agent" }] }, { text: "ok" }],
      toolset: [{ name: "Look", run: async () => "seen" }],
    }));
    const { durable } = await play({ script: callsAgent, toolset: [tool] });
    const ids = durable.filter((event) => event.type === "tool-intent").map(({ call }) => call);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test("laws 2 and 7: random trees of agents are one gapless stream with one end, last, also when cancelled", async () => {
    interface Tree {
      readonly children: readonly Tree[];
    }
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constant({ children: [] }),
        fc.record({ children: fc.array(tie("tree"), { maxLength: 2 }) }),
      ),
    }));
    const child =
      ({ children }: Tree) =>
      (): Child => ({
        script: [
          { text: "now", calls: children.map((_, index) => ({ name: `Agent${index}` })) },
          { text: "done" },
        ],
        toolset: children.map((one, index) => agentTool(child(one), `Agent${index}`)),
      });
    await fc.assert(
      fc.asyncProperty(tree, fc.nat(80), async (whole, cancelAfter) => {
        const { script, toolset = [] } = child(whole)();
        const { run: handle, session } = start({ script, toolset });
        const events: AgentEvent[] = [];
        for await (const event of handle) {
          events.push(event);
          if (events.length === cancelAfter) handle.cancel();
        }
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
        const ends = events.filter((event) => event.type === "run-end");
        const starts = events.filter((event) => event.type === "run-start");
        expect(ends.length).toBe(starts.length);
        expect(events.at(-1)).toBe(ends.at(-1));
        expect(foldSession(events.filter(isDurable)).messages).toEqual(session.messages);
      }),
      { numRuns: 60 },
    );
  });
});

describe("authority flows down", () => {
  /** Runs one child that makes one call, and gives its outcome and what the policies were asked. */
  async function childCall(
    parent: Partial<RunOptions>,
    child: Partial<Child> = {},
  ): Promise<{ ran: boolean; outcome: string; result: RunResult }> {
    let ran = false;
    const childSession = foldSession();
    const tool = agentTool(() => ({
      script: [{ calls: [{ name: "Rm" }] }, { text: "ok" }],
      toolset: [
        {
          name: "Rm",
          run: async () => {
            ran = true;
            return "removed";
          },
        },
      ],
      session: childSession,
      agent: { id: "worker-1", name: "worker" },
      ...child,
    }));
    const { result } = await play({ script: callsAgent, toolset: [tool], ...parent });
    const answer = childSession.messages.find((message) => message.role === "tool");
    return { ran, outcome: answer?.role === "tool" ? answer.outcome.status : "none", result };
  }
  const deniesRm: Policy = ({ tool }) =>
    tool === "Rm" ? { type: "deny", reason: "never" } : { type: "allow", reason: "fine" };
  const asksRm: Policy = ({ tool }) =>
    tool === "Rm" ? { type: "ask", reason: "sure?" } : { type: "allow", reason: "fine" };

  test("rank 10: what the parent's policy denies is denied in a child that allows everything", async () => {
    expect(await childCall({ policy: deniesRm })).toMatchObject({ ran: false, outcome: "denied" });
  });

  test("rank 10: a hook of the parent holds in the child, and one that throws refuses", async () => {
    const deny = { type: "deny", reason: "the hook says no" } as const;
    const beforeTool: RunOptions["beforeTool"] = async ({ tool }) => (tool === "Rm" ? deny : undefined);
    expect(await childCall({ beforeTool })).toMatchObject({ ran: false, outcome: "denied" });
    const broken: RunOptions["beforeTool"] = async ({ tool }) => {
      if (tool === "Rm") throw new Error("hook down");
      return undefined;
    };
    expect(await childCall({ beforeTool: broken })).toMatchObject({ ran: false, outcome: "denied" });
  });

  test("a hook of the child is heard too, and cannot undo the parent's", async () => {
    const deny: RunOptions["beforeTool"] = async () => ({ type: "deny", reason: "own" });
    const none: RunOptions["beforeTool"] = async () => undefined;
    const parent: RunOptions["beforeTool"] = async ({ tool }) =>
      tool === "Rm" ? { type: "deny", reason: "outer" } : undefined;
    expect(await childCall({}, { beforeTool: deny })).toMatchObject({ ran: false });
    expect(await childCall({ beforeTool: parent }, { beforeTool: none })).toMatchObject({ ran: false });
    const rewrites: RunOptions["beforeTool"] = async ({ tool }) =>
      tool === "Rm" ? { type: "rewrite", input: { less: true } } : undefined;
    const asks: RunOptions["beforeTool"] = async () => ({ type: "ask", reason: "hm" });
    expect(await childCall({ beforeTool: rewrites }, { beforeTool: asks })).toMatchObject({ ran: false });
    expect(await childCall({ beforeTool: rewrites }, { beforeTool: none })).toMatchObject({ ran: true });
  });

  test("rank 10: the hooks of the parent's run are those of the child's, and say who acts", async () => {
    const seen: (string | undefined)[] = [];
    const hooks: RunOptions["hooks"] = ({ agent }) => ({
      beforeTool: async ({ tool }) => {
        seen.push(`${agent?.name ?? "the conversation"}: ${tool}`);
        return tool === "Rm" ? { type: "deny", reason: "the hook says no" } : undefined;
      },
    });
    expect(await childCall({ hooks }, { hooks: () => ({}) })).toMatchObject({
      ran: false,
      outcome: "denied",
    });
    expect(seen).toEqual(["the conversation: Agent", "worker: Rm"]);
  });

  test("a hook does not answer the parent's question because the child's policy would let it", async () => {
    const allow: RunOptions["hooks"] = () => ({
      beforeTool: async () => ({ type: "allow", reason: "fine" }),
    });
    const byDefault: Policy = () => ({ type: "ask", reason: "nothing allows it", byDefault: true });
    const policy: Policy = (request, signal) => asksRm(request, signal);
    expect(await childCall({ hooks: allow, policy }, { policy: byDefault })).toMatchObject({ ran: false });
    expect(await childCall({ hooks: allow, policy: byDefault }, { policy: byDefault })).toMatchObject({
      ran: true,
    });
  });

  test("a child's own policy narrows, and a throw of either refuses", async () => {
    expect(await childCall({}, { policy: deniesRm })).toMatchObject({ ran: false, outcome: "denied" });
    const broken: Policy = () => {
      throw new Error("policy down");
    };
    expect(await childCall({}, { policy: broken })).toMatchObject({ ran: false, outcome: "denied" });
  });

  test("a child's question reaches the parent's Ask and says who asks; an Ask of its own is not heard", async () => {
    const asked: PermissionRequest[] = [];
    const ask: RunOptions["ask"] = async (request) => {
      asked.push(request);
      return { type: "deny", by: "user" };
    };
    const own: RunOptions["ask"] = async () => ({ type: "allow" });
    const { ran } = await childCall({ policy: asksRm, ask }, { ask: own });
    expect(ran).toBe(false);
    expect(asked).toMatchObject([{ tool: "Rm", agent: { id: "worker-1", name: "worker" } }]);
  });

  test("what a person allows a child for the session is the session's, and refusals are in the root's end", async () => {
    const remember = { rules: ["Rm"], scope: "session" } as const;
    const allowed = await play({
      script: callsAgent,
      toolset: [
        agentTool(() => ({
          script: [{ calls: [{ name: "Rm" }] }, { text: "ok" }],
          toolset: [{ name: "Rm", run: async () => "removed" }],
        })),
      ],
      policy: asksRm,
      ask: async () => ({ type: "allow", remember }),
    });
    expect(foldSession(allowed.durable).sessionRules).toEqual(["Rm"]);
    const { result } = await childCall({ policy: deniesRm });
    expect(result.end.denials).toMatchObject([{ tool: "Rm", by: "policy" }]);
  });

  test("T7: a child's question that is put off is refused: it has a call around it", async () => {
    const ask: RunOptions["ask"] = async () => ({ type: "defer" });
    const { ran, outcome, result } = await childCall({ policy: asksRm, ask });
    expect({ ran, outcome, reason: result.end.reason }).toEqual({
      ran: false,
      outcome: "denied",
      reason: "completed",
    });
  });

  test("one question at a time over the whole tree", async () => {
    let open = 0;
    let most = 0;
    const ask: RunOptions["ask"] = async () => {
      open += 1;
      most = Math.max(most, open);
      await Promise.resolve();
      open -= 1;
      return { type: "allow" };
    };
    const tool = agentTool(() => ({
      script: [{ calls: [{ name: "Rm" }, { name: "Rm" }] }, { text: "ok" }],
      toolset: [{ name: "Rm", concurrent: true, run: async () => "removed" }],
    }));
    const script: Script = [{ calls: [1, 2, 3].map(() => ({ name: "Agent" })) }, { text: "done" }];
    const { events } = await play({ script, toolset: [tool], policy: asksRm, ask });
    expect(events.filter(({ type }) => type === "permission-request")).toHaveLength(6);
    expect(most).toBe(1);
  });
});

describe("rank 6: budgets flow down", () => {
  const usage = { input: 60, output: 40, cost: 100 };

  test("rank 6: what children use is in the parent's usage and cost, at every depth", async () => {
    const inner = agentTool(() => ({ script: [{ text: "deep", usage }] }), "Inner");
    const tool = agentTool(() => ({
      script: [
        { calls: [{ name: "Inner" }], usage },
        { text: "ok", usage },
      ],
      toolset: [inner],
    }));
    const script: Script = [
      { calls: [{ name: "Agent" }], usage },
      { text: "done", usage },
    ];
    const { result, session } = await play({ script, toolset: [tool] });
    expect(result.end.usage).toEqual({ input: 300, output: 200, cost: 500 });
    expect(result.end.turns).toBe(2);
    expect(session.usage).toEqual(result.end.usage);
  });

  test("rank 6: a child ends when the parent's money is used up, and so does the parent", async () => {
    let requests = 0;
    const tool = agentTool(() => ({
      script: () => ({ calls: [{ name: "Look", input: requests++ }], usage }),
      toolset: [{ name: "Look", run: async () => "seen" }],
    }));
    const { result } = await play({
      script: [{ calls: [{ name: "Agent" }], usage }, { text: "never asked" }],
      toolset: [tool],
      limits: { maxCost: 450 },
    });
    expect(result.end).toMatchObject({ reason: "budget", limit: "cost", usage: { cost: 500 } });
    expect(requests).toBe(4);
    const answer = result.messages.find((message) => message.role === "tool");
    expect(answer?.role === "tool" && plainText(answer.outcome.content)).toMatch(/^budget/);
  });

  test("rank 6: parallel children share what remains: no more is overshot than the requests under way", async () => {
    let requests = 0;
    const children = 8;
    const tool = agentTool(() => ({
      script: () => ({ calls: [{ name: "Look", input: requests++ }], usage }),
      toolset: [{ name: "Look", run: async () => "seen" }],
    }));
    const { result } = await play({
      script: [{ calls: Array.from({ length: children }, () => ({ name: "Agent" })), usage }],
      toolset: [tool],
      limits: { maxTokens: 2_000 },
    });
    expect(result.end).toMatchObject({ reason: "budget", limit: "tokens" });
    const spent = (result.end.usage.input ?? 0) + (result.end.usage.output ?? 0);
    expect(spent).toBeGreaterThanOrEqual(2_000);
    expect(spent).toBeLessThan(2_000 + children * 100);
  });

  test("a child's own limits hold for it alone: the parent goes on", async () => {
    let requests = 0;
    const tool = agentTool(() => ({
      script: () => ({ calls: [{ name: "Look", input: requests++ }], usage }),
      toolset: [{ name: "Look", run: async () => "seen" }],
      limits: { maxTurns: 3 },
    }));
    const { result } = await play({
      script: callsAgent,
      toolset: [tool],
      limits: { maxTurns: 2, maxTokens: 100_000 },
    });
    expect(requests).toBe(3);
    expect(result.end).toMatchObject({ reason: "completed", turns: 2 });
  });

  test("the parent's time is the child's: it ends in the middle of a request", async () => {
    const tool = agentTool(() => ({ script: [{ misbehave: "hang" }] }));
    const { result, events } = await play({
      script: callsAgent,
      toolset: [tool],
      limits: { maxDurationMs: 30 },
    });
    expect(result.end).toMatchObject({ reason: "budget", limit: "time" });
    expect(events.filter(({ type }) => type === "run-end")).toHaveLength(2);
  });
});

describe("T6 and rank 9: a tree always ends", () => {
  test("T6: agents nest five deep, not deeper, and the sixth says why", async () => {
    let deepest = 0;
    const nested = (depth: number): ScriptedTool =>
      agentTool(() => ({
        script: () => {
          deepest = Math.max(deepest, depth);
          return { calls: [{ name: "Agent", input: depth }] };
        },
        toolset: [nested(depth + 1)],
        limits: { maxTurns: 1 },
      }));
    const { durable, result } = await play({ script: callsAgent, toolset: [nested(1)] });
    expect(deepest).toBe(maxRunDepth);
    expect(result.end.reason).toBe("completed");
    const refused = durable.filter((event) => event.type === "run-end" && event.reason === "failed");
    expect(refused).toMatchObject([{ error: { code: "too-deep" } }]);
  });

  test("T6: a cancel ends every agent of 500, and none has an open run after the root's end", async () => {
    const children: number[] = [];
    const tool = agentTool(() => {
      children.push(1);
      return { script: [{ misbehave: "hang" }] };
    });
    const { run: handle } = start({
      script: [{ calls: Array.from({ length: 500 }, () => ({ name: "Agent" })) }],
      toolset: [tool],
    });
    const events: AgentEvent[] = [];
    for await (const event of handle) {
      events.push(event);
      if (event.type === "turn-start" && children.length === 10) handle.cancel();
    }
    expect((await handle.result).end.reason).toBe("cancelled");
    const count = (type: string): number => events.filter((event) => event.type === type).length;
    expect(count("run-start")).toBe(11);
    expect(count("run-end")).toBe(11);
    expect(events.filter((event) => event.type === "message" && event.message.role === "tool")).toHaveLength(
      500,
    );
    expect(events.at(-1)).toMatchObject({ type: "run-end" });
    expect(events.at(-1)).not.toHaveProperty("parent");
  });

  test("rank 9, T5: a child that makes the same call again and again is told at three and stopped at five", async () => {
    let requests = 0;
    const child = foldSession();
    const tool = agentTool(() => ({
      script: () => {
        requests += 1;
        return { calls: [{ name: "Look" }] };
      },
      toolset: [{ name: "Look", run: async () => "same" }],
      session: child,
    }));
    const { result, durable } = await play({ script: callsAgent, toolset: [tool] });
    expect(requests).toBe(5);
    const told = child.messages.findIndex(
      (message) => message.role === "user" && message.origin === "runtime",
    );
    expect(child.messages.slice(0, told).filter(({ role }) => role === "tool")).toHaveLength(3);
    expect(durable.find((event) => event.type === "run-end")).toMatchObject({
      error: { code: "repeated-calls" },
      parent: "agent",
    });
    expect(result.end.reason).toBe("completed");
  });

  test("rank 9, T5: so is one that alternates between two calls", async () => {
    let requests = 0;
    const tool = agentTool(() => ({
      script: () => ({ calls: [{ name: requests++ % 2 === 0 ? "Ping" : "Pong" }] }),
      toolset: ["Ping", "Pong"].map((name) => ({ name, run: async () => "same" })),
    }));
    const { durable } = await play({ script: callsAgent, toolset: [tool] });
    expect(requests).toBe(10);
    expect(durable.find((event) => event.type === "run-end")).toMatchObject({
      error: { code: "repeated-calls" },
    });
  });

  test("rank 9: a parent that starts the same sub-agent with the same end is stopped too", async () => {
    const tool = agentTool(() => ({ script: [{ text: "same" }] }));
    const { result } = await play({ script: () => ({ calls: [{ name: "Agent" }] }), toolset: [tool] });
    expect(result.end).toMatchObject({ reason: "failed", error: { code: "repeated-calls" }, turns: 5 });
  });

  test("law 4: no run starts within a call that is over", async () => {
    let late: CallContext | undefined;
    const { run: handle, session } = start({
      script: callsAgent,
      toolset: [
        {
          name: "Agent",
          run: async (_input, context) => {
            late = context;
            return "over";
          },
        },
      ],
    });
    await handle.result;
    const before = session.lastSeq;
    if (late === undefined) throw new Error("the call did not run");
    const { end } = await spawn(late, { script: [{ text: "too late" }] }).result;
    expect(end).toMatchObject({ reason: "cancelled", turns: 0 });
    expect(session.lastSeq).toBe(before);
  });

  test("rank 20: a call that a crash cut off is parked with what its agent had begun", async () => {
    const journal = memoryJournal(() => 0);
    const lease = await journal.lease(sessionId("session"));
    const begun = gate();
    const tool = agentTool(() => ({
      script: [{ calls: [{ name: "Deploy" }] }],
      toolset: [
        {
          name: "Deploy",
          run: () => {
            begun.open();
            return never();
          },
        },
      ],
    }));
    const { run: handle } = start({ script: callsAgent, toolset: [tool], lease });
    await begun.promise;
    const kept: DurableEvent[] = [];
    for await (const event of journal.read(lease.session)) kept.push(event);
    handle.cancel();
    await handle.result;
    const { result } = await play({
      session: foldSession(kept),
      prompt: "",
      toolset: [tool],
      script: [{ text: "I see" }],
    });
    expect(result.end.parked).toEqual([{ call: "agent", tool: "Agent" }]);
    const answer = result.messages.find((message) => message.role === "tool");
    expect(answer?.role === "tool" && plainText(answer.outcome.content)).toContain(
      "These calls inside of it had begun and may have taken effect: Deploy.",
    );
  });
});

test("law 4: a child in the background may start when the call is over, where its place was taken before", async () => {
  let context: CallContext | undefined;
  let place: CallScope | undefined;
  const { run: handle, session } = start({
    script: callsAgent,
    toolset: [
      {
        name: "Agent",
        run: async (_input, given) => {
          context = given;
          place = given.scope?.outlive();
          return "over";
        },
      },
    ],
  });
  await handle.result;
  if (context === undefined || place === undefined) throw new Error("the call did not run");
  expect(context.scope?.outlive()).toBeUndefined();
  const late = { ...context, scope: place };
  const { end } = await spawn(late, { script: [{ text: "late" }], detached: true }).result;
  expect(end).toMatchObject({ reason: "completed", turns: 1 });
  expect(session.lastEnd).toMatchObject({ reason: "completed" });
});

describe("a detached child", () => {
  /** A session whose first run starts a child in the background, which waits for the gate. */
  async function detached(): Promise<{
    readonly finish: () => void;
    readonly stop: () => void;
    readonly child: Promise<RunResult>;
    readonly options: Partial<RunOptions> & { readonly session: RunOptions["session"] };
    readonly kept: () => Promise<DurableEvent[]>;
    readonly first: readonly AgentEvent[];
  }> {
    const journal = memoryJournal(() => 0);
    const lease = await journal.lease(sessionId("session"));
    const session = foldSession();
    const options = { session, stream: createSessionStream(session, lease) };
    const asked = gate();
    const abort = new AbortController();
    let child: Promise<RunResult> | undefined;
    const tool: ScriptedTool = {
      name: "Agent",
      run: async (_input, context) => {
        child = spawn(context, {
          script: [{ text: "late", gate: asked.promise, usage: { input: 5 } }],
          detached: true,
          signal: abort.signal,
        }).result;
        return "started";
      },
    };
    const { events } = await play({ ...options, script: callsAgent, toolset: [tool] });
    if (child === undefined) throw new Error("the child did not start");
    return {
      finish: asked.open,
      stop: () => abort.abort(),
      child,
      options,
      first: events,
      kept: async () => {
        const kept: DurableEvent[] = [];
        for await (const event of journal.read(lease.session)) kept.push(event);
        return kept;
      },
    };
  }

  test("goes on when its call and its run are over, and is journaled between runs without a gap", async () => {
    const { child, finish, kept, first, options } = await detached();
    expect(first.at(-1)).toMatchObject({ type: "run-end" });
    expect(first.at(-1)).not.toHaveProperty("parent");
    finish();
    expect((await child).end.reason).toBe("completed");
    const events = await kept();
    const seqs = events.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => one - other));
    expect(events.at(-1)).toMatchObject({ type: "run-end", parent: "agent" });
    expect(options.session.usage.input).toBe(5);
    expect(options.session.lastEnd?.reason).toBe("completed");
  });

  test("is heard by the session's next run, after its start and before its end, each event once", async () => {
    const { child, finish, options, kept } = await detached();
    const { run: second } = start({
      ...options,
      prompt: "and now?",
      script: [{ calls: [{ name: "Wait" }] }, { text: "ok" }],
      toolset: [
        {
          name: "Wait",
          run: async () => {
            finish();
            await child;
            return "waited";
          },
        },
      ],
    });
    const events: AgentEvent[] = [];
    for await (const event of second) events.push(event);
    expect(events[0]?.type).toBe("run-start");
    const from = events[0]?.seq ?? 0;
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => from + index));
    expect(events.filter((event) => isUnder(event, "agent")).map(({ type }) => type)).toContain("run-end");
    const seqs = (await kept()).map(({ seq }) => seq);
    expect(new Set(seqs).size).toBe(seqs.length);
  });

  test("ends when its own signal fires", async () => {
    const { child, stop } = await detached();
    stop();
    expect((await child).end.reason).toBe("cancelled");
  });
});

test("a journal that was taken over stops every run of the session", async () => {
  const lease = await newLease();
  let writes = 0;
  const { FaultError } = await import("@claw/agent-core");
  const stolen = {
    ...lease,
    append: (events: readonly DurableEvent[]) => {
      writes += 1;
      if (writes < 9) return lease.append(events);
      throw new FaultError({ code: "lease-lost", message: "Another process has it." });
    },
  };
  const tool = agentTool(() => ({
    script: () => ({ calls: [{ name: "Look", input: writes }] }),
    toolset: [{ name: "Look", run: async () => "seen" }],
  }));
  const { result, events } = await play({ script: callsAgent, toolset: [tool], lease: stolen });
  expect(result.end).toMatchObject({ reason: "failed", error: { code: "lease-lost" } });
  expect(events.filter((event) => event.type === "run-end" && event.reason === "failed")).toHaveLength(2);
});
