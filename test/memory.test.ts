import { softBacklog } from "@claw/agent-core";
import { runProgram } from "@claw/testkit";
import { expect, test } from "vitest";

// The bounds are several times what is measured (docs/performance.md has those numbers): they tell growth from noise.

const patience = 120_000;

test("2,000 turns of a session keep their messages and nothing else", { timeout: patience }, async () => {
  const { messages, kbPerTurn } = await push("turns");
  expect(messages).toBe(4_000);
  expect(kbPerTurn).toBeLessThan(4);
});

test("500 sessions that were closed leave nothing", { timeout: patience }, async () => {
  const { mbGrown, filesGrown } = await push("sessions");
  expect(mbGrown).toBeLessThan(5);
  expect(filesGrown).toBe(0);
});

test("a listener that never reads holds a bounded backlog, with all that is durable", {
  timeout: patience,
}, async () => {
  const { mbGrown, deltas, kept, last, reason } = await push("listener");
  expect(reason).toBe("completed");
  expect(deltas).toBeGreaterThan(10 * softBacklog.events);
  expect(kept).toBeLessThan(softBacklog.events + 100);
  expect(last).toBe("run-end");
  expect(mbGrown).toBeLessThan(40);
});

test("P7: a command that prints for ever fills its file and no memory", { timeout: patience }, async () => {
  const { mbGrown, mbSpilled, reason } = await push("output");
  expect(reason).toBe("cancelled");
  expect(mbSpilled).toBeGreaterThan(60);
  expect(mbSpilled).toBeLessThan(70);
  expect(mbGrown).toBeLessThan(60);
});

test("a model that never stops is cut off, with a fault that says so", { timeout: patience }, async () => {
  const { mbGrown, mbSent, reason, code } = await push("stream");
  expect({ reason, code }).toEqual({ reason: "failed", code: "bad-response" });
  expect(mbSent).toBeLessThan(100);
  expect(mbGrown).toBeLessThan(700);
});

test("rank 14, S9: a session of 10,000 messages and 100 MB opens in the memory of its words", {
  timeout: patience,
}, async () => {
  const { mbHeld, mbPeak, messages } = await push("resume");
  expect(messages).toBe(10_002);
  expect(mbHeld).toBeLessThan(150);
  expect(mbPeak).toBeLessThan(450);
});

test("rank 14, rank 2: of a session that no model can be sent whole, what is left out before the first request is not held", {
  timeout: patience,
}, async () => {
  const { mbHeld, messages } = await push("shrunk");
  expect(messages).toBeLessThan(100);
  expect(mbHeld).toBeLessThan(12);
});

test("rank 14: of a session that was compacted, what was left out is not held", {
  timeout: patience,
}, async () => {
  const { mbHeld, messages } = await push("compacted");
  expect(messages).toBe(5);
  expect(mbHeld).toBeLessThan(12);
});

test("rank 14: 24 idle agents that sleep hold none of their conversations, and wake with all of them", {
  timeout: patience,
}, async () => {
  const { mbAsleep, mbOnDisk, messages } = await push("hibernate");
  expect(mbOnDisk).toBe(96);
  // Awake they hold all that is on disk.
  expect(mbAsleep).toBeLessThan(8);
  expect(messages).toBe(404);
});

/** Runs one scenario in a process of its own, with the built packages. */
async function push(scenario: string): Promise<Readonly<Record<string, unknown>>> {
  const { code, stdout, stderr } = await runProgram({
    argv: [process.execPath, "--expose-gc", "bench/memory.js", scenario],
    timeoutMs: patience,
  });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}
