import { randomInt } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Machine, type ModelRequest, sessionId } from "@claw/agent-core";
import { type Script, scriptedModel } from "@claw/agent-core/testing";
import {
  type Agent,
  type AgentOptions,
  createAgent,
  type DurableEvent,
  type Journal,
  memoryJournal,
  plainText,
  readSession,
} from "@claw/agent-sdk";
import { processesWithMarker } from "@claw/testkit";
import { localMachine } from "@claw/tools-builtin";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-tasks-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Scene {
  readonly agent: Agent;
  readonly requests: readonly ModelRequest[];
}

async function scene(script: Script, options: AgentOptions = {}): Promise<Scene> {
  const { model, ref, requests } = scriptedModel(script);
  const env = { PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") };
  const agent = await createAgent({
    connection: { model, ref },
    cwd: folder,
    env,
    permissionMode: "bypassPermissions",
    ...options,
  });
  return { agent, requests };
}

const background = (command: string) => ({
  calls: [{ name: "Bash", input: { command, run_in_background: true } }],
});
/** A command that ends when the file is there. */
const untilGo = "until [ -e go ]; do sleep 0.02; done";
const done = { text: "done" };

/** The notices that a request brings the model. */
const notices = (request: ModelRequest | undefined): readonly string[] =>
  (request?.messages ?? []).flatMap((message) =>
    message.role === "user" && message.origin === "task" ? [plainText(message.content)] : [],
  );

async function ended(agent: Agent, id: string): Promise<void> {
  await agent.tasks.wait(id, 60_000, new AbortController().signal);
}

test("task_survives_turn_end, task_notification_next_turn: told once, in the next request", async () => {
  const { agent, requests } = await scene([background(untilGo), done, done, done]);
  const first = await agent.run("start it").result;
  expect(first.end).toMatchObject({ reason: "completed", unfinishedTasks: ["shell_1"] });
  expect(agent.tasks.list()).toMatchObject([{ id: "shell_1", status: "running" }]);
  expect(agent.hasNews).toBe(false);
  await agent.run("touch nothing").result;
  expect(requests.flatMap(notices)).toEqual([]);
  await writeFile(join(folder, "go"), "");
  await ended(agent, "shell_1");
  expect(agent.hasNews).toBe(true);
  const { end } = await agent.run("and now?").result;
  expect(notices(requests.at(-1))).toEqual([expect.stringContaining("shell_1")]);
  expect(end.unfinishedTasks).toEqual([]);
  expect(agent.hasNews).toBe(false);
  await agent.close();
});

test("R7: an end that comes while the run goes on is in its next request, once", async () => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { agent, requests } = await scene([
    background(untilGo),
    { calls: [{ name: "Bash", input: { command: "touch go" } }] },
    { calls: [{ name: "Bash", input: { command: "true" } }], gate },
    done,
    done,
  ]);
  agent.tasks.onChange(() => {
    if (agent.tasks.get("shell_1")?.status === "completed") open();
  });
  await agent.run("go").result;
  const last = requests.at(-1);
  expect(notices(last)).toHaveLength(1);
  await agent.run("again").result;
  expect(notices(requests.at(-1))).toHaveLength(1);
  await agent.close();
});

test("R7: the end of a task wakes an idle session: onNews, and resume tells the model", async () => {
  const { agent, requests } = await scene([background(untilGo), done, { text: "I see." }]);
  const woken = new Promise<void>((resolve) => {
    agent.onNews(() => resolve());
  });
  await agent.run("go").result;
  await writeFile(join(folder, "go"), "");
  await woken;
  expect(agent.hasNews).toBe(true);
  const { text, end } = await agent.resume().result;
  expect({ text, reason: end.reason }).toEqual({ text: "I see.", reason: "completed" });
  expect(notices(requests.at(-1))).toHaveLength(1);
  await agent.close();
});

test("who begins to listen late is woken for what waits already, and who left is not", async () => {
  const { agent } = await scene([background(untilGo), done]);
  let left = 0;
  agent.onNews(() => {
    left += 1;
  })();
  await agent.run("go").result;
  await writeFile(join(folder, "go"), "");
  await ended(agent, "shell_1");
  await new Promise<void>((resolve) => {
    agent.onNews(resolve);
  });
  expect(left).toBe(0);
  await agent.close();
});

test("law 12: a listener for news that throws harms neither the process nor the others, and is told of", async () => {
  const { agent } = await scene([background(untilGo), done]);
  agent.onNews(() => {
    throw new Error("a bug of the host");
  });
  const other = new Promise<void>((resolve) => {
    agent.onNews(resolve);
  });
  await agent.run("go").result;
  await writeFile(join(folder, "go"), "");
  await other;
  expect(agent.warnings).toMatchObject([
    { code: "listener-broken", message: expect.stringContaining("a bug of the host") },
  ]);
  await agent.close();
});

test("tasks_end_with_session: close leaves no process and writes down what became of the tasks", async () => {
  const seconds = `600.${randomInt(1e9, 9e9)}`;
  const { agent } = await scene([background(`setsid sleep ${seconds} & sleep ${seconds}`), done]);
  await agent.run("go").result;
  await expect.poll(() => processesWithMarker(seconds)).not.toHaveLength(0);
  await agent.close();
  expect(await processesWithMarker(seconds)).toHaveLength(0);
  const edges = await taskEdges(agent);
  expect(edges.map(({ status }) => status)).toEqual(["pending", "running", "cancelled"]);
  expect(edges.at(-1)?.summary).toContain("stopped");
});

test("P5: a task whose process died with its agent is told of once, in the next run and never again", async () => {
  const journal = memoryJournal(() => 0);
  const first = await scene([background("sleep 600"), done], { journal, session: "s" });
  await first.agent.run("go").result;
  // The journal as a crash would leave it: the task runs, and nothing says that it ended.
  const left = await copyOf(journal, "s");
  await first.agent.close();
  const script = [{ text: "one" }, { text: "two" }];
  const second = await scene(script, { journal: left, resume: "s" });
  expect(second.agent.hasNews).toBe(true);
  await second.agent.run("what about it?").result;
  expect(notices(second.requests.at(-1))).toEqual([expect.stringContaining("cancelled: It was lost")]);
  await second.agent.close();
  const third = await scene(script, { journal: left, resume: "s" });
  expect(third.agent.hasNews).toBe(false);
  await third.agent.run("and now?").result;
  expect(notices(third.requests.at(-1))).toHaveLength(1);
  await third.agent.close();
});

test("what ended with the session is told when it is resumed, with the words of its end", async () => {
  const journal = memoryJournal(() => 0);
  const first = await scene([background("exit 7"), done], { journal, session: "s" });
  await first.agent.run("go").result;
  await ended(first.agent, "shell_1");
  await first.agent.close();
  const second = await scene([done], { journal, resume: "s" });
  await second.agent.resume().result;
  expect(notices(second.requests[0])).toEqual([expect.stringMatching(/shell_1 .* failed.*: exit code 7/s)]);
  await second.agent.close();
});

test("P7: the whole output is in a file that only its owner can read, and its place is in the journal", async () => {
  const { agent } = await scene([background("seq 1000"), done]);
  await agent.run("go").result;
  await ended(agent, "shell_1");
  await agent.close();
  const path = (await taskEdges(agent)).at(-1)?.output ?? "";
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await readFile(path, "utf8")).split("\n")).toHaveLength(1001);
});

describe("automatic move to the background", () => {
  const slow = (command: string) => ({ calls: [{ name: "Bash", input: { command, timeout: 150 } }] });

  test("of a command that is understood: it goes on under a task's id", async () => {
    const { agent } = await scene([slow("tail -f /dev/null"), done]);
    const { messages } = await agent.run("go").result;
    expect(messages[2]).toMatchObject({ outcome: { status: "ok", details: { task: "shell_1" } } });
    expect(agent.tasks.get("shell_1")?.status).toBe("running");
    expect((await agent.tasks.stop("shell_1", "The person stopped it."))?.status).toBe("cancelled");
    await agent.close();
  });

  test.each(["sleep 600", "timeout 600 sleep 600", "git hash-object --stdin-paths < <(sleep 600)", "$SLEEP"])(
    "not of %s: it times out",
    async (command) => {
      const { agent } = await scene([slow(command.replace("$SLEEP", "x=sleep; $x 600")), done]);
      const { messages } = await agent.run("go").result;
      expect(messages[2]).toMatchObject({ outcome: { status: "failed", error: { code: "timed-out" } } });
      expect(agent.tasks.list()).toEqual([]);
      await agent.close();
    },
  );
});

test("T6: 500 background calls in one reply: a bounded number runs at once, each end is told once", async () => {
  const exec: Machine["exec"] = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    const nothing: AsyncIterable<never> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
    };
    return { output: nothing, exit: Promise.resolve({ type: "exited", code: 0, survivors: [] }) };
  };
  const calls = Array.from({ length: 500 }, () => background("true").calls).flat();
  const { agent, requests } = await scene([{ calls }, done, done], { machine: { ...localMachine(), exec } });
  let most = 0;
  agent.tasks.onChange(() => {
    most = Math.max(most, agent.tasks.list().filter(({ status }) => status === "running").length);
  });
  await agent.run("go").result;
  await ended(agent, "shell_500");
  await agent.run("and now?").result;
  const told = notices(requests.at(-1));
  expect(told).toHaveLength(500);
  expect(new Set(told.map((text) => /shell_\d+/.exec(text)?.[0])).size).toBe(500);
  expect(most).toBe(16);
  await agent.close();
});

test("R3: a background command asks for the same permission as any other", async () => {
  const { agent } = await scene([background("touch made"), done], { permissionMode: "default" });
  const { end } = await agent.run("go").result;
  expect(end.denials).toMatchObject([{ tool: "Bash", by: "nobody" }]);
  expect(agent.tasks.list()).toEqual([]);
  expect(await readdir(folder)).not.toContain("made");
  await agent.close();
});

async function taskEdges(agent: Agent) {
  const env = { HOME: folder, CLAW_HOME: join(folder, "home") };
  const edges = [];
  for await (const event of readSession({ cwd: folder, env }, agent.session)) {
    if (event.type === "task") edges.push(event.task);
  }
  return edges;
}

async function copyOf(journal: Journal, session: string): Promise<Journal> {
  const events: DurableEvent[] = [];
  for await (const event of journal.read(sessionId(session))) events.push(event);
  const copy = memoryJournal(() => 0);
  const lease = await copy.lease(sessionId(session));
  await lease.append(events);
  await lease.release();
  return copy;
}
