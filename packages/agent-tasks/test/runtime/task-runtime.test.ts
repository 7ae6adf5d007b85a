import { plainText } from "@claw/agent-core";
import {
  createTaskRuntime,
  type TaskOutcome,
  type TaskRuntime,
  type TaskSpec,
  tasksOfAgent,
} from "@claw/agent-tasks";
import { describe, expect, test } from "vitest";

const never = new AbortController().signal;
const done: TaskOutcome = { status: "completed", summary: "exit code 0" };

/** A promise with its handle outside. */
function gated(): {
  readonly promise: Promise<TaskOutcome>;
  readonly resolve: (outcome: TaskOutcome) => void;
} {
  let resolve: (outcome: TaskOutcome) => void = () => undefined;
  const promise = new Promise<TaskOutcome>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A task that a test ends by hand; it stops when it is told to. */
function byHand(more: Partial<TaskSpec> = {}): TaskSpec & { readonly end: (outcome: TaskOutcome) => void } {
  const gate = gated();
  return {
    kind: "shell",
    title: "make",
    end: gate.resolve,
    start: (_, signal) =>
      Promise.race([
        gate.promise,
        new Promise<TaskOutcome>((resolve) => {
          signal.addEventListener("abort", () =>
            resolve({ status: "cancelled", summary: "It was stopped." }),
          );
        }),
      ]),
    ...more,
  };
}

const news = (runtime: TaskRuntime): readonly string[] =>
  runtime.inbox().map(({ content }) => plainText(content));
const states = (runtime: TaskRuntime): readonly string[] =>
  runtime.take().map(({ id, status }) => `${id} ${status}`);

describe("R6: every state is reached", () => {
  test("pending, running, completed", async () => {
    const runtime = createTaskRuntime({ maxRunning: 1 });
    const first = byHand();
    const second = byHand();
    expect(runtime.start(first)).toMatchObject({ id: "shell_1", status: "running" });
    expect(runtime.start(second)).toMatchObject({ id: "shell_2", status: "pending" });
    first.end(done);
    expect(await runtime.wait("shell_1", 10_000, never)).toMatchObject({ status: "completed" });
    expect(runtime.get("shell_2")?.status).toBe("running");
    second.end(done);
    await runtime.wait("shell_2", 10_000, never);
    expect(states(runtime)).toEqual([
      "shell_1 pending",
      "shell_1 running",
      "shell_2 pending",
      "shell_1 completed",
      "shell_2 running",
      "shell_2 completed",
    ]);
  });

  test("failed, also by a throw", async () => {
    const runtime = createTaskRuntime();
    runtime.start({
      kind: "agent",
      title: "look",
      start: async () => ({ status: "failed", summary: "no model" }),
    });
    runtime.start({
      kind: "agent",
      title: "look",
      start: () => {
        throw new Error("broken");
      },
    });
    expect(await runtime.wait("agent_1", 10_000, never)).toMatchObject({
      status: "failed",
      summary: "no model",
    });
    expect(await runtime.wait("agent_2", 10_000, never)).toMatchObject({
      status: "failed",
      summary: "broken",
    });
  });

  test("cancelled, while it runs and while it waits for its turn", async () => {
    const runtime = createTaskRuntime({ maxRunning: 1 });
    runtime.start(byHand());
    let started = false;
    runtime.start(
      byHand({
        start: async () => {
          started = true;
          return done;
        },
      }),
    );
    expect(await runtime.stop("shell_2", "Not needed.")).toMatchObject({
      status: "cancelled",
      summary: "Not needed.",
    });
    expect(await runtime.stop("shell_1")).toMatchObject({ status: "cancelled" });
    expect(started).toBe(false);
  });
});

test("T6: 500 at once: only as many run as may, each ends, and close cancels the rest", async () => {
  const runtime = createTaskRuntime({ maxRunning: 7, maxEnded: 1_000 });
  let running = 0;
  let most = 0;
  const spec: TaskSpec = {
    kind: "agent",
    title: "one of many",
    start: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return done;
    },
  };
  for (let count = 0; count < 500; count += 1) runtime.start(spec);
  await runtime.wait("agent_300", 60_000, never);
  await runtime.close();
  const statuses = runtime.list().map(({ status }) => status);
  expect(statuses).toHaveLength(500);
  expect(statuses.every((status) => status === "completed" || status === "cancelled")).toBe(true);
  expect(statuses.filter((status) => status === "completed").length).toBeGreaterThanOrEqual(300);
  expect(most).toBe(7);
  expect(runtime.start(spec)).toMatchObject({ status: "cancelled" });
});

test("what need not wait does not take a turn", () => {
  const runtime = createTaskRuntime({ maxRunning: 1 });
  expect(runtime.start(byHand({ kind: "watch", queue: false })).status).toBe("running");
  expect(runtime.start(byHand()).status).toBe("running");
  expect(runtime.start(byHand({ queue: false })).status).toBe("running");
});

test("a task that ignores its signal is not waited for, and what it says later is dropped (P6)", async () => {
  const runtime = createTaskRuntime({ stopLimitMs: 5 });
  const gate = gated();
  let late = async (): Promise<void> => undefined;
  runtime.start({
    kind: "agent",
    title: "deaf",
    start: async (output) => {
      await output("before");
      late = () => output("after");
      return gate.promise;
    },
  });
  expect(await runtime.stop("agent_1")).toMatchObject({ status: "cancelled" });
  await late();
  gate.resolve(done);
  await gate.promise;
  expect(runtime.get("agent_1")).toMatchObject({ status: "cancelled" });
  expect(runtime.output("agent_1", 0).text).toBe("before");
});

describe("R7: the end of each task is told once", () => {
  test("by a message", async () => {
    const runtime = createTaskRuntime();
    const spec = byHand();
    runtime.start(spec);
    expect(runtime.hasNews()).toBe(false);
    spec.end(done);
    await runtime.wait("shell_1", 10_000, never);
    expect(runtime.hasNews()).toBe(true);
    expect(news(runtime)).toEqual([
      expect.stringMatching(
        /not typed by the user\] shell_1 \(shell: make\) completed after [\d.]+ s: exit code 0$/,
      ),
    ]);
    expect(news(runtime)).toEqual([]);
  });

  test("or in a result", async () => {
    const runtime = createTaskRuntime();
    runtime.start(byHand());
    runtime.markTold("shell_1");
    await runtime.stop("shell_1");
    runtime.markTold("shell_1");
    runtime.markTold("shell_1");
    expect(news(runtime)).toEqual([]);
    expect(runtime.take().map(({ status, told }) => [status, told])).toEqual([
      ["pending", undefined],
      ["running", undefined],
      ["cancelled", undefined],
      ["cancelled", true],
    ]);
  });

  test("also of tasks that an earlier process left, and ids go on", () => {
    const state = { kind: "shell", title: "make" } as const;
    const runtime = createTaskRuntime({
      earlier: {
        tasks: [
          { ...state, id: "shell_1", status: "completed" },
          { ...state, id: "shell_2", status: "running" },
          { ...state, id: "shell_3", status: "failed", summary: "exit code 1" },
        ],
        toldTasks: new Set(["shell_1"]),
      },
    });
    expect(states(runtime)).toEqual(["shell_2 cancelled"]);
    const told = news(runtime);
    expect(told).toHaveLength(2);
    expect(told[0]).toContain("shell_2 (shell: make) cancelled: It was lost");
    expect(told[1]).toContain("shell_3 (shell: make) failed: exit code 1");
    expect(news(runtime)).toEqual([]);
    expect(runtime.start(byHand()).id).toBe("shell_4");
  });
});

test("a listener that throws harms nobody, and one that left hears nothing", () => {
  const runtime = createTaskRuntime();
  let heard = 0;
  runtime.onChange(() => {
    throw new Error("bad listener");
  });
  const forget = runtime.onChange(() => {
    heard += 1;
  });
  runtime.start(byHand());
  expect(heard).toBe(2);
  forget();
  runtime.start(byHand());
  expect(heard).toBe(2);
});

test("memory is bounded: of ended tasks that were told only the latest are kept", async () => {
  const runtime = createTaskRuntime({ maxEnded: 2 });
  for (let count = 0; count < 5; count += 1) {
    const { id } = runtime.start({ kind: "shell", title: "true", start: async () => done });
    await runtime.wait(id, 10_000, never);
    runtime.inbox();
  }
  expect(runtime.list().map(({ id }) => id)).toEqual(["shell_3", "shell_4", "shell_5"]);
  expect(runtime.get("shell_1")).toBeUndefined();
  expect(runtime.output("shell_1", 7)).toEqual({ text: "", next: 7, missed: 0 });
});

test("a wait ends with its limit and with its signal, and the task goes on", async () => {
  const runtime = createTaskRuntime();
  runtime.start(byHand());
  expect(await runtime.wait("shell_1", 1, never)).toMatchObject({ status: "running" });
  expect(await runtime.wait("shell_1", 60_000, AbortSignal.abort())).toMatchObject({ status: "running" });
  expect(await runtime.wait("shell_9", 60_000, never)).toBeUndefined();
});

describe("the tasks of a sub-agent", () => {
  test("have a line of their own, are told to it alone, and end when its work does", async () => {
    const runtime = createTaskRuntime({ maxRunning: 1, maxRunningOfAgent: 1 });
    const own = tasksOfAgent(runtime, "worker-1");
    const [outer, first, second] = [byHand(), byHand(), byHand()];
    runtime.start(outer);
    expect(own.start(first)).toMatchObject({ id: "shell_2", status: "running", agent: "worker-1" });
    expect(own.start(second)).toMatchObject({ id: "shell_3", status: "pending" });
    expect(own.list().map(({ id }) => id)).toEqual(["shell_2", "shell_3"]);
    expect(own.get("shell_1")).toBeUndefined();
    expect(await own.stop("shell_1")).toBeUndefined();
    first.end(done);
    await own.wait("shell_2", 10_000, never);
    expect(runtime.hasNews()).toBe(false);
    runtime.markTold("shell_2"); // the conversation looked at it: the agent has still to be told
    expect(own.hasNews()).toBe(true);
    expect(news(runtime)).toEqual([]);
    expect(news(own)).toHaveLength(1);
    expect(news(own)).toHaveLength(0);
    expect(await own.end()).toEqual(["shell_3"]);
    expect(runtime.get("shell_3")).toMatchObject({ status: "cancelled" });
    expect(runtime.get("shell_1")).toMatchObject({ status: "running" });
    await runtime.close();
  });

  test("that a crash took are written down as lost, and the conversation is not told", () => {
    const lost = {
      id: "shell_1",
      kind: "shell",
      title: "make",
      status: "running",
      agent: "worker-1",
    } as const;
    const runtime = createTaskRuntime({ earlier: { tasks: [lost], toldTasks: new Set() } });
    expect(states(runtime)).toEqual(["shell_1 cancelled"]);
    expect(runtime.hasNews()).toBe(false);
    const again = createTaskRuntime({
      earlier: { tasks: [{ ...lost, status: "cancelled" }], toldTasks: new Set() },
    });
    expect(again.list()).toEqual([]);
  });
});
