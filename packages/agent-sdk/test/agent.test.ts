import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sessionId } from "@claw/agent-core";
import {
  type AgentOptions,
  type Answer,
  createAgent,
  type DurableEvent,
  defineTool,
  exitCodeOf,
  exportSession,
  jsonSchema,
  listSessions,
  type Model,
  memoryJournal,
  query,
  type RunEnd,
  readSession,
  rememberedSettingsFile,
  removeSession,
  text,
} from "@claw/agent-sdk";
import { type MockReply, startMockModel } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-sdk-"));
  await mkdir(join(folder, "work"));
  await writeFile(join(folder, "work", "alpha.txt"), "first line\nsecond line\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const cwd = () => join(folder, "work");
const env = () => ({ PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") });

/** A stub that says these replies, in a workspace of its own. */
function scripted(replies: readonly object[], options: AgentOptions = {}): AgentOptions {
  const stubScript = replies.map((reply) => JSON.stringify(reply)).join("\n");
  return { provider: "stub", stubScript, cwd: cwd(), env: env(), ...options };
}
const call = (name: string, input: object) => ({ toolCalls: [{ name, input }] });
const done = { text: "done" };

describe("R16: ten lines are enough", () => {
  test("a run may follow as soon as the events of the last one are over", async () => {
    await using agent = await createAgent(scripted([done, done, done]));
    for (const prompt of ["one", "two", "three"]) for await (const event of agent.run(prompt)) void event;
    expect(agent.messages.filter(({ role }) => role === "assistant")).toHaveLength(3);
  });

  test("query gives its answer, its events and its end", async () => {
    const run = query({
      ...scripted([]),
      provider: "stub",
      prompt: "list files in the current directory",
      cwd: cwd(),
      env: env(),
    });
    await expect(run.result).resolves.toMatchObject({ end: { reason: "failed" } });
    const planned = query({
      provider: "stub",
      prompt: "list files in the current directory",
      cwd: cwd(),
      env: env(),
    });
    const types = new Set<string>();
    for await (const event of planned) types.add(event.type);
    const { text: answer, end } = await planned.result;
    expect(answer).toContain("alpha.txt");
    expect(end.reason).toBe("completed");
    expect([...types]).toEqual(
      expect.arrayContaining(["run-start", "tool-start", "permission-decision", "run-end"]),
    );
  });

  test("a query that cannot start says why, in its result and to who iterates", async () => {
    const run = query({ provider: "nonsense", prompt: "x", cwd: cwd(), env: env() });
    await expect(run.result).resolves.toMatchObject({
      end: { reason: "failed", error: { code: "unknown-provider" } },
    });
    await expect(run[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      fault: { code: "unknown-provider" },
    });
  });

  test("nothing is written to stdout or stderr by the library", async () => {
    const written: unknown[] = [];
    const { write } = process.stdout;
    process.stdout.write = (chunk: unknown) => written.push(chunk) > 0;
    try {
      await query({ provider: "stub", prompt: "list files", cwd: cwd(), env: env() }).result;
    } finally {
      process.stdout.write = write;
    }
    expect(written).toEqual([]);
  });
});

describe("R12: every part can be replaced", () => {
  test("a model", async () => {
    const ref = { provider: "mine", id: "one" };
    // biome-ignore lint/correctness/useYield: a generator that only returns
    const model: Model = async function* () {
      return { role: "assistant", model: ref, content: [text("mine")], stop: { reason: "end" }, usage: {} };
    };
    const { text: answer } = await query({ connection: { model, ref }, prompt: "x", cwd: cwd(), env: env() })
      .result;
    expect(answer).toBe("mine");
  });

  test("a tool", async () => {
    const tools = [
      defineTool({
        name: "Dice",
        description: "Rolls.",
        input: jsonSchema<object>({ type: "object" }),
        effects: () => [],
        run: () => "4",
      }),
    ];
    await using agent = await createAgent(scripted([call("Dice", {}), done], { preset: "minimal", tools }));
    expect(agent.tools.map((tool) => tool.name)).toEqual(["Dice"]);
    const { messages } = await agent.run("roll").result;
    expect(JSON.stringify(messages[2])).toContain("4");
  });

  test("a policy, which can tighten", async () => {
    const policy = () => ({ type: "deny", reason: "closed today" }) as const;
    await using agent = await createAgent(
      scripted([call("Read", { file_path: "alpha.txt" }), done], { policy }),
    );
    const { end } = await agent.run("read").result;
    expect(end.denials).toMatchObject([
      { tool: "Read", by: "policy", reason: expect.stringContaining("closed today") },
    ]);
  });

  test("a compaction strategy", async () => {
    let asked = 0;
    const compact = async () => {
      asked += 1;
      return undefined;
    };
    await using agent = await createAgent(scripted([done], { compact }));
    await agent.run("x").result;
    expect(asked).toBe(1);
  });
});

describe("permissions", () => {
  const write = call("Write", { file_path: "beta.txt", content: "b" });

  test("reading inside the workspace is not asked about, writing is", async () => {
    const asked: string[] = [];
    const ask = async ({ tool }: { tool: string }): Promise<Answer> => {
      asked.push(tool);
      return { type: "allow" };
    };
    await using agent = await createAgent(
      scripted([call("Read", { file_path: "alpha.txt" }), write, done], { ask }),
    );
    const { end } = await agent.run("go").result;
    expect(asked).toEqual(["Write"]);
    expect(end.denials).toEqual([]);
    expect(await readFile(join(cwd(), "beta.txt"), "utf8")).toBe("b");
  });

  test("R4: deny, ask and allow, end to end", async () => {
    const outcomes: string[] = [];
    for (const options of [{ permission: "deny" }, {}, { allowedTools: ["Edit(beta.txt)"] }] as const) {
      await using agent = await createAgent(scripted([write, done], options));
      const { end } = await agent.run("go").result;
      outcomes.push(end.denials[0]?.by ?? "ran");
    }
    expect(outcomes).toEqual(["policy", "nobody", "ran"]);
  });

  test("a session rule holds for the session, resumed too, and for no other", async () => {
    let asked = 0;
    const ask = async (request: { suggestions?: readonly string[] }): Promise<Answer> => {
      asked += 1;
      return { type: "allow", remember: { rules: request.suggestions ?? [], scope: "session" } };
    };
    const bash = call("Bash", { command: "touch made" });
    const first = await createAgent(scripted([bash, bash, done], { ask }));
    expect((await first.run("go").result).end.denials).toEqual([]);
    await first.close();
    expect(asked).toBe(1);
    const again = await createAgent(scripted([bash, done], { ask, resume: first.session }));
    await again.run("go").result;
    await again.close();
    expect(asked).toBe(1);
    await using other = await createAgent(scripted([bash, done], { ask }));
    await other.run("go").result;
    expect(asked).toBe(2);
  });

  test("an always rule is saved 0600, outside of the workspace, and holds for the next session", async () => {
    const ask = async (request: { suggestions?: readonly string[] }): Promise<Answer> => ({
      type: "allow",
      remember: { rules: request.suggestions ?? [], scope: "always" },
    });
    const bash = call("Bash", { command: "touch made" });
    const first = await createAgent(scripted([bash, done], { ask }));
    await first.run("go").result;
    await first.close();
    await using next = await createAgent(scripted([bash, done]));
    expect((await next.run("go").result).end.denials).toEqual([]);
    expect(await readdir(cwd())).not.toContain(".claw");
    const [project = ""] = await readdir(join(folder, "home", "projects"));
    const file = join(folder, "home", "projects", project, "settings.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toContain("Bash(touch made)");
  });

  test("the workspace's settings can deny, and cannot allow", async () => {
    await mkdir(join(cwd(), ".claw"));
    const rules = {
      permissions: {
        allow: ["Edit", "Bash(touch made)"],
        deny: ["Read(alpha.txt)"],
        defaultMode: "bypassPermissions",
      },
    };
    await writeFile(join(cwd(), ".claw", "settings.json"), JSON.stringify(rules));
    await using agent = await createAgent(
      scripted([
        call("Read", { file_path: "alpha.txt" }),
        write,
        call("Bash", { command: "touch made" }),
        done,
      ]),
    );
    const { end } = await agent.run("go").result;
    expect(end.denials.map(({ tool, by }) => `${tool} ${by}`)).toEqual([
      "Read policy",
      "Write nobody",
      "Bash nobody",
    ]);
  });

  test("S8: an unreadable settings file warns, and everything with an effect is asked about, in every mode", async () => {
    await mkdir(join(folder, "home"), { recursive: true });
    await writeFile(join(folder, "home", "settings.json"), "{ not json");
    await using agent = await createAgent(
      scripted([call("Read", { file_path: "alpha.txt" }), done], { permission: "auto" }),
    );
    expect(agent.warnings).toMatchObject([{ code: "settings-unreadable" }]);
    expect((await agent.run("go").result).end.denials).toMatchObject([{ tool: "Read", by: "nobody" }]);
  });

  test("a bare-name deny takes the tool away from the model", async () => {
    await using agent = await createAgent(scripted([done], { disallowedTools: ["WebFetch", "Bash(rm *)"] }));
    const names = agent.tools.map((tool) => tool.name);
    expect(names).not.toContain("WebFetch");
    expect(names).toContain("Bash");
  });

  test("a read deny keeps a file out of every search, without a question about the others", async () => {
    await writeFile(join(cwd(), "secret.txt"), "first secret\n");
    const grep = call("Grep", { pattern: "first", output_mode: "content" });
    await using agent = await createAgent(
      scripted([grep, call("Read", { file_path: "secret.txt" }), done], {
        disallowedTools: ["Read(secret.txt)"],
      }),
    );
    const { end, messages } = await agent.run("go").result;
    expect(end.denials.map((denial) => denial.tool)).toEqual(["Read"]);
    expect(JSON.stringify(messages[2])).toContain("first line");
    expect(JSON.stringify(messages)).not.toContain("first secret");
  });

  test("a rule that is none is refused by name", async () => {
    await expect(createAgent(scripted([], { allowedTools: ["Bash("] }))).rejects.toMatchObject({
      fault: { code: "rule-syntax" },
    });
  });

  test("R3, W15: no built-in tool with an effect reaches execution unchecked", async () => {
    const inputs: Readonly<Record<string, object>> = {
      Bash: { command: "touch made" },
      Read: { file_path: "/etc/hostname" },
      Write: { file_path: "x", content: "x" },
      Edit: { file_path: "alpha.txt", old_string: "a", new_string: "b" },
      Glob: { pattern: "*", path: "/etc" },
      Grep: { pattern: "x", path: "/etc" },
      WebFetch: { url: "https://example.com/", prompt: "x" },
    };
    const harmless = ["TodoWrite", "AskUserQuestion", "TaskOutput", "TaskStop", "Monitor", "Recall"];
    // What a sub-agent does is judged call by call: see its own tests.
    harmless.push("Agent", "SendMessage");
    await using all = await createAgent(scripted([done]));
    for (const { name } of all.tools) {
      if (harmless.includes(name)) continue;
      await using agent = await createAgent(scripted([call(name, inputs[name] ?? {}), done]));
      const { end, messages } = await agent.run("go").result;
      expect(end.denials, name).toMatchObject([{ tool: name, by: "nobody" }]);
      expect(messages[2]).toMatchObject({ outcome: { status: "denied" } });
    }
    expect(await readdir(cwd())).toEqual(["alpha.txt"]);
  });
});

test("the file of an always answer is the one that is named", async () => {
  const remember = async (): Promise<Answer> => ({
    type: "allow",
    remember: { rules: ["Bash(touch made.txt)"], scope: "always" },
  });
  await using agent = await createAgent(
    scripted([call("Bash", { command: "touch made.txt" }), done], { ask: remember }),
  );
  await agent.run("go").result;
  const file = rememberedSettingsFile({ cwd: cwd(), env: env() });
  expect(await readFile(file, "utf8")).toContain("Bash(touch made.txt)");
});

describe("models", () => {
  test("L13: a fallback model is asked when the first one fails, and the stream says so", async () => {
    const down = { error: { code: "overloaded", message: "busy", retryable: false } };
    await using agent = await createAgent(scripted([down, down], { fallbackModels: ["stub:second"] }));
    const run = agent.run("list files in the current directory");
    const changes: unknown[] = [];
    for await (const event of run) if (event.type === "retry") changes.push(event.fallback);
    expect(changes[0]).toEqual({
      from: { provider: "stub", id: "stub" },
      to: { provider: "stub", id: "second" },
    });
    expect((await run.result).text).toContain("alpha.txt");
  });

  test("L13, L1: with a stand-in nobody waits long for the first model; the last one is waited for as ever", async () => {
    const fault = (headers: Readonly<Record<string, string>>): MockReply => ({
      fault: { type: "status", status: 529, headers },
    });
    const soon = fault({ "retry-after-ms": "1" });
    const script = [fault({ "retry-after": "40" }), soon, soon, soon, soon, soon, { text: "hi" }];
    await using mock = await startMockModel({ script });
    const own = { ...env(), ...mock.env };
    const models = { model: "first", fallbackModels: ["second", "third"] };
    await using agent = await createAgent({ provider: "anthropic", ...models, cwd: cwd(), env: own });
    expect((await agent.run("x").result).text).toBe("hi");
    expect(mock.requests.map(({ model }) => model)).toEqual([
      "first",
      ...["second", "second", "second"],
      ...["third", "third", "third"],
    ]);
  });

  test("a fallback model that cannot be connected is the end of it, with its reason", async () => {
    const down = { error: { code: "overloaded", message: "busy", retryable: false } };
    await using agent = await createAgent(scripted([down], { fallbackModels: ["anthropic:some-model"] }));
    const { end } = await agent.run("x").result;
    expect(end).toMatchObject({
      reason: "failed",
      error: { message: expect.stringContaining("ANTHROPIC_API_KEY") },
    });
  });

  test("L13: a model of one's own has stand-ins, too, and can be changed for another one", async () => {
    const ref = { provider: "mine", id: "one" };
    const error = { code: "overloaded", message: "busy", retryable: false } as const;
    // biome-ignore lint/correctness/useYield: a generator that only returns
    const model: Model = async function* () {
      return { role: "assistant", model: ref, content: [], stop: { reason: "error", error }, usage: {} };
    };
    await using agent = await createAgent({
      connection: { model, ref },
      fallbackModels: ["stub:second"],
      cwd: cwd(),
      env: env(),
    });
    const first = await agent.run("list files in the current directory").result;
    expect(first).toMatchObject({ text: expect.stringContaining("alpha.txt"), end: { reason: "completed" } });
    await expect(agent.setModel("two")).rejects.toMatchObject({
      fault: { code: "no-model", message: "two cannot be connected: the model of mine was given as it is." },
    });
    expect(agent.model).toEqual(ref);
    expect(await agent.setModel("stub:third")).toEqual({ provider: "stub", id: "third" });
    expect((await agent.run("hello").result).text).toMatch(/^\[stub provider\]/);
  });

  test("a price that is given counts where the vendor's own does not hold, for that model alone", async () => {
    const usage = { input: 1000, output: 100 };
    await using mock = await startMockModel({ script: () => ({ text: "hi", usage }) });
    const price = { input: 2, output: 10, cacheRead: 0, cacheWrite: 0 };
    const own = { ...env(), ...mock.env };
    await using agent = await createAgent({ provider: "anthropic", price, cwd: cwd(), env: own });
    expect((await agent.run("x").result).end.usage.cost).toBe(3000);
    await agent.setModel("claude-other");
    expect((await agent.run("x").result).end.usage).not.toHaveProperty("cost");
  });

  test("effort and output reach the model", async () => {
    const seen: unknown[] = [];
    const ref = { provider: "mine", id: "one" };
    // biome-ignore lint/correctness/useYield: a generator that only returns
    const model: Model = async function* ({ reasoning, output }) {
      seen.push({ reasoning, output });
      return { role: "assistant", model: ref, content: [text("{}")], stop: { reason: "end" }, usage: {} };
    };
    const output = { schema: { type: "object" } };
    await query({ connection: { model, ref }, effort: "high", output, prompt: "x", cwd: cwd(), env: env() })
      .result;
    expect(seen).toEqual([{ reasoning: { effort: "high" }, output }]);
  });
});

describe("sessions", () => {
  test("are journaled, listed, read, exported, resumed and removed", async () => {
    const agent = await createAgent(scripted([done]));
    await agent.run("remember me").result;
    await agent.close();
    const where = { cwd: cwd(), env: env() };
    expect(await listSessions(where)).toMatchObject([{ session: agent.session, title: "remember me" }]);
    const types: string[] = [];
    for await (const event of readSession(where, agent.session)) types.push(event.type);
    expect(types).toEqual(["run-start", "message", "message", "run-end"]);
    const lines: string[] = [];
    for await (const line of exportSession(where, agent.session)) lines.push(line);
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(types);
    const again = await createAgent(scripted([{ text: "again" }], { resume: "latest" }));
    expect(again.session).toBe(agent.session);
    expect(again.messages).toHaveLength(2);
    await expect(removeSession(where, agent.session)).rejects.toMatchObject({
      fault: { code: "session-busy" },
    });
    await again.close();
    await removeSession(where, agent.session);
    expect(await listSessions(where)).toEqual([]);
  });

  test("S5: a second writer is refused, a used id too, an unknown one too", async () => {
    await using agent = await createAgent(scripted([done], { session: "mine" }));
    await agent.run("x").result;
    await expect(createAgent(scripted([done], { resume: "mine" }))).rejects.toMatchObject({
      fault: { code: "session-busy" },
    });
    await agent.close();
    await expect(createAgent(scripted([done], { session: "mine" }))).rejects.toMatchObject({
      fault: { code: "session-exists" },
    });
    await expect(createAgent(scripted([done], { resume: "other" }))).rejects.toMatchObject({
      fault: { code: "session-unknown" },
    });
    await expect(createAgent(scripted([done], { session: "../x" }))).rejects.toMatchObject({
      fault: { code: "invalid-id" },
    });
  });

  test("S7: a home that cannot be written costs the recording, with a warning, and nothing else", async () => {
    await writeFile(join(folder, "file"), "");
    const blocked = { ...env(), CLAW_HOME: join(folder, "file", "home") };
    await using agent = await createAgent(scripted([done], { env: blocked }));
    expect(agent.warnings).toMatchObject([{ code: "journal-unwritable" }]);
    expect((await agent.run("x").result).end.reason).toBe("completed");
  });

  test("law 13: a resumed session sends the system prompt that it began with", async () => {
    const seen: (string | undefined)[] = [];
    const ref = { provider: "mine", id: "one" };
    // biome-ignore lint/correctness/useYield: a generator that only returns
    const model: Model = async function* (request) {
      seen.push(request.system);
      return { role: "assistant", model: ref, content: [text("ok")], stop: { reason: "end" }, usage: {} };
    };
    const options = { connection: { model, ref }, cwd: cwd(), env: env() };
    const first = await createAgent({ ...options, system: "Be terse." });
    await first.run("x").result;
    await first.close();
    await using again = await createAgent({ ...options, preset: "coding", resume: first.session });
    await again.run("y").result;
    expect(seen).toEqual(["Be terse.", "Be terse."]);
    const bare = await createAgent({ ...options, system: "" });
    await bare.run("x").result;
    await bare.close();
    await using resumed = await createAgent({ ...options, preset: "coding", resume: bare.session });
    await resumed.run("y").result;
    expect(seen.slice(2)).toEqual([undefined, undefined]);
  });

  test("an unfinished run is one that waits for a permission or was cut off, and resume goes on with it", async () => {
    const journal = memoryJournal();
    const first = await createAgent(
      scripted([call("Bash", { command: "touch made.txt" }), done], {
        journal,
        ask: async () => ({ type: "defer" }),
      }),
    );
    expect(first.unfinished).toBe(false);
    expect((await first.run("go").result).end.reason).toBe("awaiting-permission");
    expect(first.unfinished).toBe(true);
    await first.close();
    const whole: DurableEvent[] = [];
    for await (const event of journal.read(first.session)) whole.push(event);

    const again = { journal, permission: "auto" } as const;
    await using second = await createAgent(scripted([done], { ...again, resume: first.session }));
    expect(second.unfinished).toBe(true);
    expect((await second.resume().result).end.reason).toBe("completed");
    expect(second.unfinished).toBe(false);
    expect(await readdir(cwd())).toContain("made.txt");

    const cut = await journal.lease(sessionId("cut-off"));
    await cut.append(whole.slice(0, -1));
    await cut.release();
    await rm(join(cwd(), "made.txt"));
    await using third = await createAgent(scripted([done], { ...again, resume: "cut-off" }));
    expect(third.unfinished).toBe(true);
    expect((await third.resume().result).end.reason).toBe("completed");
    expect(third.unfinished).toBe(false);
    expect(await readdir(cwd())).toContain("made.txt");
  });

  test("a session that was opened for an agent that cannot be made is given back", async () => {
    const twice = [1, 2].map(() =>
      defineTool({
        name: "Twice",
        description: "x",
        input: jsonSchema<object>({ type: "object" }),
        effects: () => [],
        run: () => "",
      }),
    );
    await expect(createAgent(scripted([done], { session: "mine", tools: twice }))).rejects.toMatchObject({
      fault: { code: "duplicate-tool" },
    });
    await using agent = await createAgent(scripted([done], { session: "mine" }));
    expect(agent.session).toBe("mine");
  });

  test("one run at a time", async () => {
    await using agent = await createAgent(scripted([done, done]));
    const run = agent.run("x");
    expect(() => agent.run("y")).toThrow("already runs");
    await run.result;
    expect((await agent.run("y").result).end.reason).toBe("completed");
  });

  test("rank 19: 500 sessions run at once in one process", async () => {
    const agents = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        createAgent(scripted([call("Read", { file_path: "alpha.txt" }), { text: `answer ${index}` }])),
      ),
    );
    const results = await Promise.all(agents.map((agent) => agent.run("go").result));
    expect(results.map((result) => result.text)).toEqual(agents.map((_, index) => `answer ${index}`));
    await Promise.all(agents.map((agent) => agent.close()));
    expect(await listSessions({ cwd: cwd(), env: env() })).toHaveLength(500);
  }, 120_000);
});

describe("exit codes", () => {
  const totals = { usage: {}, turns: 1, denials: [], parked: [], unfinishedTasks: [] };
  const error = { code: "x", message: "x" };
  test.each<[RunEnd, number]>([
    [{ ...totals, reason: "completed" }, 0],
    [{ ...totals, reason: "failed", error }, 1],
    [{ ...totals, reason: "context-exhausted", error }, 1],
    [{ ...totals, reason: "refused" }, 1],
    [{ ...totals, reason: "max-turns" }, 3],
    [{ ...totals, reason: "budget", limit: "cost" }, 3],
    [{ ...totals, reason: "awaiting-permission" }, 4],
    [{ ...totals, reason: "cancelled" }, 130],
  ])("%o", (end, code) => {
    expect(exitCodeOf(end)).toBe(code);
  });

  test("4 when the answer is there but nobody could give a permission, 0 when it was refused on purpose", () => {
    const denial = { call: "c", tool: "Write", reason: "x" };
    const end = (by: string): RunEnd =>
      JSON.parse(JSON.stringify({ ...totals, reason: "completed", denials: [{ ...denial, by }] }));
    expect(["nobody", "policy", "user", "hook"].map((by) => exitCodeOf(end(by)))).toEqual([4, 0, 0, 0]);
  });
});
