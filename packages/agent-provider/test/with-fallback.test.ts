import type {
  AgentEvent,
  Message,
  Model,
  ModelDelta,
  ModelFault,
  ModelFaultCode,
  ModelRef,
} from "@claw/agent-core";
import { foldSession, plainText, run, text, toolCalls } from "@claw/agent-core";
import { scriptedToolbox } from "@claw/agent-core/testing";
import { fallbackFaults, type NamedModel, withFallback, withRetry } from "@claw/agent-provider";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { manualClock } from "./support/manual-clock.ts";
import { bashTool, hello, request, result, user } from "./support/requests.ts";
import { modelAt, wireCases, withMock } from "./support/wires.ts";

interface Named extends NamedModel {
  readonly asked: () => number;
}

type Answer = { readonly says: string } | { readonly fails: ModelFaultCode; readonly after?: string };

/** A model that answers from a list, the last answer for ever. Each request costs 5 micro-dollars. */
function named(id: string, ...answers: readonly Answer[]): Named {
  const ref: ModelRef = { provider: "test", id };
  let asked = 0;
  const model: Model = async function* () {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    const said = answer === undefined ? "" : "says" in answer ? answer.says : (answer.after ?? "");
    if (said !== "") yield { type: "text-delta", index: 0, delta: said };
    const content = said === "" ? [] : [text(said)];
    const usage = { input: 1, output: 1, cost: 5 };
    if (answer === undefined || "says" in answer) {
      return { role: "assistant", model: ref, content, stop: { reason: "end" }, usage };
    }
    const error: ModelFault = { code: answer.fails, message: `${id} fails`, retryable: true };
    return { role: "assistant", model: ref, content, stop: { reason: "error", error }, usage };
  };
  return { model, ref, asked: () => asked };
}

const switches = (deltas: readonly ModelDelta[]): readonly ModelDelta[] =>
  deltas.filter((delta) => delta.type === "retry" && delta.fallback !== undefined);

describe("L13: another model answers when one fails", () => {
  test.each([...fallbackFaults])("%s: the next is asked, and the stream says why", async (code) => {
    const [first, second] = [named("a", { fails: code }), named("b", { says: "hi" })];
    const both = withFallback([first, second]);
    const { deltas, message } = await collect(both.model, hello);
    expect(both.ref).toEqual(first.ref);
    expect(message).toMatchObject({ model: second.ref, stop: { reason: "end" } });
    expect(deltas[0]).toEqual({
      type: "retry",
      attempt: 1,
      delayMs: 0,
      error: { code, message: "a fails", retryable: true },
      fallback: { from: first.ref, to: second.ref },
    });
  });

  test.each(["bad-request", "context-overflow", "model-broken"] as const)(
    "%s is no reason: another would fail the same way, or it is for others to mend",
    async (code) => {
      const second = named("b", { says: "hi" });
      const { message, deltas } = await collect(
        withFallback([named("a", { fails: code }), second]).model,
        hello,
      );
      expect(message.stop).toMatchObject({ error: { code } });
      expect(deltas).toEqual([]);
      expect(second.asked()).toBe(0);
    },
  );

  test("L4: once something was shown, nobody else is asked", async () => {
    const second = named("b", { says: "hi" });
    const first = named("a", { fails: "overloaded", after: "Half a" });
    const { message } = await collect(withFallback([first, second]).model, hello);
    expect(message).toMatchObject({ model: first.ref, stop: { reason: "error" } });
    expect(plainText(message.content)).toBe("Half a");
    expect(second.asked()).toBe(0);
  });

  test("all fail: the last one's fault is the answer, and what was spent is counted", async () => {
    const three = [
      named("a", { fails: "overloaded" }),
      named("b", { fails: "network" }),
      named("c", { fails: "auth" }),
    ] as const;
    const { message, deltas } = await collect(withFallback(three).model, hello);
    expect(message.stop).toMatchObject({ error: { code: "auth" } });
    expect(message.usage.cost).toBe(15);
    expect(switches(deltas)).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
  });

  test("each request begins with the first model again", async () => {
    const first = named("a", { fails: "overloaded" }, { says: "back" });
    const both = withFallback([first, named("b", { says: "hi" })]);
    expect((await collect(both.model, hello)).message.model.id).toBe("b");
    expect((await collect(both.model, hello)).message.model.id).toBe("a");
  });

  test("a model that failed three times in a row rests five minutes, and then gets one try", async () => {
    const clock = manualClock();
    const first = named("a", { fails: "overloaded" });
    const both = withFallback([first, named("b", { says: "hi" })], { clock });
    for (let turn = 0; turn < 5; turn += 1) await collect(both.model, hello);
    expect(first.asked()).toBe(3);
    clock.advance(300_000);
    for (let turn = 0; turn < 5; turn += 1) await collect(both.model, hello);
    expect(first.asked()).toBe(4);
  });

  test("it rests no longer when the clock is set back", async () => {
    const clock = manualClock();
    let set = 0;
    const options = { clock: { ...clock, now: () => clock.now() + set, monotonic: clock.now } };
    const first = named("a", { fails: "overloaded" });
    const both = withFallback([first, named("b", { says: "hi" })], options);
    for (let turn = 0; turn < 3; turn += 1) await collect(both.model, hello);
    set = -86_400_000;
    clock.advance(300_000);
    await collect(both.model, hello);
    expect(first.asked()).toBe(4);
  });

  test("a success wipes out the failures before it", async () => {
    const fails: Answer = { fails: "server" };
    const first = named("a", fails, fails, { says: "ok" }, fails, fails, { says: "ok" });
    const both = withFallback([first, named("b", { says: "hi" })]);
    for (let turn = 0; turn < 6; turn += 1) await collect(both.model, hello);
    expect(first.asked()).toBe(6);
  });

  test("when all rest, the first is asked all the same", async () => {
    const [first, second] = [named("a", { fails: "server" }), named("b", { fails: "server" })];
    const both = withFallback([first, second], { maxFailures: 1, clock: manualClock() });
    await collect(both.model, hello);
    await collect(both.model, hello);
    expect([first.asked(), second.asked()]).toEqual([2, 2]);
  });

  test("W1: an abort while one fails asks nobody else", async () => {
    const controller = new AbortController();
    const second = named("b", { says: "hi" });
    const stopping: Model = async function* (asked, signal) {
      controller.abort();
      return yield* named("a", { fails: "overloaded" }).model(asked, signal);
    };
    const both = withFallback([{ model: stopping, ref: { provider: "test", id: "a" } }, second]);
    await collect(both.model, hello, controller.signal);
    expect(second.asked()).toBe(0);
  });

  test("leaving the stream at the change asks nobody else", async () => {
    const second = named("b", { says: "hi" });
    for await (const _ of withFallback([named("a", { fails: "server" }), second]).model(
      hello,
      new AbortController().signal,
    ))
      break;
    expect(second.asked()).toBe(0);
  });
});

test("a run tells of the change as an event, and goes on", async () => {
  const [first, second] = [named("a", { fails: "overloaded" }), named("b", { says: "hi" })];
  const handle = run({
    ...withFallback([first, second]),
    tools: scriptedToolbox([]),
    policy: () => undefined,
    session: foldSession(),
    prompt: "hello",
    cwd: "/",
  });
  const events: AgentEvent[] = [];
  for await (const event of handle) events.push(event);
  expect(events.find((event) => event.type === "retry")).toMatchObject({
    attempt: 1,
    error: { code: "overloaded" },
    fallback: { from: first.ref, to: second.ref },
  });
  expect(await handle.result).toMatchObject({ text: "hi", end: { reason: "completed" } });
});

describe("law 10: no model sees another's replay data", () => {
  const pairs = wireCases.flatMap((first) =>
    wireCases.filter((second) => second !== first).map((second) => [first, second] as const),
  );

  test.each(pairs)(
    "$name, then another vendor in the middle of a tool turn, then back",
    async (first, second) => {
      const script = [
        {
          reasoning: "Secret of the first.",
          text: "Looking.",
          toolCalls: [{ name: "Bash", input: { command: "ls" } }],
        },
        { fault: { type: "status", status: 529 } },
        {
          reasoning: "Secret of the second.",
          toolCalls: [{ name: "Bash", input: { command: "pwd" } }],
        },
        { text: "Done." },
      ] as const;
      await withMock(script, async (mock) => {
        const both = withFallback([
          { model: withRetry(modelAt(mock, first.protocol()), { maxAttempts: 1 }), ref: first.ref },
          { model: modelAt(mock, second.protocol()), ref: second.ref },
        ]);
        const messages: Message[] = [user("look around")];
        for (const id of [first.ref, second.ref, first.ref]) {
          const { message } = await collect(both.model, request(messages, { tools: [bashTool] }));
          expect(message.model).toEqual(id);
          messages.push(message);
          for (const made of toolCalls(message)) {
            messages.push({ ...result("x", made.name, "a.txt"), call: made.id });
          }
        }
        expect(mock.requests.map(({ wire }) => wire)).toEqual([
          first.name,
          first.name,
          second.name,
          first.name,
        ]);
        expect(mock.requests[2]?.raw).not.toContain("Secret of the first.");
        expect(mock.requests[3]?.raw).not.toContain("Secret of the second.");
      });
    },
  );
});
