import { type DurableEvent, foldSession, runId, text, toolCallId } from "@claw/agent-core";
import { expect, test } from "vitest";

const outer = toolCallId("outer");

/** What the journal of a session has in which a sub-agent works: everything it does is under the call that started it. */
function journal(): readonly DurableEvent[] {
  const model = { provider: "test", id: "model" };
  const common = { run: runId("r"), at: 1 };
  const inner = ["a", "b", "c"].map((name, index): DurableEvent => {
    const call = { type: "tool-call", id: toolCallId(`inner-${name}`), name: "Look", input: {} } as const;
    const usage = { input: 10 };
    const message = {
      role: "assistant",
      model,
      content: [call],
      stop: { reason: "tool-calls" },
      usage,
    } as const;
    return { ...common, seq: index + 2, parent: outer, type: "message", message };
  });
  const said = { role: "user", origin: "human", content: [text("go")] } as const;
  return [{ ...common, seq: 1, type: "message", message: said }, ...inner];
}

test("what a call ran with in place of what its message says is known, until the conversation is let go of, and again after", () => {
  const common = { run: runId("r"), at: 1, type: "permission-decision", tool: "Look", effects: [] } as const;
  const decided = { ...common, decision: "allow", by: "policy", reason: "allowed" } as const;
  const call = toolCallId("call");
  const fold = foldSession([{ ...decided, seq: 1, call, input: { path: "b" } }]);
  expect([...fold.rewrittenInputs]).toEqual([[call, { path: "b" }]]);
  const whole = foldSession([{ ...decided, seq: 1, call, input: { path: "b" } }]);
  fold.letGo();
  expect(fold.rewrittenInputs.size).toBe(0);
  fold.takeUp(whole);
  expect([...fold.rewrittenInputs]).toEqual([[call, { path: "b" }]]);
  fold.apply({ ...decided, seq: 2, call });
  expect(fold.rewrittenInputs.size).toBe(0);
});

test("rank 14: what happens while a conversation is taken up again is not missing from it, and is counted once", () => {
  const events = journal();
  const live = foldSession(events.slice(0, 2));
  live.letGo();
  live.prepare();
  const read = foldSession(events.slice(0, 3));
  for (const event of events.slice(2)) live.apply(event);
  live.takeUp(read);
  const whole = foldSession(events);
  expect(live.messages).toEqual(whole.messages);
  expect([...live.callIds].sort()).toEqual([...whole.callIds].sort());
  expect(live.usage).toEqual(whole.usage);
  expect(live.lastSeq).toBe(4);
});

test("what a compaction changes moves all reasoning behind it, and nothing before it; a cut at the end moves none", () => {
  const model = { provider: "test", id: "model" };
  const common = { run: runId("r"), at: 1 } as const;
  const said = (words: string) => ({ role: "user", origin: "human", content: [text(words)] }) as const;
  const thought = (words: string) =>
    ({
      role: "assistant",
      model,
      content: [
        { type: "reasoning", text: words, replay: { model, data: words } },
        { type: "reasoning", text: "unsigned" },
        text(words),
      ],
      stop: { reason: "end" },
      usage: {},
    }) as const;
  const events: readonly DurableEvent[] = [
    said("1"),
    thought("a"),
    said("2"),
    thought("b"),
    said("3"),
    thought("c"),
  ].map((message, index) => ({ ...common, seq: index + 1, type: "message", message }));
  const moved = (fold: ReturnType<typeof foldSession>): readonly unknown[] =>
    fold.messages.flatMap((message) =>
      message.role === "assistant"
        ? message.content.flatMap((part) =>
            part.type === "reasoning" && part.replay ? [part.replay.moved] : [],
          )
        : [],
    );
  const edit = { from: 2, to: 3, with: [said("2, shorter")] };
  const compaction = {
    ...common,
    seq: 7,
    type: "compaction",
    strategy: "x",
    cause: "threshold",
    before: 2,
    after: 1,
  } as const;
  const shorter = foldSession([...events, { ...compaction, edits: [edit] }]);
  expect(moved(shorter)).toEqual([undefined, true, true]);
  expect(shorter.messages[1]).toBe(events[1]?.type === "message" ? events[1].message : undefined);
  expect(JSON.stringify(shorter.messages)).toContain('"data":"b","moved":true');

  const cut = foldSession([
    ...events,
    { ...common, seq: 7, type: "rewind", edits: [{ from: 4, to: 6, with: [] }] } as never,
  ]);
  expect(moved(cut)).toEqual([undefined, undefined]);
});
