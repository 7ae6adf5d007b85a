import {
  type Compact,
  type CompactView,
  foldSession,
  type Message,
  maxCompactionsInARow,
  text,
  type UserMessage,
} from "@claw/agent-core";
import { scriptedModel } from "@claw/agent-core/testing";
import { describe, expect, test } from "vitest";
import { play } from "./arena.ts";

const echo = { name: "Echo", effects: [], run: async () => "x".repeat(400) };
const summary: UserMessage = { role: "user", origin: "compaction", content: [text("so far: nothing")] };

/** Puts a summary in the place of all but the human's last words, and of what came behind them. */
function allBefore(messages: readonly Message[]) {
  const last = messages.findLastIndex(
    ({ role, ...rest }) => role === "user" && Reflect.get(rest, "origin") === "human",
  );
  return { strategy: "sum", edits: [{ from: 0, to: last, with: [summary] }] };
}

/** A session with something in it that can be left out. */
async function past(): Promise<ReturnType<typeof foldSession>> {
  const { durable } = await play({
    prompt: "y".repeat(2_000),
    script: [{ text: "z".repeat(2_000), usage: { input: 7 } }],
  });
  return foldSession(durable);
}

describe("rank 2: making room", () => {
  test("a conversation that cannot be made to fit ends the run before the request that would fail", async () => {
    const { result, events } = await play({
      compact: async () => ({ exhausted: "There is no room.", handOver: "The work stands at step 3." }),
    });
    expect(result.end).toMatchObject({
      reason: "context-exhausted",
      error: { code: "context-overflow", message: "There is no room." },
      handOver: "The work stands at step 3.",
    });
    expect(events.some((event) => event.type === "message-delta")).toBe(false);
  });

  test("what is asked on the side is paid, journaled, and not shown as part of the conversation", async () => {
    const seen: string[] = [];
    const compact: Compact = async ({ messages, ask, compactions }, signal) => {
      if (compactions > 0) return undefined;
      const reply = await ask({ system: "sum it up", messages: [summary] }, signal);
      seen.push(JSON.stringify(reply.content));
      return allBefore(messages);
    };
    const session = await past();
    const paid = session.usage.output ?? 0;
    const { result, events, durable } = await play({
      session,
      compact,
      script: (request) =>
        request.system === "sum it up"
          ? { text: "a summary", usage: { input: 30, output: 5 } }
          : { text: "hello", usage: { input: 10, output: 1 } },
    });
    expect(seen).toEqual([expect.stringContaining("a summary")]);
    expect(result.end).toMatchObject({ reason: "completed", usage: { input: 40, output: 6 } });
    expect(session.usage.output).toBe(paid + 6);
    expect(durable).toContainEqual(
      expect.objectContaining({ type: "side-call", purpose: "compaction", usage: { input: 30, output: 5 } }),
    );
    const shown = events.flatMap((event) =>
      event.type === "message-delta" ? [JSON.stringify(event.delta)] : [],
    );
    expect(shown.join()).toContain("hello");
    expect(shown.join()).not.toContain("summary");
  });

  test("rank 6: what failed before a model saw it has cost nothing: under a money limit the run goes on", async () => {
    const { result } = await play({
      script: ({ system, messages }) => {
        if (system === "sum it up")
          return { fault: { code: "network", message: "Connection refused.", retryable: true } };
        const usage = { input: 1, cost: 3 };
        return messages.length > 1 ? { text: "done", usage } : { calls: [{ name: "Echo" }], usage };
      },
      toolset: [echo],
      limits: { maxCost: 100 },
      compact: async ({ ask }, signal) => {
        await ask({ system: "sum it up", messages: [summary] }, signal);
        return undefined;
      },
    });
    expect(result.end).toMatchObject({ reason: "completed", usage: { cost: 6 } });
  });

  test("rank 6: with nothing left to pay it from, it is not asked", async () => {
    const refused: unknown[] = [];
    const { result } = await play({
      script: [{ calls: [{ name: "Echo" }], usage: { input: 50, output: 60 } }, { text: "done" }],
      toolset: [echo],
      limits: { maxTokens: 100 },
      compact: async ({ messages, ask }, signal) => {
        if (messages.length < 3) return undefined;
        refused.push(await ask({ messages: [summary] }, signal).catch((error) => error.fault.code));
        return undefined;
      },
    });
    expect(result.end.reason).toBe("budget");
    expect(refused.every((code) => code === "budget")).toBe(true);
  });

  test("compact_does_not_repeat: room that has to be made before every request is given up on, within the bound", async () => {
    const model = scriptedModel(() => ({ calls: [{ name: "Echo", input: Math.random() }] }));
    let made = 0;
    const { result } = await play({
      session: await past(),
      model: model.model,
      toolset: [echo],
      limits: { maxTurns: 50 },
      compact: async ({ messages }) => {
        made += 1;
        const last = messages.findLastIndex((message) => message.role === "tool");
        if (last < 0) return allBefore(messages);
        const tool = messages[last];
        if (tool?.role !== "tool") return undefined;
        const cleared = { ...tool, outcome: { status: "ok", content: [text("cleared")] } } as const;
        return { strategy: "clear", edits: [{ from: last, to: last + 1, with: [cleared] }] };
      },
    });
    expect(result.end.reason).toBe("context-exhausted");
    expect(made).toBe(maxCompactionsInARow + 1);
    expect(model.requests).toHaveLength(maxCompactionsInARow);
  });

  test("a request in between that needs none starts the count anew", async () => {
    let turn = 0;
    const { result } = await play({
      session: await past(),
      script: () => (turn < 12 ? { calls: [{ name: "Echo", input: turn }] } : { text: "done" }),
      toolset: [echo],
      compact: async ({ messages }) => {
        turn += 1;
        if (turn % 3 === 0) return undefined;
        const tool = messages.at(-1);
        if (tool?.role !== "tool") return allBefore(messages);
        const cleared = { ...tool, outcome: { status: "ok", content: [text("cleared")] } } as const;
        return {
          strategy: "clear",
          edits: [{ from: messages.length - 1, to: messages.length, with: [cleared] }],
        };
      },
    });
    expect(result.end.reason).toBe("completed");
  });

  test("by hand: the strategy is told what to keep, and the model is asked nothing else", async () => {
    const views: CompactView[] = [];
    const model = scriptedModel([]);
    const session = await past();
    const { result, events } = await play({
      session,
      model: model.model,
      prompt: [],
      onlyMakeRoom: { instructions: "keep the names" },
      compact: async (view) => {
        views.push(view);
        return { strategy: "sum", edits: [{ from: 1, to: 2, with: [] }] };
      },
    });
    expect(views).toMatchObject([{ cause: "manual", instructions: "keep the names", compactions: 0 }]);
    expect(result.end).toMatchObject({ reason: "completed", turns: 0 });
    expect(model.requests).toHaveLength(0);
    expect(session.messages).toHaveLength(1);
    expect(events.filter((event) => event.type === "compaction")).toHaveLength(1);
  });

  test("the last count of the provider is of no use once the conversation is another", async () => {
    const counts: unknown[] = [];
    const session = await past();
    expect(session.lastUsage).toBeDefined();
    await play({
      session,
      script: [{ calls: [{ name: "Echo" }], stop: "tool-calls" }, { text: "done" }],
      toolset: [echo],
      compact: async ({ messages, lastUsage, compactions }) => {
        counts.push([compactions, lastUsage?.input]);
        return compactions === 0 ? allBefore(messages) : undefined;
      },
    });
    expect(counts[0]).toEqual([0, 7]);
    expect(session.compactions).toBe(1);
  });
});
