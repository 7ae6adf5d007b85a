import { execFileSync } from "node:child_process";
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScriptedReply } from "@claw/agent-core/testing";
import {
  type Agent,
  type AgentEvent,
  type AgentOptions,
  type ModelRequest,
  memoryJournal,
  type PermissionRequest,
} from "@claw/agent-sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  callOf,
  kept,
  main,
  play,
  type Roles,
  results,
  type Scene,
  scenesIn,
  worker,
} from "./sub-agent-scene.ts";

let folder = "";
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "claw-agents-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const scene = (roles: Roles, options?: AgentOptions): Promise<Scene> => scenesIn(folder)(roles, options);

describe("the Agent tool", () => {
  test("runs an agent with its own prompt and context, and returns its answer with its id and usage", async () => {
    const usage = { input: 100, output: 10, cost: 50 };
    const { agent, requests } = await scene({
      main: main(),
      worker: () => ({ text: "It is 42.", usage }),
    });
    const events = await play(agent, "a secret of the parent");
    const [result] = results(agent.messages);
    expect(result?.status).toBe("ok");
    expect(result?.text).toMatch(
      /^It is 42\.\n\n\[worker-\w+: completed, 1 turn, 100 tokens in, 10 out, \$0\.0001\./,
    );
    const child = requests.find((request) => request.system?.includes("[worker]"));
    expect(child?.messages.map((message) => JSON.stringify(message))).toHaveLength(1);
    expect(JSON.stringify(child?.messages)).toContain("Do it.");
    expect(JSON.stringify(child?.messages)).not.toContain("secret");
    expect(events.at(-1)).toMatchObject({
      type: "run-end",
      reason: "completed",
      usage: { input: 100, cost: 50 },
    });
    expect(agent.usage.cost).toBe(50);
    await agent.close();
  });

  test("is found under its old name Task, and starts the general-purpose agent where none is named", async () => {
    const { agent, requests } = await scene({
      main: (_request, turn) =>
        turn === 0
          ? { calls: [{ name: "Task", input: { description: "d", prompt: "Look around." } }] }
          : { text: "ok" },
    });
    await play(agent);
    expect(results(agent.messages, "Task")[0]?.text).toContain("[general-purpose-");
    expect(requests[1]?.system).toContain("You are a sub-agent");
    await agent.close();
  });

  test("names the agents in one order, in a small part of the prompt", async () => {
    const agents = { zeta: worker(), alpha: worker() };
    const { agent } = await scene({}, { agents });
    const { agent: again } = await scene({}, { agents: { alpha: worker(), zeta: worker() } });
    const spec = (of: Agent) => of.tools.find(({ name }) => name === "Agent");
    const described = spec(agent)?.description ?? "";
    const order = ["- general-purpose:", "- Explore:", "- alpha:", "- zeta:"].map((line) =>
      described.indexOf(line),
    );
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order).not.toContain(-1);
    expect(JSON.stringify(spec(again))).toBe(JSON.stringify(spec(agent)));
    expect(JSON.stringify(agent.tools).length).toBeLessThan(12_000);
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `agent${index}`,
        worker({ description: "x".repeat(1_000) }),
      ]),
    );
    const { agent: crowded } = await scene({}, { agents: many });
    expect(JSON.stringify(spec(crowded)).length).toBeLessThan(6_000);
    expect(spec(crowded)?.description).toMatch(/- and \d+ more$/);
    for (const each of [agent, again, crowded]) await each.close();
  });

  test("an agent that is not known is an error that names those that are", async () => {
    const { agent } = await scene({ main: main({ subagent_type: "nobody" }) });
    await play(agent);
    expect(results(agent.messages)[0]).toMatchObject({ status: "failed" });
    expect(results(agent.messages)[0]?.text).toContain("There are: general-purpose, Explore, worker.");
    await agent.close();
  });

  test("a definition that is wrong is refused when the agent is put together", async () => {
    // What a caller without types may pass.
    const agents = { bad: { description: "", prompt: "p" } };
    await expect(scene({}, { agents })).rejects.toMatchObject({ fault: { code: "agent-definition" } });
  });

  test("what a given definition says in vain is a warning: a guard that was meant is not held", async () => {
    const handler = { hooks: [{ type: "command", command: "exit 2" }] };
    const { agent } = await scene(
      {},
      { agents: { bad: worker({ tols: ["Read"], hooks: { PreTolUse: [handler] } }) } },
    );
    const told = agent.warnings.map(({ code, message }) => `${code} ${message}`);
    expect(told).toEqual([
      expect.stringMatching(/^agent-key The agent "bad": tols /),
      expect.stringMatching(/^agent-key The agent "bad": .*PreTolUse/),
    ]);
    await agent.close();
  });

  test.each([
    ["max-turns", { maxTurns: 2 }, /^The sub-agent did not finish: it reached its limit of 2 turns\./],
  ] as const)("ends truthfully: %s", async (_name, more, words) => {
    const { agent } = await scene(
      {
        main: main(),
        worker: (_request, turn) => ({ calls: [{ name: "Glob", input: { pattern: `*${turn}` } }] }),
      },
      { agents: { worker: worker(more) } },
    );
    const events = await play(agent);
    expect(results(agent.messages)[0]).toMatchObject({ status: "failed" });
    expect(results(agent.messages)[0]?.text).toMatch(words);
    expect(events.at(-1)).toMatchObject({ reason: "completed" });
    await agent.close();
  });

  test("ends truthfully: a model that fails is a failed result with the fault's words", async () => {
    const fault = { code: "auth", message: "The key was refused.", retryable: false } as const;
    const { agent } = await scene({ main: main(), worker: () => ({ fault }) });
    await play(agent);
    expect(results(agent.messages)[0]).toMatchObject({ status: "failed" });
    expect(results(agent.messages)[0]?.text).toContain("The sub-agent failed: The key was refused.");
    await agent.close();
  });

  test("rank 9, T5: a sub-agent in circles is stopped, and its parent is told why", async () => {
    const { agent } = await scene({
      main: main(),
      worker: () => ({ calls: [{ name: "Glob", input: { pattern: "*" } }] }),
    });
    await play(agent);
    expect(results(agent.messages)[0]?.text).toContain(
      "The model kept making the same calls with the same results.",
    );
    await agent.close();
  });

  test("rank 9: the same task with the same answer is told at three and refused after five, and the parent ends", async () => {
    let started = 0;
    const { agent } = await scene({
      main: () => ({ calls: [callOf()] }),
      worker: () => {
        started += 1;
        return { text: "the same" };
      },
    });
    const events = await play(agent);
    expect(started).toBe(5);
    const texts = results(agent.messages).map(({ text }) => text);
    expect(texts[1]).not.toContain("do something else");
    expect(texts[2]).toContain("The same task had the same answer 3 times: do something else.");
    expect(texts[5]).toContain("so it was not given again");
    expect(events.at(-1)).toMatchObject({ reason: "failed", error: { code: "repeated-calls" } });
    await agent.close();
  });

  test("works on another model where the call or the definition says so, and says when that cannot be", async () => {
    const { agent } = await scene({ main: main({ model: "nobody:such" }), worker: () => ({ text: "ok" }) });
    await play(agent);
    expect(results(agent.messages)[0]).toMatchObject({ status: "failed" });
    const { agent: inherits } = await scene({
      main: main({ model: "inherit" }),
      worker: () => ({ text: "ok" }),
    });
    await play(inherits);
    expect(results(inherits.messages)[0]).toMatchObject({ status: "ok" });
    const { agent: stub } = await scene(
      { main: main() },
      { agents: { worker: worker({ model: "stub:echo" }) } },
    );
    const events = await play(stub);
    expect(events).toContainEqual(
      expect.objectContaining({ type: "run-start", model: expect.objectContaining({ provider: "stub" }) }),
    );
    for (const each of [agent, inherits, stub]) await each.close();
  });
});

describe("authority", () => {
  const tries = (command: string): Roles => ({
    main: main(),
    worker: (_request, turn) =>
      turn === 0 ? { calls: [{ name: "Bash", input: { command } }] } : { text: "tried" },
  });
  const ran = () => existsSync(join(folder, "ran"));

  test("rank 10: a deny rule of the parent holds in a sub-agent, whatever its mode", async () => {
    const { agent } = await scene(tries("touch ran"), {
      disallowedTools: ["Bash(touch *)"],
      agents: { worker: worker({ permissionMode: "bypassPermissions" }) },
    });
    await play(agent);
    expect(ran()).toBe(false);
    expect(results(agent.messages)[0]?.text).toContain("1 call refused");
    await agent.close();
  });

  test("rank 10: a hook of the parent holds in a sub-agent and knows who calls", async () => {
    const seen: (string | undefined)[] = [];
    const { agent } = await scene(tries("touch ran"), {
      beforeTool: async ({ tool, agent: who }) => {
        seen.push(who?.name);
        return tool === "Bash" ? { type: "deny", reason: "not here" } : undefined;
      },
    });
    await play(agent);
    expect(ran()).toBe(false);
    expect(seen).toEqual([undefined, "worker"]);
    await agent.close();
  });

  test("a mode of the definition narrows and never widens", async () => {
    const { agent: plans } = await scene(tries("touch ran"), {
      agents: { worker: worker({ permissionMode: "plan" }) },
    });
    await play(plans);
    expect(ran()).toBe(false);
    const { agent: bypasses } = await scene(tries("touch ran"), {
      permissionMode: "dontAsk",
      agents: { worker: worker({ permissionMode: "bypassPermissions" }) },
    });
    await play(bypasses);
    expect(ran()).toBe(false);
    for (const each of [plans, bypasses]) await each.close();
  });

  test("the parent's Ask is asked, and told which agent asks", async () => {
    const asked: PermissionRequest[] = [];
    const { agent } = await scene(tries("touch ran"), {
      permissionMode: "default",
      ask: async (request) => {
        asked.push(request);
        return { type: "allow" };
      },
    });
    await play(agent);
    expect(asked).toMatchObject([{ tool: "Bash", agent: { name: "worker" } }]);
    expect(ran()).toBe(true);
    await agent.close();
  });

  test("rules on agents hold: Agent(worker) is denied, also as the default that nobody names", async () => {
    const { agent } = await scene({ main: main() }, { disallowedTools: ["Agent(worker)"] });
    await play(agent);
    expect(results(agent.messages)[0]).toMatchObject({ status: "denied" });
    const unnamed = (_request: ModelRequest, turn: number): ScriptedReply =>
      turn === 0 ? { calls: [{ name: "Agent", input: { description: "d", prompt: "p" } }] } : { text: "ok" };
    const { agent: other } = await scene({ main: unnamed }, { disallowedTools: ["Agent(general-purpose)"] });
    await play(other);
    expect(results(other.messages)[0]).toMatchObject({ status: "denied" });
    for (const each of [agent, other]) await each.close();
  });

  const toolsOf = (requests: readonly ModelRequest[]) =>
    requests.find((request) => request.system?.includes("[worker]"))?.tools.map(({ name }) => name);

  test("tools are those that the definition names, of those that the parent has; nobody can be asked in vain", async () => {
    const answers: Roles = { main: main(), worker: () => ({ text: "ok" }) };
    const { agent, requests } = await scene(answers, {
      agents: { worker: worker({ tools: ["Read", "Bash", "Nothing"], disallowedTools: ["Bash"] }) },
    });
    await play(agent);
    expect(toolsOf(requests)).toEqual(["Read", "Recall"]);
    const { agent: old, requests: oldNames } = await scene(answers, {
      agents: { worker: worker({ tools: ["Bash", "Task"], disallowedTools: ["KillShell", "BashOutput"] }) },
    });
    await play(old);
    expect(toolsOf(oldNames)).toEqual(["Bash", "Monitor", "Recall", "Agent"]);
    await old.close();
    const { agent: all, requests: others } = await scene(answers, { disallowedTools: ["WebFetch"] });
    await play(all);
    const names = toolsOf(others) ?? [];
    for (const present of ["Agent", "TaskOutput", "TaskStop", "Monitor"]) expect(names).toContain(present);
    for (const absent of ["WebFetch", "AskUserQuestion"]) expect(names).not.toContain(absent);
    const child = others.find((request) => request.system?.includes("[worker]"));
    const agentTool = child?.tools.find(({ name }) => name === "Agent");
    expect(JSON.stringify(agentTool)).not.toContain("run_in_background");
    for (const each of [agent, all]) await each.close();
  });

  test("a tool that is listed with a rule is allowed for that alone", async () => {
    const options = { agents: { worker: worker({ tools: ["Bash(echo *)"] }) } };
    const { agent } = await scene(tries("touch ran"), options);
    await play(agent);
    expect(ran()).toBe(false);
    expect(results(agent.messages)[0]?.text).toContain("1 call refused");
    const { agent: echoes } = await scene(tries("echo hello"), options);
    await play(echoes);
    expect(results(echoes.messages)[0]?.text).not.toContain("refused");
    for (const each of [agent, echoes]) await each.close();
  });

  test("Explore reads and does nothing else", async () => {
    const { agent, requests } = await scene({ main: main({ subagent_type: "Explore" }) });
    await play(agent);
    expect(requests[1]?.tools.map(({ name }) => name)).toEqual(["Read", "Glob", "Grep", "Recall"]);
    await agent.close();
  });

  test("T6: agents nest five deep, and the sixth is a failed result that says so", async () => {
    const { agent, requests } = await scene(
      { main: main(), worker: () => ({ calls: [callOf()] }) },
      {
        agents: { worker: worker({ maxTurns: 1 }) },
      },
    );
    await play(agent);
    expect(requests.filter((request) => request.system?.includes("[worker]"))).toHaveLength(5);
    const deepest = requests.at(-2);
    expect(deepest?.system).toContain("[worker]");
    await agent.close();
  });
});

describe("budgets and crowds", () => {
  test("rank 6: a money limit holds over all agents together", async () => {
    const usage = { input: 1, output: 1, cost: 100 };
    const { agent } = await scene(
      {
        main: () => ({ calls: [1, 2, 3].map((number) => callOf({ prompt: `Part ${number}` })), usage }),
        worker: (_request, turn) => ({ calls: [{ name: "Glob", input: { pattern: `*${turn}` } }], usage }),
      },
      { limits: { maxCost: 1_000 } },
    );
    const events = await play(agent);
    const end = events.at(-1);
    expect(end).toMatchObject({ type: "run-end", reason: "budget", limit: "cost" });
    const cost = end?.type === "run-end" ? (end.usage.cost ?? 0) : 0;
    expect(cost).toBeGreaterThanOrEqual(1_000);
    expect(cost).toBeLessThan(1_000 + 3 * 100);
    for (const { text } of results(agent.messages)) expect(text).toContain("the money for it is used up");
    await agent.close();
  });

  test("rank 6: an agent whose model cannot be reached has cost nothing: under a money limit its parent goes on", async () => {
    const usage = { input: 1, output: 1, cost: 100 };
    const { agent } = await scene(
      {
        main: (request, turn) => ({ ...main()(request, turn), usage }),
        worker: () => ({ fault: { code: "network", message: "Connection refused.", retryable: true } }),
      },
      { limits: { maxCost: 1_000 } },
    );
    const end = (await play(agent)).at(-1);
    expect(end).toMatchObject({ type: "run-end", reason: "completed", usage: { cost: 200 } });
    expect(results(agent.messages)[0]).toMatchObject({
      status: "failed",
      text: expect.stringContaining("refused"),
    });
    await agent.close();
  });

  test("T6: 500 agents at once wait for their turn and all answer", async () => {
    let open = 0;
    let most = 0;
    const { agent } = await scene({
      main: (_request, turn) =>
        turn === 0
          ? { calls: Array.from({ length: 500 }, (_, number) => callOf({ prompt: `Part ${number}` })) }
          : { text: "done" },
      worker: () => {
        open += 1;
        most = Math.max(most, open);
        const close = (): void => {
          open -= 1;
        };
        return { text: "ok", gate: Promise.resolve().then(close) };
      },
    });
    const events = await play(agent);
    expect(results(agent.messages).filter(({ status }) => status === "ok")).toHaveLength(500);
    expect(most).toBeLessThanOrEqual(10);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    await agent.close();
  });

  test("T6: cancelling the run cancels every agent of it", async () => {
    const { agent } = await scene({
      main: () => ({ calls: [1, 2, 3].map((number) => callOf({ prompt: `Part ${number}` })) }),
      worker: () => ({ misbehave: "hang" }),
    });
    const run = agent.run("go");
    let begun = 0;
    const ends: AgentEvent[] = [];
    for await (const event of run) {
      if (event.type === "turn-start" && event.parent !== undefined && ++begun === 3) run.cancel();
      if (event.type === "run-end") ends.push(event);
    }
    expect(ends).toHaveLength(4);
    expect(ends.every((end) => end.type === "run-end" && end.reason === "cancelled")).toBe(true);
    await agent.close();
  });
});

describe("SendMessage", () => {
  const idIn = (request: ModelRequest): string =>
    /\[(worker-\w+):/.exec(JSON.stringify(request.messages))?.[1] ?? "";

  test("goes on with an agent that has ended, with what it knows", async () => {
    const { agent, requests } = await scene({
      main: (request, turn) => {
        if (turn === 0) return { calls: [callOf()] };
        if (turn === 1)
          return { calls: [{ name: "SendMessage", input: { to: idIn(request), message: "And then?" } }] };
        return { text: "done" };
      },
      worker: (_request, turn) => ({ text: `answer ${turn}` }),
    });
    await play(agent);
    expect(results(agent.messages, "SendMessage")[0]?.text).toMatch(/^answer 1\n/);
    const second = requests.filter((request) => request.system?.includes("[worker]"))[1];
    expect(second?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    await agent.close();
  });

  test("after a resume the conversation of the agent comes from the journal", async () => {
    const journal = memoryJournal();
    const first = await scene({ main: main(), worker: () => ({ text: "the number is 42" }) }, { journal });
    await play(first.agent);
    await first.agent.close();
    const { agent, requests } = await scene(
      {
        main: (request, turn) =>
          turn === 0
            ? { calls: [{ name: "SendMessage", input: { to: idIn(request), message: "Which number?" } }] }
            : { text: "done" },
        worker: () => ({ text: "still 42" }),
      },
      { journal, resume: first.agent.session },
    );
    await play(agent, "ask it again");
    expect(results(agent.messages, "SendMessage")[0]?.text).toMatch(/^still 42\n/);
    const child = requests.find((request) => request.system?.includes("[worker]"));
    expect(JSON.stringify(child?.messages)).toContain("the number is 42");
    await agent.close();
  });

  test.each(["Agent(worker)", "Agent", "Task(work*)"])("%s denied since: it does not go on", async (rule) => {
    const journal = memoryJournal();
    const first = await scene({ main: main(), worker: () => ({ text: "answer" }) }, { journal });
    await play(first.agent);
    await first.agent.close();
    const { agent, requests } = await scene(
      {
        main: (request, turn) =>
          turn === 0
            ? { calls: [{ name: "SendMessage", input: { to: idIn(request), message: "Go on." } }] }
            : { text: "done" },
        worker: () => ({ text: "went on" }),
      },
      { journal, resume: first.agent.session, disallowedTools: [rule] },
    );
    await play(agent, "go on with it");
    expect(requests.some((request) => request.system?.includes("[worker]"))).toBe(false);
    expect(results(agent.messages, "SendMessage")[0]?.text).not.toContain("went on");
    await agent.close();
  });

  test("an agent that nobody started is an error that says so", async () => {
    const { agent } = await scene({
      main: (_request, turn) =>
        turn === 0
          ? { calls: [{ name: "SendMessage", input: { to: "worker-1", message: "hi" } }] }
          : { text: "ok" },
    });
    await play(agent);
    expect(results(agent.messages, "SendMessage")[0]).toMatchObject({ status: "failed" });
    await agent.close();
  });
});

describe("in the background", () => {
  test("an agent goes on when the turn has ended, is told once, and its events are in the journal under its call", async () => {
    const journal = memoryJournal();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { agent, requests } = await scene(
      {
        main: (_request, turn) =>
          turn === 0 ? { calls: [callOf({ run_in_background: true })] } : { text: "meanwhile" },
        worker: () => ({ text: "late answer", gate, usage: { input: 7 } }),
      },
      { journal },
    );
    await play(agent);
    expect(results(agent.messages)[0]?.text).toContain("in the background as agent_1");
    expect(agent.tasks.list()).toMatchObject([{ id: "agent_1", kind: "agent", status: "running" }]);
    release();
    await agent.tasks.wait("agent_1", 60_000, new AbortController().signal);
    expect(agent.tasks.get("agent_1")).toMatchObject({ status: "completed" });
    expect(agent.hasNews).toBe(true);
    await agent.resume().result;
    const told = requests
      .at(-1)
      ?.messages.filter((message) => message.role === "user" && message.origin === "task");
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).toContain("late answer");
    expect(agent.usage.input).toBe(7);
    const events = await kept(journal, agent.session);
    const ends = events.filter((event) => event.type === "run-end" && event.parent !== undefined);
    expect(ends).toHaveLength(1);
    const seqs = events.map(({ seq }) => seq);
    expect(new Set(seqs).size).toBe(seqs.length);
    await agent.close();
  });

  test("a message steers one that runs, TaskStop and the end of the session stop it", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { agent, requests } = await scene({
      main: (_request, turn) => {
        if (turn === 0) return { calls: [callOf({ run_in_background: true })] };
        if (turn === 1)
          return { calls: [{ name: "SendMessage", input: { to: "agent_1", message: "Hurry." } }] };
        if (turn === 2) return { text: "sent" };
        return { text: "ok" };
      },
      worker: (_request, turn) =>
        turn === 0 ? { text: "first", gate } : turn === 1 ? { text: "hurried" } : { misbehave: "hang" },
    });
    const run = agent.run("go");
    for await (const event of run) {
      if (event.type === "message" && event.message.role === "tool" && event.message.name === "SendMessage")
        release();
    }
    expect(results(agent.messages, "SendMessage")[0]?.text).toContain("before its next step");
    await agent.tasks.wait("agent_1", 60_000, new AbortController().signal);
    expect(
      JSON.stringify(requests.filter((request) => request.system?.includes("[worker]")).at(-1)),
    ).toContain("Hurry.");
    await agent.close();
  });

  test("the session's end cancels it, and the journal says so", async () => {
    const journal = memoryJournal();
    const { agent } = await scene(
      { main: main({ run_in_background: true }), worker: () => ({ misbehave: "hang" }) },
      { journal },
    );
    await play(agent);
    await agent.close();
    const events = await kept(journal, agent.session);
    expect(events.filter((event) => event.type === "run-end" && event.parent !== undefined)).toMatchObject([
      { reason: "cancelled" },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "task", task: { status: "cancelled" } });
  });

  test("T6: those that wait for their turn when the turn of the conversation is over start and answer all the same", async () => {
    const count = 30;
    const { agent } = await scene({
      main: (_request, turn) =>
        turn === 0
          ? {
              calls: Array.from({ length: count }, (_, index) =>
                callOf({ prompt: `Task ${index}.`, run_in_background: true }),
              ),
            }
          : { text: "meanwhile" },
      worker: () => ({ text: "answered" }),
    });
    await play(agent);
    const never = new AbortController().signal;
    const ends = await Promise.all(agent.tasks.list().map(({ id }) => agent.tasks.wait(id, 60_000, never)));
    expect(ends.map((task) => task?.status)).toEqual(Array(count).fill("completed"));
    await agent.close();
  });

  test("a definition may ask for it", async () => {
    const { agent } = await scene(
      { main: main(), worker: () => ({ text: "ok" }) },
      { agents: { worker: worker({ background: true }) } },
    );
    await play(agent);
    expect(agent.tasks.list()).toHaveLength(1);
    await agent.close();
  });
});

describe("rank 18: a git worktree of its own", () => {
  const git = (...args: readonly string[]) =>
    execFileSync("git", args, { cwd: folder, stdio: "pipe" }).toString();
  const trees = () => git("worktree", "list", "--porcelain").match(/^worktree /gm)?.length;
  beforeEach(async () => {
    git("init", "-q");
    await writeFile(join(folder, "a.txt"), "one\n");
    await writeFile(join(folder, ".gitignore"), "home\nuser\n");
    git("add", ".");
    git("-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "-qm", "first");
  });
  const agents = { worker: worker({ isolation: "worktree" }) };

  test("is made for the agent and removed when nothing was changed", async () => {
    const { agent } = await scene(
      {
        main: main(),
        worker: (_request, turn) =>
          turn === 0 ? { calls: [{ name: "Bash", input: { command: "pwd" } }] } : { text: "looked" },
      },
      { agents },
    );
    const events = await play(agent);
    const start = events.find((event) => event.type === "run-start" && event.parent !== undefined);
    const cwd = start?.type === "run-start" ? (start.cwd ?? "") : "";
    expect(cwd).toContain("claw-worktrees");
    expect(existsSync(cwd)).toBe(false);
    expect(trees()).toBe(1);
    expect(results(agent.messages)[0]).toMatchObject({ status: "ok" });
    await agent.close();
  });

  test("stays, and is named, when there are changes in it; the parent's files are as they were", async () => {
    const { agent } = await scene(
      {
        main: main(),
        worker: (_request, turn) =>
          turn === 0
            ? { calls: [{ name: "Write", input: { file_path: "b.txt", content: "two" } }] }
            : { text: "wrote" },
      },
      { agents, permissionMode: "acceptEdits", ask: async () => ({ type: "allow" }) },
    );
    await play(agent);
    const place = /worktree (\S+?)\. SendMessage/.exec(results(agent.messages)[0]?.text ?? "")?.[1] ?? "";
    expect(await readdir(place)).toContain("b.txt");
    expect(existsSync(join(folder, "b.txt"))).toBe(false);
    expect(trees()).toBe(2);
    await agent.close();
  });

  test("holds it after a resume, too: it goes on there, and writes nowhere else", async () => {
    const journal = memoryJournal();
    const write = (file_path: string): ScriptedReply => ({
      calls: [{ name: "Write", input: { file_path, content: "two" } }],
    });
    const worked =
      (...replies: readonly ScriptedReply[]) =>
      (_request: ModelRequest, turn: number) =>
        replies[turn] ?? { text: "wrote" };
    const bounded: AgentOptions = { agents, journal, permissionMode: "acceptEdits" };
    const start: AgentOptions = { ...bounded, ask: async () => ({ type: "allow" }) };
    const first = await scene({ main: main(), worker: worked(write("b.txt")) }, start);
    await play(first.agent);
    const said = results(first.agent.messages)[0]?.text ?? "";
    const [, place = "", id = ""] = /worktree (\S+?)\. SendMessage to (\S+)/.exec(said) ?? [];
    await first.agent.close();
    const { agent } = await scene(
      {
        main: (_request, turn) =>
          turn === 0
            ? { calls: [{ name: "SendMessage", input: { to: id, message: "More." } }] }
            : { text: "done" },
        worker: worked(write("c.txt"), write(join(folder, "outside.txt"))),
      },
      { ...bounded, resume: first.agent.session },
    );
    await play(agent, "go on");
    expect(results(agent.messages, "SendMessage")[0]?.text).toContain("1 call refused");
    expect(await readdir(place)).toEqual(expect.arrayContaining(["b.txt", "c.txt"]));
    expect(existsSync(join(folder, "outside.txt"))).toBe(false);
    await agent.close();
  });

  describe.each([false, true])("that is gone (in a resumed session: %s)", (resumed) => {
    test.each(["removed", "replaced by a link"])("%s: the agent does not go on", async (how) => {
      const journal = memoryJournal();
      const bounded: AgentOptions = { agents, journal, permissionMode: "acceptEdits" };
      const write: ScriptedReply = {
        calls: [{ name: "Write", input: { file_path: "b.txt", content: "two" } }],
      };
      const elsewhere = join(folder, "elsewhere");
      await mkdir(elsewhere);
      await writeFile(join(elsewhere, ".git"), "");
      let said = ["", "", ""];
      const message = (): ScriptedReply => {
        const place = said[1] ?? "";
        rmSync(place, { recursive: true });
        if (how !== "removed") symlinkSync(elsewhere, place);
        return { calls: [{ name: "SendMessage", input: { to: said[2] ?? "", message: "More." } }] };
      };
      const worked = (_request: ModelRequest, turn: number) => (turn % 2 === 0 ? write : { text: "wrote" });
      const begin: Roles = {
        main: (_request, turn) =>
          turn === 0 ? { calls: [callOf()] } : turn === 2 ? message() : { text: "done" },
        worker: worked,
      };
      const first = await scene(begin, { ...bounded, ask: async () => ({ type: "allow" }) });
      await play(first.agent);
      said =
        /worktree (\S+?)\. SendMessage to (\S+)/.exec(results(first.agent.messages)[0]?.text ?? "") ?? said;
      if (resumed) await first.agent.close();
      const goOn: Roles = {
        main: (_request, turn) => (turn === 0 ? message() : { text: "done" }),
        worker: worked,
      };
      const { agent } = resumed ? await scene(goOn, { ...bounded, resume: first.agent.session }) : first;
      await play(agent, "go on");
      expect(results(agent.messages, "SendMessage")).toEqual([
        { status: "failed", text: expect.stringContaining("is not there any more") },
      ]);
      expect(await readdir(elsewhere)).toEqual([".git"]);
      await agent.close();
    });
  });

  test("that is removed while its agent works is not called its worktree", async () => {
    const { agent } = await scene(
      {
        main: main(),
        worker: (request, turn) => {
          if (turn === 0) return { calls: [{ name: "Bash", input: { command: "pwd" } }] };
          const place = JSON.stringify(request.messages).match(/[^"]*claw-worktrees[^"\\]*/)?.[0] ?? "";
          rmSync(place, { recursive: true });
          return { text: "looked" };
        },
      },
      { agents },
    );
    await play(agent);
    expect(results(agent.messages)[0]?.text).toContain("There is no checkout at ");
    await agent.close();
  });

  test("is no other session's, whose agents in the background have the same names", async () => {
    const write: ScriptedReply = {
      calls: [{ name: "Write", input: { file_path: "b.txt", content: "two" } }],
    };
    for (const _ of ["one session", "and another"]) {
      const { agent } = await scene(
        {
          main: main({ run_in_background: true }),
          worker: (_request, turn) => (turn === 0 ? write : { text: "wrote" }),
        },
        { agents },
      );
      await play(agent);
      const task = await agent.tasks.wait("agent_1", 60_000, new AbortController().signal);
      expect(task?.status, task?.summary).toBe("completed");
      await agent.close();
    }
    expect(trees()).toBe(3);
  });

  test("needs the permission of its call", async () => {
    const asked: PermissionRequest[] = [];
    const { agent } = await scene(
      { main: main(), worker: () => ({ text: "ok" }) },
      {
        agents,
        permissionMode: "default",
        ask: async (request) => {
          asked.push(request);
          return { type: "deny", by: "user" };
        },
      },
    );
    await play(agent);
    expect(asked.map(({ tool }) => tool)).toEqual(["Agent"]);
    expect(asked[0]?.effects.map(({ type }) => type)).toEqual(["exec", "exec", "write"]);
    expect(results(agent.messages)[0]).toMatchObject({ status: "denied" });
    expect(trees()).toBe(1);
    await agent.close();
  });

  test("is a clear failure where there is no repository", async () => {
    await rm(join(folder, ".git"), { recursive: true });
    const { agent } = await scene({ main: main(), worker: () => ({ text: "ok" }) }, { agents });
    await play(agent);
    expect(results(agent.messages)[0]).toMatchObject({ status: "failed" });
    expect(results(agent.messages)[0]?.text).toContain("git repository");
    await agent.close();
  });
});

describe("agents from files", () => {
  const file = async (place: string, name: string, text: string): Promise<void> => {
    await mkdir(join(folder, place), { recursive: true });
    await writeFile(join(folder, place, name), text);
  };
  const definition = (name: string, more = "") =>
    `---\nname: ${name}\ndescription: From a file.\n${more}---\n[worker] Work from a file.\n`;

  test("those of the user and of a trusted workspace are offered, .claw before .claude, and one bad file hides none", async () => {
    await file("home/agents", "mine.md", definition("mine"));
    await file(".claude/agents", "reviewer.md", definition("reviewer", "tools: Read, Grep\n"));
    await file(".claw/agents", "reviewer.md", definition("reviewer", "tools: Read\n"));
    await file(".claw/agents", "bad.md", "---\nname: bad\ndescription: d\nmaxTurns: none\n---\nx\n");
    const { agent } = await scene({ main: main() }, { agents: {}, trustWorkspace: true });
    expect(agent.agents.map(({ name }) => name)).toEqual(["general-purpose", "Explore", "mine", "reviewer"]);
    expect(agent.agents.at(-1)?.from).toBe(join(folder, ".claw/agents/reviewer.md"));
    const problem = agent.warnings.find(({ code }) => code === "agent-file");
    expect(problem?.message).toContain(`${join(folder, ".claw/agents/bad.md")}:4: maxTurns`);
    await agent.close();
  });

  test("those of a workspace that is not trusted are not", async () => {
    await file(".claude/agents", "evil.md", definition("evil"));
    const { agent } = await scene({}, { agents: {}, trustWorkspace: false });
    expect(agent.agents.map(({ name }) => name)).toEqual(["general-purpose", "Explore"]);
    expect(JSON.stringify(agent.tools)).not.toContain("evil");
    await agent.close();
  });
});
