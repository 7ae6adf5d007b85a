import type {
  AssistantMessage,
  Model,
  ModelDelta,
  ModelFault,
  ModelRef,
  Stop,
  Usage,
} from "@claw/agent-core";
import { text } from "@claw/agent-core";
import { type RetryOptions, withRetry } from "@claw/agent-provider";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { type ManualClock, manualClock } from "./support/manual-clock.ts";
import { hello } from "./support/requests.ts";

const model: ModelRef = { provider: "p", id: "m" };

interface Attempt {
  readonly said?: string;
  readonly stop?: Stop;
  readonly usage?: Usage;
}

function message({ said = "", stop = { reason: "end" }, usage = {} }: Attempt): AssistantMessage {
  return { role: "assistant", model, content: said === "" ? [] : [text(said)], stop, usage };
}

/** Makes the given attempts in order, the last one for ever, and counts them. */
function attempts(...list: readonly Attempt[]): { readonly model: Model; readonly count: () => number } {
  let count = 0;
  return {
    count: () => count,
    model: async function* () {
      const attempt = list[Math.min(count, list.length - 1)] ?? {};
      count += 1;
      if (attempt.said !== undefined) yield { type: "text-delta", index: 0, delta: attempt.said };
      return message(attempt);
    },
  };
}

function failure(code: ModelFault["code"], more: Partial<ModelFault> = {}): Attempt {
  const error: ModelFault = { code, message: code, retryable: true, ...more };
  return { stop: { reason: "error", error } };
}

/** A clock whose time passes by itself as soon as somebody sleeps. */
function eagerClock(): ManualClock {
  const clock = manualClock();
  return {
    ...clock,
    after: (ms, run) => {
      const cancel = clock.after(ms, run);
      queueMicrotask(() => clock.advance(ms));
      return cancel;
    },
  };
}

async function run(model: Model, options: RetryOptions = {}) {
  const retrying = withRetry(model, { clock: eagerClock(), random: () => 1, ...options });
  const { deltas, message: reply } = await collect(retrying, hello);
  const waits = deltas.flatMap((delta) => (delta.type === "retry" ? [delta.delayMs] : []));
  return { deltas, reply, waits };
}

describe("V7 L1 error_429_retry_after, error_529_then_ok", () => {
  test("a failure that may pass is sent again, and each wait is announced", async () => {
    const error = failure("overloaded");
    const script = attempts(error, error, { said: "hi" });
    const { deltas, reply } = await run(script.model);
    expect(reply).toMatchObject({ stop: { reason: "end" }, content: [{ text: "hi" }] });
    expect(script.count()).toBe(3);
    expect(deltas).toEqual([
      { type: "retry", attempt: 1, delayMs: 500, error: error.stop?.reason === "error" && error.stop.error },
      { type: "retry", attempt: 2, delayMs: 1000, error: error.stop?.reason === "error" && error.stop.error },
      { type: "text-delta", index: 0, delta: "hi" },
    ]);
  });

  test("waits grow by two up to the longest, with jitter downwards", async () => {
    const always = attempts(failure("server"));
    const options = { maxAttempts: 5, baseDelayMs: 100, maxDelayMs: 300 };
    expect((await run(always.model, options)).waits).toEqual([100, 200, 300, 300]);
    expect((await run(always.model, { ...options, random: () => 0 })).waits).toEqual([50, 100, 150, 150]);
  });

  test("a vendor's wait is kept, never shortened, and capped", async () => {
    const told = (ms: number): Promise<readonly number[]> =>
      run(attempts(failure("rate-limit", { retryAfterMs: ms }), {}).model, { random: () => 0 }).then(
        ({ waits }) => waits,
      );
    expect(await told(7000)).toEqual([7000]);
    expect(await told(1e12)).toEqual([60_000]);
    expect(await told(-5)).toEqual([250]);
    const jittered = await run(attempts(failure("rate-limit", { retryAfterMs: 7000 }), {}).model);
    expect(jittered.waits).toEqual([7700]);
  });

  test.each([0, 1, 100])("a vendor that asks for %s ms is not stormed: our own waits hold", async (ms) => {
    const always = attempts(failure("overloaded", { retryAfterMs: ms }));
    const { waits } = await run(always.model);
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  test("a wait that is short is never shortened further", async () => {
    const short = attempts(failure("rate-limit", { retryAfterMs: 400 }), {});
    expect((await run(short.model, { random: () => 0 })).waits).toEqual([400]);
  });
});

describe("L13 error_500_exhausted", () => {
  test("attempts are bounded, and the last error is the answer", async () => {
    const always = attempts(failure("server"));
    const { reply } = await run(always.model);
    expect(always.count()).toBe(6);
    expect(reply.stop).toMatchObject({ reason: "error", error: { code: "server" } });
  });

  test("the time is bounded", async () => {
    const always = attempts(failure("rate-limit", { retryAfterMs: 60_000 }));
    await run(always.model, { maxTotalMs: 130_000, random: () => 0 });
    expect(always.count()).toBe(3);
  });

  test("the time is that which passed, whatever the clock is set to", async () => {
    const clock = eagerClock();
    let set = 0;
    const now = (): number => {
      set += 3_600_000;
      return clock.now() + set;
    };
    const tired = { ...clock, monotonic: clock.now, now };
    const failing = attempts(failure("server"), failure("server"), { said: "hi" });
    expect((await run(failing.model, { clock: tired })).reply).toMatchObject({ stop: { reason: "end" } });
  });

  test("L3: no connection is given up sooner", async () => {
    const always = attempts(failure("network"));
    await run(always.model);
    expect(always.count()).toBe(3);
  });

  test("L11 empty_reply: asked once more, no oftener", async () => {
    const always = attempts(failure("empty-reply"));
    const { reply } = await run(always.model);
    expect(always.count()).toBe(2);
    expect(reply.stop).toMatchObject({ error: { code: "empty-reply" } });
  });
});

test.each(["auth", "bad-request", "context-overflow", "unknown-model", "bad-response"] as const)(
  "L2: %s is not sent again",
  async (code) => {
    const once = attempts(failure(code, { retryable: false }), { said: "hi" });
    await run(once.model);
    expect(once.count()).toBe(1);
  },
);

test("L4 stream_cut_after_text: once something was shown, nothing is sent again", async () => {
  const cut = attempts({ ...failure("interrupted"), said: "half" }, { said: "hi" });
  const { reply, waits } = await run(cut.model);
  expect(cut.count()).toBe(1);
  expect(waits).toEqual([]);
  expect(reply).toMatchObject({ content: [{ text: "half" }], stop: { error: { code: "interrupted" } } });
});

test("money spent on failed attempts is counted; tokens are those of the last", async () => {
  const script = attempts(
    { ...failure("empty-reply"), usage: { input: 5, output: 1, cost: 30 } },
    { said: "hi", usage: { input: 5, output: 2, cost: 40 } },
  );
  expect((await run(script.model)).reply.usage).toEqual({ input: 5, output: 2, cost: 70 });
});

test("complaint 6: a sum with one price that is not known is not known, and a failure that was not served costs nothing", async () => {
  const usage = { input: 5, output: 1 };
  const known = { said: "hi", usage: { ...usage, cost: 40 } };
  const sums: readonly (readonly [Attempt, Attempt, number | undefined])[] = [
    [{ ...failure("empty-reply"), usage }, known, undefined],
    [{ ...failure("empty-reply"), usage: { ...usage, cost: 30 } }, { said: "hi", usage }, undefined],
    [{ ...failure("empty-reply"), usage: { ...usage, cost: 30 } }, { said: "hi" }, undefined],
    [failure("overloaded"), known, 40],
    [failure("overloaded"), failure("auth", { retryable: false }), undefined],
  ];
  for (const [first, second, cost] of sums)
    expect((await run(attempts(first, second).model)).reply.usage.cost).toBe(cost);
});

test("W1 L1: a wait ends at once when the signal fires", async () => {
  const controller = new AbortController();
  const clock = manualClock();
  const always = attempts(failure("rate-limit", { retryAfterMs: 50_000 }));
  const running = collect(withRetry(always.model, { clock, random: () => 0 }), hello, controller.signal);
  await clock.waitingFor(50_000);
  controller.abort();
  expect((await running).message.stop).toEqual({ reason: "aborted" });
  expect(always.count()).toBe(1);
});

test("leaving the stream leaves the model", async () => {
  let left = false;
  const endless: Model = async function* () {
    try {
      for (;;) yield await Promise.resolve<ModelDelta>({ type: "text-delta", index: 0, delta: "x" });
    } finally {
      left = true;
    }
  };
  for await (const _ of withRetry(endless)(hello, new AbortController().signal)) break;
  expect(left).toBe(true);
});
