import {
  type AgentEvent,
  type Decision,
  maxForcedTurns,
  plainText,
  type RunHooks,
  type ToolOutcome,
} from "@claw/agent-core";
import { describe, expect, test } from "vitest";
import { type Arena, type Overrides, play } from "./arena.ts";

const ran: string[] = [];
const echo = {
  name: "Echo",
  run: async (input: unknown): Promise<ToolOutcome> => {
    ran.push(JSON.stringify(input));
    return { status: "ok", content: [{ type: "text", text: "the tool's words" }] };
  },
};
const call = { calls: [{ name: "Echo", input: { a: 1 } }] };
const done = { text: "done" };

/** One call of a tool and an answer, with these hooks. */
async function withHooks(hooks: RunHooks, more: Overrides = {}): Promise<Arena> {
  ran.length = 0;
  return play({ script: [call, done], toolset: [echo], hooks: () => hooks, ...more });
}

function asking(decision: Partial<Extract<Decision, { type: "ask" }>> = {}): Overrides {
  return {
    policy: () => ({ type: "ask", reason: "asks", ...decision }),
    ask: async () => ({ type: "deny", by: "user" }),
  };
}

function outcome({ session }: Arena): string {
  const message = session.messages.find(({ role }) => role === "tool");
  if (message?.role !== "tool") return "none";
  const { outcome: end } = message;
  return end.status === "denied" ? `denied by ${end.by}` : `${end.status}: ${plainText(end.content)}`;
}

function decisionsBy({ durable }: Arena): readonly string[] {
  return durable.flatMap((event) =>
    event.type === "permission-decision" ? [`${event.decision} ${event.by}`] : [],
  );
}

function said({ session }: Arena): readonly string[] {
  return session.messages.flatMap((message) =>
    message.role === "user" ? [`${message.origin}: ${plainText(message.content)}`] : [],
  );
}

function notices(events: readonly AgentEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "notice" ? [event.code] : []));
}

describe("hooks before a tool tighten, and never loosen past a rule (security 1.1)", () => {
  const allow: RunHooks = { beforeTool: async () => ({ type: "allow", reason: "fine" }) };

  test("allow answers the question that is put because nothing allows the call", async () => {
    const arena = await withHooks(allow, asking({ byDefault: true }));
    expect(outcome(arena)).toBe("ok: the tool's words");
    expect(decisionsBy(arena)).toEqual(["allow hook"]);
  });

  test("allow does not answer the question of a rule, a guard or a policy of its own", async () => {
    expect(outcome(await withHooks(allow, asking({ rule: "Echo" })))).toBe("denied by user");
    expect(outcome(await withHooks(allow, asking()))).toBe("denied by user");
  });

  test("allow does not undo a denial", async () => {
    const policy = (): Decision => ({ type: "deny", reason: "no", rule: "Echo" });
    expect(outcome(await withHooks(allow, { policy }))).toBe("denied by policy");
  });

  test("a rewritten input is judged again, and is what runs", async () => {
    const hooks: RunHooks = { beforeTool: async () => ({ type: "allow", reason: "so", input: { a: 2 } }) };
    const policy = ({ input }: { input: unknown }): Decision =>
      JSON.stringify(input) === '{"a":2}'
        ? { type: "deny", reason: "not that" }
        : { type: "allow", reason: "this" };
    expect(outcome(await withHooks(hooks, { policy }))).toBe("denied by policy");
    expect(outcome(await withHooks(hooks))).toBe("ok: the tool's words");
    expect(ran).toEqual(['{"a":2}']);
  });

  test("of several the strictest counts: defer over ask over allow, and each sees what the one before left", async () => {
    const own = async (): Promise<{ type: "ask"; reason: string }> => ({ type: "ask", reason: "ask first" });
    const arena = await withHooks(allow, {
      beforeTool: own,
      ask: async () => ({ type: "deny", by: "user" }),
    });
    expect(outcome(arena)).toBe("denied by user");
    const later = await withHooks(
      { beforeTool: async () => ({ type: "defer", reason: "later" }) },
      { beforeTool: own },
    );
    expect(later.result.end.reason).toBe("awaiting-permission");
  });

  test("a throw, and a verdict that cannot be understood, deny", async () => {
    // What an untyped program could hand over.
    const nonsense = { type: "perhaps" } as unknown as undefined;
    expect(outcome(await withHooks({ beforeTool: async () => nonsense }))).toBe("denied by hook");
    expect(outcome(await withHooks({ beforeTool: () => Promise.reject(new Error("broken")) }))).toBe(
      "denied by hook",
    );
  });
});

describe("hooks on a question", () => {
  test("deny it, and allow only what is asked by default", async () => {
    const deny: RunHooks = { beforeQuestion: async () => ({ type: "deny", reason: "no" }) };
    const allow: RunHooks = { beforeQuestion: async () => ({ type: "allow", reason: "yes" }) };
    expect(outcome(await withHooks(deny, asking({ byDefault: true })))).toBe("denied by hook");
    expect(outcome(await withHooks(allow, asking({ byDefault: true })))).toBe("ok: the tool's words");
    expect(outcome(await withHooks(allow, asking({ rule: "Echo" })))).toBe("denied by user");
  });

  test("rewrite what is asked about: every guard and the policy see it as it will run, and hooks are heard once more, no oftener", async () => {
    const seen: unknown[] = [];
    const hooksWith = (more: RunHooks = {}): RunHooks => ({
      beforeQuestion: async ({ input }) => {
        seen.push(input);
        return { type: "allow", reason: "so", input: { a: 2 } };
      },
      ...more,
    });
    const isRewritten = (input: unknown): boolean => JSON.stringify(input) === '{"a":2}';
    expect(outcome(await withHooks(hooksWith(), asking({ byDefault: true })))).toBe("ok: the tool's words");
    expect(ran).toEqual(['{"a":2}']);
    expect(seen).toEqual([{ a: 1 }, { a: 2 }]);
    const judged: Overrides = {
      policy: ({ input }) =>
        isRewritten(input)
          ? { type: "deny", reason: "never that" }
          : { type: "ask", reason: "asks", byDefault: true },
    };
    expect(outcome(await withHooks(hooksWith(), judged))).toBe("denied by policy");
    const guard: RunHooks["beforeTool"] = async ({ input }) =>
      isRewritten(input) ? { type: "deny", reason: "a guard" } : undefined;
    expect(outcome(await withHooks(hooksWith({ beforeTool: guard }), asking({ byDefault: true })))).toBe(
      "denied by hook",
    );
    expect(ran).toEqual([]);
    // A question of a rule is put to people, with what would run.
    const asked: unknown[] = [];
    await withHooks(hooksWith(), {
      ...asking({ rule: "Echo" }),
      ask: async ({ input }) => {
        asked.push(input);
        return { type: "deny", by: "user" };
      },
    });
    expect(asked).toEqual([{ a: 2 }]);
    expect(ran).toEqual([]);
  });

  test("what an allow that counts wants remembered is kept, and stands in the journal as it was kept", async () => {
    const wanted = { rules: ["Echo", "("], scope: "always" } as const;
    const kept: unknown[] = [];
    const hooks: RunHooks = {
      beforeQuestion: async () => ({ type: "allow", reason: "so", remember: wanted }),
      remember: async (remember) => {
        kept.push(remember);
        return { rules: ["Echo"], scope: "session" };
      },
    };
    const { durable } = await withHooks(hooks, asking({ byDefault: true }));
    expect(durable).toContainEqual(
      expect.objectContaining({
        decision: "allow",
        by: "hook",
        remember: { rules: ["Echo"], scope: "session" },
      }),
    );
    await withHooks(hooks, asking({ rule: "Echo" }));
    expect(kept).toEqual([wanted]);
  });

  test("are told of each question that is put, and of no other; a throw changes nothing", async () => {
    const put: string[] = [];
    const hooksWith = (more: RunHooks): RunHooks => ({
      onQuestion: ({ tool }) => {
        put.push(tool);
        throw new Error("broken");
      },
      ...more,
    });
    const allow: RunHooks = { beforeQuestion: async () => ({ type: "allow", reason: "yes" }) };
    expect(outcome(await withHooks(hooksWith({}), asking({ byDefault: true })))).toBe("denied by user");
    expect(outcome(await withHooks(hooksWith(allow), asking({ rule: "Echo" })))).toBe("denied by user");
    expect(put).toEqual(["Echo", "Echo"]);
    await withHooks(hooksWith(allow), asking({ byDefault: true }));
    expect(put).toHaveLength(2);
  });

  test("a throw denies", async () => {
    const hooks: RunHooks = { beforeQuestion: () => Promise.reject(new Error("broken")) };
    expect(outcome(await withHooks(hooks, asking({ byDefault: true })))).toBe("denied by hook");
  });
});

describe("hooks after a tool", () => {
  test("replace what the model reads, not what happened", async () => {
    const content = [{ type: "text", text: "other words" }] as const;
    const arena = await withHooks({ afterTool: async () => ({ type: "replace", content }) });
    expect(outcome(arena)).toBe("ok: other words");
  });

  test("cost a notice when they break, and the outcome stands", async () => {
    const arena = await withHooks({ afterTool: () => Promise.reject(new Error("broken")) });
    expect(outcome(arena)).toBe("ok: the tool's words");
    expect(notices(arena.events)).toContain("hook-broken");
  });
});

describe("hooks on the run", () => {
  test("what a hook says stands after the results of the turn, with origin hook (laws 1 and 13)", async () => {
    const arena = await play({
      script: [call, done],
      toolset: [echo],
      hooks: ({ say, tell }) => ({
        beforeTool: async () => {
          say("mind this");
          tell({ event: "PreToolUse", name: "one", source: "test", outcome: "ok", durationMs: 1 });
          return undefined;
        },
      }),
    });
    expect(arena.session.messages.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "tool",
      "user",
      "assistant",
    ]);
    expect(said(arena)).toEqual(["human: go", "hook: mind this"]);
    expect(arena.durable.filter(({ type }) => type === "hook")).toMatchObject([
      { name: "one", outcome: "ok" },
    ]);
  });

  test("a blocked prompt never stands in the conversation; a hook that breaks there blocks", async () => {
    const blocked = await withHooks({ begin: async () => ({ type: "block", reason: "not this" }) });
    expect(blocked.result.end).toMatchObject({
      reason: "failed",
      error: { code: "prompt-blocked", message: "not this" },
    });
    expect(blocked.session.messages).toEqual([]);
    const broken = await withHooks({ begin: () => Promise.reject(new Error("broken")) });
    expect(broken.result.end).toMatchObject({ reason: "failed", error: { code: "prompt-blocked" } });
  });

  test("stop ends the run with its reason, and nothing starts after it", async () => {
    const arena = await play({
      script: [call, done],
      toolset: [echo],
      hooks: ({ stop }) => ({
        afterTool: async () => {
          stop("enough");
          return undefined;
        },
      }),
    });
    expect(arena.result.end).toMatchObject({
      reason: "failed",
      error: { code: "stopped-by-hook", message: "enough" },
    });
    expect(arena.result.end.turns).toBe(1);
  });

  test("a hook makes a run go on a bounded number of times", async () => {
    const script = Array.from({ length: maxForcedTurns + 3 }, (_, index) => ({ text: `answer ${index}` }));
    const forced: number[] = [];
    const hooks: RunHooks = {
      beforeEnd: async (end) => {
        forced.push(end.forced);
        return { type: "go-on", words: "more" };
      },
    };
    const arena = await withHooks(hooks, { script });
    expect(arena.result.end).toMatchObject({ reason: "completed", turns: maxForcedTurns + 1 });
    expect(forced).toEqual(Array.from({ length: maxForcedTurns + 1 }, (_, index) => index));
    expect(notices(arena.events)).toContain("forced-too-often");
  });

  test("a hook that never answers does not hold a cancelled run", async () => {
    const controller = new AbortController();
    const never: RunHooks = {
      beforeEnd: () => {
        controller.abort();
        return new Promise(() => undefined);
      },
    };
    const arena = await withHooks(never, { signal: controller.signal });
    expect(["cancelled", "completed"]).toContain(arena.result.end.reason);
  });
});

describe("hooks on compaction", () => {
  const compacting: Overrides = {
    prompt: "a long prompt that is said twice",
    script: [call, call, call, done],
    compact: async ({ messages, cause }) =>
      cause === "threshold" && messages.length > 3
        ? { strategy: "drop", edits: [{ from: 1, to: 3, with: [] }] }
        : undefined,
  };

  test("keep the conversation as it is, without planning again", async () => {
    let asked = 0;
    const hooks: RunHooks = {
      beforeCompact: async () => {
        asked += 1;
        return { type: "block", reason: "not now" };
      },
    };
    const arena = await withHooks(hooks, compacting);
    expect(arena.durable.filter(({ type }) => type === "compaction")).toEqual([]);
    expect(asked).toBe(1);
    expect(notices(arena.events)).toContain("compaction-refused");
  });

  test("are heard once, before a strategy that asks pays for a plan, and tell it what to keep", async () => {
    const order: string[] = [];
    const paying = (words: readonly string[]): Overrides => ({
      ...compacting,
      script: [call, call, ...words.map((text) => ({ text })), call, done],
      compact: async ({ messages, begin, ask }, signal) => {
        if (messages.length <= 3 || order.includes("after")) return undefined;
        const leave = await begin?.();
        if (leave === undefined) return undefined;
        order.push(`keep ${leave.instructions}`);
        await ask({ messages: [] }, signal);
        return { strategy: "drop", edits: [{ from: 1, to: 3, with: [] }] };
      },
    });
    const hooksSaying = (verdict: Awaited<ReturnType<NonNullable<RunHooks["beforeCompact"]>>>): RunHooks => ({
      beforeCompact: async ({ cause }) => {
        order.push(`before ${cause}`);
        return verdict;
      },
      afterCompact: async () => void order.push("after"),
    });
    const done1 = await withHooks(hooksSaying({ type: "go-on", instructions: "the names" }), paying(["sum"]));
    expect(order).toEqual(["before threshold", "keep the names", "after"]);
    expect(done1.durable.filter(({ type }) => type === "side-call")).toHaveLength(1);
    order.length = 0;
    const blocked = await withHooks(hooksSaying({ type: "block", reason: "no" }), paying([]));
    expect(order).toEqual(["before threshold"]);
    expect(blocked.durable.filter(({ type }) => type === "side-call" || type === "compaction")).toEqual([]);
    expect(notices(blocked.events)).toContain("compaction-refused");
  });

  test("hear of one that was done", async () => {
    const heard: string[] = [];
    const hooks: RunHooks = {
      beforeCompact: async ({ cause }) => void heard.push(`before ${cause}`),
      afterCompact: async ({ strategy }) => void heard.push(`after ${strategy}`),
    };
    await withHooks(hooks, compacting);
    expect(heard.slice(0, 2)).toEqual(["before threshold", "after drop"]);
  });
});
