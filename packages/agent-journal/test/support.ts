import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type Damage,
  type DurableEvent,
  FaultError,
  type Journal,
  runId,
  type SessionId,
  sessionId,
  toolCallId,
} from "@claw/agent-core";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";

export const id: SessionId = sessionId("session-1");

/** A folder for a test file, removed afterwards. */
export function temporaryFolder(): { readonly path: (...names: readonly string[]) => string } {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "claw-journal-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return { path: (...names) => join(folder, ...names) };
}

/** One message of the human, of about `size` characters. */
export function words(seq: number, text = `words ${seq}`): DurableEvent {
  return {
    seq,
    run: runId("run-1"),
    at: 1_700_000_000_000 + seq,
    type: "message",
    message: { role: "user", origin: "human", content: [{ type: "text", text }] },
  };
}

/** A whole run with a tool call: every kind of record that a session usually has. */
export function transcript(): readonly DurableEvent[] {
  const model = { provider: "ollama", id: "qwen3.5:9b" };
  const call = toolCallId("call-1");
  const usage = { input: 100, output: 10 };
  const envelope = (seq: number) => ({ seq, run: runId("run-1"), at: 1_700_000_000_000 + seq });
  return [
    { ...envelope(1), type: "run-start", schema: 1, config: "abc", model, system: "Be brief.", cwd: "/work" },
    words(2, "What is in README.md? \u{1f600} \u2028"),
    {
      ...envelope(5),
      type: "message",
      message: {
        role: "assistant",
        model,
        content: [
          { type: "reasoning", text: "Look.", replay: { model, data: { signature: "s" } } },
          { type: "tool-call", id: call, name: "Read", input: { file_path: "/work/README.md" } },
        ],
        stop: { reason: "tool-calls" },
        usage,
      },
    },
    {
      ...envelope(7),
      type: "permission-decision",
      call,
      tool: "Read",
      decision: "allow",
      by: "policy",
      reason: "Inside the folder.",
      effects: [{ type: "read", path: "/work/README.md" }],
    },
    {
      ...envelope(8),
      type: "tool-intent",
      call,
      tool: "Read",
      effects: [{ type: "read", path: "/work/README.md" }],
      effectClass: "pure",
      idempotencyKey: "k",
    },
    {
      ...envelope(10),
      type: "message",
      message: {
        role: "tool",
        call,
        name: "Read",
        outcome: { status: "ok", content: [{ type: "text", text: "# Über\n" }], details: { lines: 1 } },
      },
    },
    {
      ...envelope(12),
      type: "message",
      message: {
        role: "assistant",
        model,
        content: [{ type: "text", text: "A title." }],
        stop: { reason: "end" },
        usage,
      },
    },
    {
      ...envelope(13),
      type: "run-end",
      reason: "completed",
      usage,
      turns: 2,
      denials: [],
      parked: [],
      unfinishedTasks: [],
    },
  ];
}

export async function write(journal: Journal, events: readonly DurableEvent[], session = id): Promise<void> {
  const lease = await journal.lease(session);
  try {
    await lease.append(events);
  } finally {
    await lease.release();
  }
}

export async function read(
  journal: Journal,
  session = id,
  damages: Damage[] = [],
): Promise<readonly DurableEvent[]> {
  const events: DurableEvent[] = [];
  for await (const event of journal.read(session, { onDamage: (damage) => damages.push(damage) })) {
    events.push(event);
  }
  return events;
}

/** The fault code that something rejects or throws with. */
export async function faultOf(work: () => unknown): Promise<string> {
  return (await thrownBy(work)).fault.code;
}

export async function thrownBy(work: () => unknown): Promise<FaultError> {
  try {
    await work();
  } catch (thrown) {
    if (FaultError.isInstance(thrown)) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

/** A process of its own that uses the journal. */
export interface Worker {
  readonly process: ChildProcess;
  /** Lines of its output as they come; the last is followed by `undefined`. */
  readonly line: () => Promise<string | undefined>;
  readonly send: (line: string) => void;
  /** Ends it without warning, and waits until it is gone. */
  readonly kill: () => Promise<void>;
  readonly ended: Promise<unknown>;
}

/** Bundles `worker.ts` once for the test file; `prefix` is a command that starts it. */
export function workers(folder: { readonly path: (...names: readonly string[]) => string }): {
  readonly start: (args: readonly string[], prefix?: readonly [string, ...string[]]) => Worker;
} {
  beforeAll(async () => {
    await build({
      entryPoints: [fileURLToPath(new URL("worker.ts", import.meta.url))],
      outfile: folder.path("worker.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      conditions: ["@claw/source"],
      logLevel: "error",
    });
  });
  const started: ChildProcess[] = [];
  afterAll(() => {
    for (const child of started) child.kill("SIGKILL");
  });
  return {
    start: (args, prefix) => {
      const command = [...(prefix ?? []), process.execPath, folder.path("worker.mjs"), ...args];
      const child = spawn(command[0] ?? "", command.slice(1), { stdio: ["pipe", "pipe", "inherit"] });
      started.push(child);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const ended = once(child, "exit");
      return {
        process: child,
        line: async () => {
          const next = await lines.next();
          return next.done === true ? undefined : next.value;
        },
        send: (line) => child.stdin.write(`${line}\n`),
        kill: async () => {
          child.kill("SIGKILL");
          await ended;
        },
        ended,
      };
    },
  };
}
