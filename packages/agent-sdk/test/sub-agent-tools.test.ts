import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecExit, Machine } from "@claw/agent-core";
import type { ScriptedReply } from "@claw/agent-core/testing";
import {
  type AgentOptions,
  type Journal,
  type ModelRequest,
  memoryJournal,
  plainText,
} from "@claw/agent-sdk";
import { processesWithMarker } from "@claw/testkit";
import { localMachine } from "@claw/tools-builtin";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callOf, kept, main, play, type Roles, results, type Scene, scenesIn } from "./sub-agent-scene.ts";

let folder = "";
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "claw-agent-tools-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const scene = (roles: Roles, options?: AgentOptions): Promise<Scene> => scenesIn(folder)(roles, options);

const call = (name: string, input: object): ScriptedReply => ({ calls: [{ name, input: { ...input } }] });
const background = (command: string): ScriptedReply => call("Bash", { command, run_in_background: true });
/** The script of an agent: a reply for each turn, then an answer. */
const says =
  (...replies: readonly ScriptedReply[]) =>
  (_request: ModelRequest, turn: number): ScriptedReply =>
    replies[turn] ?? { text: "answered" };
const ofWorker = (requests: readonly ModelRequest[]): readonly ModelRequest[] =>
  requests.filter(({ system }) => system?.includes("[worker]"));
/** The tools' results and the notices that the worker has read. */
const heard = (requests: readonly ModelRequest[]): string =>
  (ofWorker(requests).at(-1)?.messages ?? [])
    .map((message) =>
      message.role === "tool"
        ? plainText(message.outcome.content)
        : message.role === "user" && message.origin === "task"
          ? plainText(message.content)
          : "",
    )
    .join("\n");

describe("background tasks of a sub-agent", () => {
  test("its end is told to the agent that started it, once, and to nobody else", async () => {
    const { agent, requests } = await scene({
      main: main(),
      worker: says(background("echo built"), call("TaskOutput", { task_id: "shell_1" })),
    });
    const events = await play(agent);
    expect(heard(requests)).toContain("in the background as shell_1");
    expect(heard(requests)).toContain("your last message does too");
    expect(heard(requests)).toContain("built");
    const tasks = events.flatMap((event) => (event.type === "task" ? [event.task] : []));
    expect(new Set(tasks.map(({ status }) => status))).toEqual(new Set(["pending", "running", "completed"]));
    expect(new Set(tasks.map((task) => task.agent?.startsWith("worker-")))).toEqual(new Set([true]));
    expect(JSON.stringify(requests)).not.toContain("Notice of a background task"); // the result has told it
    expect(agent.hasNews).toBe(false);
    expect(results(agent.messages)[0]?.text).not.toContain("were stopped");
    await agent.close();
  });

  test("what it does not wait for is stopped with its answer, and its parent is told", async () => {
    const seconds = `600.${Date.now()}`;
    const { agent } = await scene({
      main: main(),
      worker: says(background(`setsid sleep ${seconds} & sleep ${seconds}`)),
    });
    await play(agent);
    expect(results(agent.messages)[0]?.text).toContain("Its background tasks were stopped with it: shell_1.");
    expect(await processesWithMarker(seconds)).toEqual([]);
    expect(agent.tasks.get("shell_1")).toMatchObject({ status: "cancelled" });
    expect(agent.hasNews).toBe(false);
    await agent.close();
  });

  test("an agent sees and stops its own tasks alone, and one that goes on learns what became of them", async () => {
    const { agent, requests } = await scene({
      main: (_request, turn) => {
        if (turn === 0) return background("sleep 600");
        if (turn === 1) return { calls: [callOf()] };
        if (turn > 2) return { text: "done" };
        const id = /\[(worker-\w+):/.exec(results(agent.messages)[0]?.text ?? "")?.[1];
        return call("SendMessage", { to: id ?? "", message: "And now?" });
      },
      worker: says(
        call("TaskStop", { task_id: "shell_1" }),
        call("TaskOutput", { task_id: "shell_1", block: false }),
        background("sleep 600"),
        { text: "the first answer" },
      ),
    });
    await play(agent);
    expect(heard(requests).match(/There is no background task/g)).toHaveLength(2);
    expect(heard(requests)).toMatch(/Notice of a background task.*shell_2.*cancelled/);
    expect(agent.tasks.get("shell_1")).toMatchObject({ status: "running" });
    expect(agent.tasks.get("shell_2")).toMatchObject({ status: "cancelled" });
    await agent.close();
  });

  test("a message that comes while they are being stopped waits for that, and the agent goes on", async () => {
    let stopped = (): void => undefined;
    const exit = new Promise<ExecExit>((resolve) => {
      stopped = () => resolve({ type: "cancelled", survivors: [] });
    });
    const nothing: AsyncIterable<never> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
    };
    let stops = (): void => undefined;
    const stopping = new Promise<void>((resolve) => {
      stops = resolve;
    });
    const exec: Machine["exec"] = async (_, signal) => {
      signal.addEventListener("abort", stops);
      return { output: nothing, exit };
    };
    const { agent } = await scene(
      {
        main: says(
          { calls: [callOf({ run_in_background: true })] },
          { ...call("SendMessage", { to: "agent_1", message: "And now?" }), gate: stopping },
        ),
        worker: says(background("serve")),
      },
      { machine: { ...localMachine(), exec } },
    );
    for await (const event of agent.run("go")) {
      if (event.type === "tool-intent" && event.tool === "SendMessage") setImmediate(stopped);
    }
    expect(results(agent.messages, "SendMessage")).toEqual([
      { status: "ok", text: expect.stringContaining("answered") },
    ]);
    await agent.close();
  });

  test("a command that is not done in time goes on as a task of its agent", async () => {
    const { agent, requests } = await scene({
      main: main(),
      worker: says(
        call("Bash", { command: "read -t 0.5 < <(tail -f /dev/null); echo late", timeout: 100 }),
        call("TaskOutput", { task_id: "shell_1" }),
      ),
    });
    await play(agent);
    expect(heard(requests)).toContain("it goes on in the background as shell_1");
    expect(heard(requests)).toContain("late");
    await agent.close();
  });

  test("a resumed session is not told of tasks that were an agent's", async () => {
    const journal = memoryJournal();
    const { agent } = await scene({ main: main(), worker: says(background("sleep 600")) }, { journal });
    await play(agent);
    await agent.close();
    const { agent: again, requests } = await scene(
      { main: () => ({ text: "ok" }) },
      { journal, resume: "latest" },
    );
    await play(again);
    expect(JSON.stringify(requests)).not.toContain("Notice of a background task");
    await again.close();
  });
});

test("a sub-agent recalls what was left out of its own conversation, and nothing of another's", async () => {
  const journal = memoryJournal();
  const secretOf = (words: string) => call("Bash", { command: `echo ${words}` });
  const { agent, requests } = await scene(
    {
      main: (_request, turn) =>
        turn === 0 ? secretOf("of the parent") : turn === 1 ? { calls: [callOf()] } : { text: "done" },
      worker: (_request, turn) => {
        if (turn === 0) return secretOf("of the worker");
        if (turn > 1) return { text: "answered" };
        return {
          calls: ["call-1", "call-3"].map((reference) => ({ name: "Recall", input: { reference } })),
        };
      },
    },
    { journal },
  );
  await play(agent);
  const intents = (await kept(journal, agent.session)).flatMap((event) =>
    event.type === "tool-intent" && event.tool === "Bash" ? [event.call] : [],
  );
  expect(intents).toEqual(["call-1", "call-3"]);
  const recalled = (ofWorker(requests).at(-1)?.messages ?? []).flatMap((message) =>
    message.role === "tool" && message.name === "Recall" ? [plainText(message.outcome.content)] : [],
  );
  expect(recalled[0]).toContain("Nothing is kept under");
  expect(recalled[1]).toBe("of the worker\n");
  await agent.close();
});

test("questions of sub-agents reach the person one at a time, and say who asks", async () => {
  const asked: (string | undefined)[] = [];
  let open = 0;
  const options = ["yes", "no"].map((label) => ({ label, description: "" }));
  const ask = call("AskUserQuestion", { questions: [{ question: "Go?", header: "Go", options }] });
  const { agent, requests } = await scene(
    {
      main: (_request, turn) =>
        turn === 0 ? { calls: [callOf(), callOf({ prompt: "Another." })] } : { text: "done" },
      worker: ({ messages }) => (messages.length === 1 ? ask : { text: "answered" }),
    },
    {
      question: async (questions) => {
        open += 1;
        expect(open).toBe(1);
        asked.push(...questions.map((question) => question.agent));
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return questions.map(() => ({ selected: ["yes"] }));
      },
    },
  );
  await play(agent);
  expect(asked).toHaveLength(2);
  expect(new Set(asked).size).toBe(2);
  expect(asked.every((who) => who?.startsWith("worker-"))).toBe(true);
  expect(heard(requests)).toContain("→ yes");
  await agent.close();
});

test("rank 18: a rewind puts back what sub-agents changed, also those in the background", async () => {
  await writeFile(join(folder, "mine.txt"), "one\n");
  const { agent } = await scene({
    main: (_request, turn) =>
      turn === 0
        ? { calls: [callOf(), callOf({ prompt: "Another.", run_in_background: true })] }
        : { text: "done" },
    worker: ({ messages }) => {
      if (messages.length > 1) return { text: "answered" };
      return JSON.stringify(messages).includes("Another.")
        ? call("Write", { file_path: "late.txt", content: "late\n" })
        : call("Write", { file_path: "made.txt", content: "made\n" });
    },
  });
  await play(agent);
  await agent.tasks.wait("agent_1", 60_000, new AbortController().signal);
  expect((await readdir(folder)).filter((name) => name.endsWith(".txt")).sort()).toEqual([
    "late.txt",
    "made.txt",
    "mine.txt",
  ]);
  const { files, undo } = await agent.rewind({ to: 1 });
  expect(files.map(({ action }) => action)).toEqual(["remove", "remove"]);
  expect((await readdir(folder)).filter((name) => name.endsWith(".txt"))).toEqual(["mine.txt"]);
  await agent.rewind({ to: undo ?? 0 });
  expect(await readFile(join(folder, "made.txt"), "utf8")).toBe("made\n");
  await agent.close();
});

describe("rank 14: a session that sleeps while a sub-agent works in the background", () => {
  test("wakes with the whole conversation, sends what it would have sent, and is told the answer", async () => {
    const journal = memoryJournal();
    const gates = Array.from({ length: 4 }, () => gate());
    const roles: Roles = {
      main: (_request, turn) =>
        turn === 0 ? { calls: [callOf({ run_in_background: true })] } : { text: `main ${turn}` },
      worker: (_request, turn) =>
        turn < 3
          ? { ...call("Glob", { pattern: `*${turn}` }), gate: gates[turn]?.promise ?? Promise.resolve() }
          : { text: "late answer", gate: gates[3]?.promise ?? Promise.resolve() },
    };
    const { agent, requests } = await scene(roles, { journal: slow(journal) });
    await play(agent);
    const awake = JSON.stringify(agent.messages);
    await expect.poll(() => agent.hibernate()).toBe(true); // the journal has everything
    gates[0]?.open();
    gates[1]?.open();
    const waking = agent.wake();
    gates[2]?.open();
    await waking;
    expect(JSON.stringify(agent.messages)).toBe(awake);
    await expect.poll(() => agent.hibernate()).toBe(true);
    gates[3]?.open();
    await agent.tasks.wait("agent_1", 60_000, new AbortController().signal);
    await agent.resume().result;
    const [before, after] = requests
      .filter(({ system }) => system?.includes("[worker]") !== true)
      .slice(-2)
      .map(({ messages }) => JSON.stringify(messages).slice(0, -1));
    expect(after?.startsWith(before ?? "-")).toBe(true);
    expect(after).toContain("late answer");
    expect(agent.messages.filter((message) => message.role === "tool")).toHaveLength(1);
    const seqs = (await kept(journal, agent.session)).map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => one - other));
    await agent.close();
  });
});

/** A promise with its handle outside. */
function gate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** The same journal, which answers a turn of the event loop later, as one over a network does. */
function slow(journal: Journal): Journal {
  return {
    ...journal,
    lease: async (id) => {
      const lease = await journal.lease(id);
      const append: typeof lease.append = async (events) => {
        await new Promise((resolve) => setImmediate(resolve));
        await lease.append(events);
        return undefined;
      };
      return { ...lease, append };
    },
  };
}
