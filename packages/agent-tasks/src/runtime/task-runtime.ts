import {
  type Inbox,
  linkedAbort,
  longestTimer,
  type SessionState,
  type SpillStore,
  type TaskFeed,
  type TaskState,
  thrownText,
  type UserMessage,
} from "@claw/agent-core";
import { hasEnded, type Task, type TaskOutcome, type TaskSpec } from "./task.ts";
import { taskNotice } from "./task-notice.ts";
import { type OutputSlice, type TaskOutput, taskOutput } from "./task-output.ts";

/** The background tasks of one session: whatever it starts that outlives the call which started it. */
export interface TaskRuntime extends TaskFeed {
  /** The sub-agent that these are the tasks of; absent: those of the session, its agents' included. */
  readonly agent?: string;
  /** Never throws. The task is `pending` while as many as may run do. */
  readonly start: (spec: TaskSpec) => Task;
  /** All that have not ended, and the latest that have; oldest first. */
  readonly list: () => readonly Task[];
  readonly get: (id: string) => Task | undefined;
  /** Output from the byte `since` on; nothing for a task that is not known. */
  readonly output: (id: string, since: number) => OutputSlice;
  /** Resolves when the task has ended, after `limitMs`, or when the signal fires, with what it is then. */
  readonly wait: (id: string, limitMs: number, signal: AbortSignal) => Promise<Task | undefined>;
  /** Stops it and all that it started. Resolves when it has ended, at the latest after the stop limit. */
  readonly stop: (id: string, why?: string) => Promise<Task | undefined>;
  /** Whose task it is (`agent` absent: the conversation) has seen its end in a result: no message will tell it. */
  readonly markTold: (id: string, agent?: string) => void;
  /** A message for each task that has ended and was not told of: each once. */
  readonly inbox: Inbox;
  /** The same of the tasks of one sub-agent. */
  readonly inboxOf: (agent: string) => ReturnType<Inbox>;
  /** Whether `inbox` holds something. */
  readonly hasNews: () => boolean;
  /** Calls the listener after each piece of a task's output. @returns forgets it. */
  readonly onOutput: (id: string, listener: () => void) => () => void;
  /** Stops all and starts no more. */
  readonly close: () => Promise<void>;
}

export interface TaskRuntimeOptions {
  /** Tasks of the conversation that run at once: 16 by default. Others wait for their turn. */
  readonly maxRunning?: number;
  /** Tasks of each sub-agent that run at once: 4 by default. */
  readonly maxRunningOfAgent?: number;
  /** Bytes of each task's output in memory: 256 KiB by default. */
  readonly ringBytes?: number;
  /** Gets the whole output of each task. Left out: what the ring does not hold is lost. */
  readonly spill?: SpillStore;
  /** Of a session that is resumed: those that had not ended are lost, and that is told. */
  readonly earlier?: Pick<SessionState, "tasks" | "toldTasks">;
  /** Milliseconds that a task may take to stop before it is no longer waited for: 5,000 by default. */
  readonly stopLimitMs?: number;
  /** Ended tasks that are kept for a look: 100 by default. */
  readonly maxEnded?: number;
  readonly now?: () => number;
}

interface Entry {
  readonly output: TaskOutput;
  readonly link: ReturnType<typeof linkedAbort>;
  readonly ended: Promise<void>;
  readonly end: () => void;
  readonly listeners: Set<() => void>;
  readonly begin: () => Promise<void>;
  readonly queued: boolean;
  task: Task;
}

export function createTaskRuntime(options: TaskRuntimeOptions = {}): TaskRuntime {
  const {
    maxRunning = 16,
    maxRunningOfAgent = 4,
    ringBytes = 256 * 1024,
    stopLimitMs = 5_000,
    maxEnded = 100,
    now = Date.now,
  } = options;
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  const edges: TaskState[] = [];
  let number = options.earlier?.tasks.length ?? 0;
  let closed = false;
  recover();

  function start(spec: TaskSpec): Task {
    number += 1;
    const entry = add(spec, `${spec.kind}_${number}`);
    if (closed) finish(entry, { status: "cancelled", summary: "The session was being closed." });
    else if (spec.queue === false) void entry.begin();
    else startNext(spec.agent);
    return entry.task;
  }

  function add(spec: TaskSpec, id: string): Entry {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const entry: Entry = {
      link: linkedAbort(),
      ended,
      end,
      listeners: new Set(),
      output: taskOutput({
        task: id,
        ringBytes,
        spill: options.spill,
        onFile: (path) => change(entry, { output: path }),
        onOutput: () => callAll(entry.listeners),
      }),
      queued: spec.queue !== false,
      begin: () => perform(entry, spec),
      task: {
        ...{ id, kind: spec.kind, title: spec.title, status: "pending", outputBytes: 0 },
        ...(spec.agent === undefined ? {} : { agent: spec.agent }),
      },
    };
    entries.set(id, entry);
    note(entry);
    return entry;
  }

  /** Each agent has a line of its own: one that waits for its own tasks never waits for those of others. */
  function startNext(agent: string | undefined): void {
    const queued = [...entries.values()].filter((entry) => entry.queued && entry.task.agent === agent);
    const most = agent === undefined ? maxRunning : maxRunningOfAgent;
    let free = most - queued.filter(({ task }) => task.status === "running").length;
    for (const entry of queued) {
      if (free <= 0) return;
      if (entry.task.status !== "pending") continue;
      free -= 1;
      void entry.begin();
    }
  }

  async function perform(entry: Entry, spec: TaskSpec): Promise<void> {
    const { signal } = entry.link;
    change(entry, { status: "running", startedAt: now() });
    const sink = async (piece: Uint8Array | string): Promise<void> => {
      if (!signal.aborted) await entry.output.write(piece);
    };
    const outcome = await outcomeOf(() => spec.start(sink, signal, entry.task.id), signal);
    // Whoever hears of the end is told what its file has.
    await unlessLate(closeOutput(entry), stopLimitMs);
    finish(entry, outcome);
  }

  async function closeOutput(entry: Entry): Promise<void> {
    const dropped = await entry.output.close();
    if (dropped !== undefined) entry.task = { ...entry.task, outputDropped: dropped };
  }

  /** The first end counts; what comes later is dropped. */
  function finish(entry: Entry, { status, summary }: TaskOutcome): void {
    if (hasEnded(entry.task)) return;
    void closeOutput(entry);
    entry.link.abort("The task has ended.");
    change(entry, { status, summary: bounded(summary), endedAt: now() });
    callAll(entry.listeners);
    entry.end();
    forgetOldest();
    if (!closed) startNext(entry.task.agent);
  }

  function change(entry: Entry, part: Partial<Task>): void {
    entry.task = { ...entry.task, ...part };
    note(entry);
  }

  function note({ task: { id, kind, title, status, summary, agent, output, told } }: Entry): void {
    edges.push({
      id,
      kind,
      title,
      status,
      ...(summary === undefined ? {} : { summary }),
      ...(agent === undefined ? {} : { agent }),
      ...(output === undefined ? {} : { output }),
      ...(told === undefined ? {} : { told }),
    });
    callAll(listeners);
  }

  /** What an agent was not told before it was done, it may never ask for again. */
  function forgetOldest(): void {
    const ended = [...entries.values()].filter(
      ({ task }) => hasEnded(task) && (task.told === true || task.agent !== undefined),
    );
    for (const { task } of ended.slice(0, -maxEnded || undefined)) entries.delete(task.id);
  }

  function current(entry: Entry): Task {
    return { ...entry.task, outputBytes: entry.output.bytes() };
  }

  function get(id: string): Task | undefined {
    const entry = entries.get(id);
    return entry && current(entry);
  }

  async function wait(id: string, limitMs: number, signal: AbortSignal): Promise<Task | undefined> {
    const entry = entries.get(id);
    if (entry !== undefined && !hasEnded(entry.task)) await unlessLate(entry.ended, limitMs, signal);
    return get(id) ?? entry?.task;
  }

  async function stop(id: string, why = "It was stopped."): Promise<Task | undefined> {
    const entry = entries.get(id);
    if (entry === undefined || hasEnded(entry.task)) return entry?.task;
    const { status } = entry.task;
    entry.link.abort(why);
    if (status === "running") await unlessLate(entry.ended, stopLimitMs);
    finish(entry, { status: "cancelled", summary: why });
    return current(entry);
  }

  function news(agent?: string): readonly Entry[] {
    return [...entries.values()].filter(
      ({ task }) => hasEnded(task) && task.told !== true && task.agent === agent,
    );
  }

  function tell(agent?: string): readonly UserMessage[] {
    return news(agent).map((entry) => {
      // The message itself says so in the journal.
      entry.task = { ...entry.task, told: true };
      return taskNotice(current(entry));
    });
  }

  /** What an earlier process left: its tasks are gone with it. */
  function recover(): void {
    const { tasks = [], toldTasks = new Set() } = options.earlier ?? {};
    for (const state of tasks) {
      if (hasEnded(state) && (toldTasks.has(state.id) || state.agent !== undefined)) continue;
      const entry = add({ ...state, start: lost }, state.id);
      edges.pop();
      entry.task = { ...entry.task, ...state };
      if (!hasEnded(state))
        finish(entry, {
          status: "cancelled",
          summary: "It was lost: the process that it ran in ended before it did.",
        });
    }
  }

  return {
    start,
    get,
    wait,
    stop,
    list: () => [...entries.values()].map(current),
    output: (id, since) => entries.get(id)?.output.read(since) ?? { text: "", next: since, missed: 0 },
    take: () => edges.splice(0),
    inbox: () => tell(),
    inboxOf: tell,
    hasNews: () => news().length > 0,
    markTold: (id, agent) => {
      const entry = entries.get(id);
      if (entry === undefined || entry.task.told === true || !hasEnded(entry.task)) return;
      if (entry.task.agent !== agent) return;
      change(entry, { told: true });
    },
    onChange: (listener) => subscribe(listeners, listener),
    onOutput: (id, listener) => subscribe(entries.get(id)?.listeners ?? new Set(), listener),
    close: async () => {
      closed = true;
      const why = "The session ended.";
      await Promise.all([...entries.keys()].map((id) => stop(id, why)));
      await Promise.all([...entries.values()].map(({ output }) => output.close()));
    },
  };
}

async function outcomeOf(start: () => Promise<TaskOutcome>, signal: AbortSignal): Promise<TaskOutcome> {
  try {
    return await start();
  } catch (error) {
    return { status: signal.aborted ? "cancelled" : "failed", summary: thrownText(error) };
  }
}

/** Characters of a summary that are kept: it goes into the journal and the conversation. */
const longestSummary = 20_000;

function bounded(summary: string): string {
  if (summary.length <= longestSummary) return summary;
  const shown = summary.slice(0, longestSummary).replace(/[\uD800-\uDBFF]$/, "");
  return `${shown} [… ${summary.length - shown.length} more characters]`;
}

function lost(): Promise<TaskOutcome> {
  return Promise.reject(new Error("It cannot be started again."));
}

function subscribe(to: Set<() => void>, listener: () => void): () => void {
  const own = (): void => listener();
  to.add(own);
  return () => {
    to.delete(own);
  };
}

/** A listener that throws harms neither the task nor the others. */
function callAll(listeners: ReadonlySet<() => void>): void {
  for (const listener of [...listeners]) {
    try {
      listener();
    } catch {
      // It is the listener's own loss.
    }
  }
}

/** Resolves when the promise does, after `limitMs`, or when the signal fires. */
function unlessLate(promise: Promise<void>, limitMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(Math.max(0, limitMs), longestTimer));
    signal?.addEventListener("abort", done, { once: true });
    if (signal?.aborted === true) done();
    void promise.then(done);
  });
}
