import type { AgentEvent } from "@claw/agent-sdk";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCountdown } from "../src/repl/countdown.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const envelope = { seq: 1, run: "r", at: 0 };
const retry = (delayMs: number, more: object = {}): AgentEvent =>
  ({
    ...envelope,
    type: "retry",
    attempt: 1,
    delayMs,
    error: { code: "rate-limit", message: "slow down", retryable: true },
    ...more,
  }) as AgentEvent; // ids of a test

test("L1: a wait counts down second by second, and ends with what comes next", () => {
  const shown: string[] = [];
  const countdown = createCountdown(() => shown.push(countdown.words().trim()));
  countdown.event(retry(3_400));
  expect(countdown.words()).toBe("    asking again in 4 s");
  vi.advanceTimersByTime(2_000);
  countdown.event({ ...envelope, type: "notice", level: "info", code: "x", text: "a task" } as AgentEvent); // as above
  vi.advanceTimersByTime(1_000);
  expect(shown).toEqual(["asking again in 3 s", "asking again in 2 s", "asking again in 1 s"]);
  countdown.event({ ...envelope, type: "turn-start", turn: 2 } as AgentEvent); // as above
  expect(countdown.words()).toBe("");
  vi.advanceTimersByTime(10_000);
  expect(shown).toHaveLength(3);
});

test("L1: a short wait, a sub-agent's and another model need no counting; the end of the view ends it", () => {
  const countdown = createCountdown(() => undefined);
  for (const event of [retry(500), retry(0), retry(60_000, { parent: { call: "c", run: "p" } })]) {
    countdown.event(event);
    expect(countdown.words()).toBe("");
  }
  countdown.event(retry(60_000));
  expect(vi.getTimerCount()).toBe(1);
  countdown.end();
  expect(vi.getTimerCount()).toBe(0);
});
