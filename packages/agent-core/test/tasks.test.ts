import {
  createSessionStream,
  type DurableEvent,
  foldSession,
  memoryJournal,
  recordBetweenRuns,
  sessionId,
  type TaskFeed,
  type TaskState,
  text,
  type UserMessage,
} from "@claw/agent-core";
import { expect, test } from "vitest";
import { play } from "./arena.ts";

const task = (status: TaskState["status"], more: Partial<TaskState> = {}): TaskState => ({
  id: "shell_1",
  kind: "shell",
  title: "make",
  status,
  ...more,
});
const notice: UserMessage = { role: "user", origin: "task", task: "shell_1", content: [text("It ended.")] };

/** A feed that a test changes by hand. */
function handFeed(): TaskFeed & { readonly change: (state: TaskState) => void } {
  const listeners = new Set<() => void>();
  const tasks = new Map<string, TaskState>();
  let edges: TaskState[] = [];
  return {
    list: () => [...tasks.values()],
    take: () => edges.splice(0),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change: (state) => {
      tasks.set(state.id, state);
      edges = [...edges, state];
      for (const listener of listeners) listener();
    },
  };
}

test("each state of a task is a durable edge, and the level after it is the whole list", async () => {
  const feed = handFeed();
  const tool = {
    name: "Start",
    run: async () => {
      feed.change(task("pending"));
      feed.change(task("running"));
      return "started";
    },
  };
  feed.change(task("running", { id: "shell_0" }));
  const { events, result, session } = await play({
    tasks: feed,
    toolset: [tool],
    script: [{ calls: [{ name: "Start", input: {} }] }, { text: "done" }],
  });
  const edges = events.flatMap((event) =>
    event.type === "task" ? [`${event.task.id} ${event.task.status}`] : [],
  );
  expect(edges).toEqual(["shell_0 running", "shell_1 pending", "shell_1 running"]);
  const levels = events.flatMap((event) => (event.type === "tasks" ? [event.tasks.length] : []));
  expect(levels).toEqual([1, 2, 2]);
  expect(result.end.unfinishedTasks).toEqual(["shell_0", "shell_1"]);
  feed.change(task("completed"));
  expect(session.tasks.map(({ status }) => status)).toEqual(["running", "running"]);
  expect(feed.take()).toHaveLength(1);
});

test("a feed that throws is said once and does not hold up the run", async () => {
  const feed = handFeed();
  const broken: TaskFeed = {
    ...feed,
    take: () => {
      throw new Error("no");
    },
  };
  feed.change(task("running"));
  const { events, result } = await play({ tasks: broken });
  expect(result.end.reason).toBe("completed");
  expect(events.filter((event) => event.type === "notice" && event.code === "tasks-broken")).toHaveLength(1);
});

test("R7: the fold knows which ends the conversation was told, by a message or in a result", async () => {
  const { session } = await play({ inbox: once(notice) });
  expect([...session.toldTasks]).toEqual(["shell_1"]);
  await recordBetweenRuns(createSessionStream(session), [
    { type: "task", task: task("cancelled", { id: "shell_2", told: true }) },
  ]);
  expect([...session.toldTasks]).toEqual(["shell_1", "shell_2"]);
});

test("what happens between runs is journaled without a gap", async () => {
  const journal = memoryJournal(() => 0);
  const lease = await journal.lease(sessionId("session"));
  const { session } = await play({ lease });
  const before = session.lastSeq;
  await recordBetweenRuns(createSessionStream(session, lease), [
    { type: "task", task: task("running") },
    { type: "task", task: task("completed") },
  ]);
  expect(session.lastSeq).toBe(before + 2);
  const events: DurableEvent[] = [];
  for await (const event of journal.read(lease.session)) events.push(event);
  expect(events.slice(-3).map(({ type }) => type)).toEqual(["run-end", "task", "task"]);
  const folded = foldSession(events);
  expect(folded.tasks).toEqual([task("completed")]);
  expect(folded.lastEnd?.reason).toBe("completed");
  const { result } = await play({ session: folded, lease });
  expect(result.end.reason).toBe("completed");
});

/** An inbox that holds one message. */
function once(message: UserMessage): () => readonly UserMessage[] {
  const held = [message];
  return () => held.splice(0);
}
