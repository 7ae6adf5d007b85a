import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type Agent,
  type AgentEvent,
  type AgentOptions,
  createAgent,
  listHooks,
  plainText,
} from "@claw/agent-sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder = "";
const cwd = () => join(folder, "work");
const managed = () => join(folder, "etc", "settings.json");
const env = () => ({
  PATH: process.env["PATH"],
  HOME: folder,
  CLAW_HOME: join(folder, "home"),
  SOME_API_KEY: "secret-key",
});

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "claw-hooks-")));
  await mkdir(cwd());
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(file: string, content: object | string): Promise<string> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** A program in bash, to be named as a hook's command. */
async function program(name: string, body: string): Promise<string> {
  const path = await put(name, `#!/bin/bash\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

const touch = (name: string) => ({ toolCalls: [{ name: "Bash", input: { command: `touch ${name}` } }] });
const done = { text: "done" };

interface Played {
  readonly events: readonly AgentEvent[];
  /** How each call ended: `ok`, `failed`, or who refused it. */
  readonly outcomes: readonly string[];
  readonly texts: readonly string[];
  readonly said: readonly string[];
  readonly hooks: readonly (AgentEvent & { readonly type: "hook" })[];
  readonly end: {
    readonly reason: string;
    readonly error?: { readonly code: string; readonly message: string };
  };
}

async function play(replies: readonly object[], more: AgentOptions = {}, prompt = "go"): Promise<Played> {
  await using agent = await open(replies, more);
  return await playWith(agent, prompt);
}

function open(replies: readonly object[], more: AgentOptions = {}): Promise<Agent> {
  const stubScript = replies.map((reply) => JSON.stringify(reply)).join("\n");
  return createAgent({
    provider: "stub",
    stubScript,
    cwd: cwd(),
    env: env(),
    managedSettings: [managed()],
    permission: "auto",
    ...more,
  });
}

async function playWith(agent: Agent, prompt: string): Promise<Played> {
  const events: AgentEvent[] = [];
  const run = agent.run(prompt);
  for await (const event of run) events.push(event);
  const { end } = await run.result;
  const tools = agent.messages.flatMap((message) => (message.role === "tool" ? [message.outcome] : []));
  return {
    events,
    outcomes: tools.map((outcome) => (outcome.status === "denied" ? outcome.by : outcome.status)),
    texts: tools.map(({ content }) => plainText(content)),
    said: agent.messages.flatMap((message) =>
      message.role === "user" ? [`${message.origin}: ${plainText(message.content)}`] : [],
    ),
    hooks: events.filter((event) => event.type === "hook"),
    end,
  };
}

const hook = (command: string, more: object = {}) => ({ type: "command", command, ...more });
const userHooks = (hooks: object) => put("home/settings.json", { hooks });
const preTool = (handler: object, matcher = "Bash") =>
  userHooks({ PreToolUse: [{ matcher, hooks: [handler] }] });
const exists = (name: string) =>
  readFile(join(cwd(), name)).then(
    () => true,
    () => false,
  );

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a hook before a tool", () => {
  test("hook_pre_denies: exit code 2 refuses, with what it printed as an error", async () => {
    await preTool(hook("echo 'not in this house' >&2; exit 2"));
    const { outcomes, texts, hooks } = await play([touch("a"), done]);
    expect(outcomes).toEqual(["hook"]);
    expect(texts[0]).toContain("not in this house");
    expect(await exists("a")).toBe(false);
    expect(hooks).toMatchObject([
      { event: "PreToolUse", source: "user settings", outcome: "blocked", reason: "not in this house" },
    ]);
  });

  test("hook_pre_rewrites: what it rewrites is what runs, and is judged again", async () => {
    const updatedInput = (command: string) =>
      `echo '${JSON.stringify({ hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow", updatedInput: { command } } })}'`;
    await preTool(hook(updatedInput("touch b")));
    expect((await play([touch("a"), done])).outcomes).toEqual(["ok"]);
    expect([await exists("a"), await exists("b")]).toEqual([false, true]);
    await preTool(hook(updatedInput("touch c")));
    const denied = await play([touch("a"), done], { disallowedTools: ["Bash(touch c)"] });
    expect(denied.outcomes).toEqual(["policy"]);
    expect(await exists("c")).toBe(false);
  });

  test("it reads the call as JSON on its standard input, without credentials in its environment", async () => {
    const probe = await program("probe.sh", `cat > ${folder}/input; env > ${folder}/env`);
    await preTool(hook(probe, { args: ["--flag"] }));
    await play([touch("a"), done]);
    const input = JSON.parse(await readFile(join(folder, "input"), "utf8"));
    expect(input).toMatchObject({
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command: "touch a" },
      cwd: cwd(),
      permission_mode: "bypassPermissions",
      transcript_path: expect.stringMatching(/\.jsonl$/),
    });
    expect(await readFile(input.transcript_path, "utf8")).toContain(input.session_id);
    const variables = await readFile(join(folder, "env"), "utf8");
    expect(variables).toContain(`CLAUDE_PROJECT_DIR=${cwd()}`);
    expect(variables).not.toContain("secret-key");
  });

  test("its allow answers a question that nobody's rule asks, and no deny or ask rule (security 1.1)", async () => {
    const allow = { hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow" } };
    await preTool(hook(`echo '${JSON.stringify(allow)}'`));
    const asking: AgentOptions = { permission: "interactive" };
    expect((await play([touch("a"), done], asking)).outcomes).toEqual(["ok"]);
    expect(
      (await play([touch("a"), done], { ...asking, disallowedTools: ["Bash(touch *)"] })).outcomes,
    ).toEqual(["policy"]);
    const settings = JSON.stringify({ permissions: { ask: ["Bash(touch *)"] } });
    expect((await play([touch("a"), done], { ...asking, settings })).outcomes).toEqual(["nobody"]);
  });

  test("of several the strictest counts: deny over ask over allow, and what they say reaches the model", async () => {
    const say = (decision: string, context: string) =>
      hook(
        `echo '${JSON.stringify({ hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: decision, additionalContext: context } })}'`,
      );
    await userHooks({
      PreToolUse: [
        { matcher: "Bash", hooks: [say("allow", "one"), say("ask", "two")] },
        { hooks: [say("deny", "three")] },
      ],
    });
    const { outcomes, said } = await play([touch("a"), done]);
    expect(outcomes).toEqual(["hook"]);
    expect(said).toEqual(["human: go", "hook: one", "hook: two", "hook: three"]);
  });

  test("what one rewrites every other one sees, and permits only what it saw", async () => {
    const rewrites = hook(
      `echo '{"hookSpecificOutput":{"hookEventName":"PreToolUse","updatedInput":{"command":"touch b"}}}'`,
    );
    const guard = hook("exit 2", { if: "Bash(touch b)" });
    await userHooks({ PreToolUse: [{ hooks: [guard, rewrites] }] });
    expect((await play([touch("a"), done])).outcomes).toEqual(["hook"]);
    const allows = hook(
      `if grep -q 'touch a'; then echo '{"hookSpecificOutput":{"permissionDecision":"allow"}}'; fi`,
    );
    for (const hooks of [
      [allows, rewrites],
      [rewrites, allows],
    ]) {
      await userHooks({ PreToolUse: [{ hooks }] });
      expect((await play([touch("a"), done], { permission: "interactive" })).outcomes).toEqual(["nobody"]);
    }
    expect(await exists("b")).toBe(false);
  });

  test("defer leaves the call open for an answer that comes later", async () => {
    const defer = { hookSpecificOutput: { permissionDecision: "defer", permissionDecisionReason: "later" } };
    await preTool(hook(`echo '${JSON.stringify(defer)}'`));
    expect((await play([touch("a"), done])).end.reason).toBe("awaiting-permission");
  });

  test("matchers are names, lists and regular expressions; `if` narrows to a rule", async () => {
    await preTool(hook("exit 2"), "Read|Edit");
    expect((await play([touch("a"), done])).outcomes).toEqual(["ok"]);
    await preTool(hook("exit 2"), "^Ba.h$");
    expect((await play([touch("a"), done])).outcomes).toEqual(["hook"]);
    // Under the name that a tool had before, too.
    const stop = { toolCalls: [{ name: "TaskStop", input: { task_id: "shell_1" } }] };
    await preTool(hook("exit 2"), "KillShell|Task");
    expect((await play([stop, done])).outcomes).toEqual(["hook"]);
    const start = { toolCalls: [{ name: "Agent", input: { description: "d", prompt: "p" } }] };
    expect((await play([start, done])).outcomes).toEqual(["hook"]);
    await preTool(hook("exit 2", { if: "Bash(git *)" }));
    expect((await play([touch("a"), done])).outcomes).toEqual(["ok"]);
    await preTool(hook("exit 2", { if: "Bash(touch *)" }));
    expect((await play([touch("a"), done])).outcomes).toEqual(["hook"]);
  });
});

describe("rank 10: a guard that gives no answer refuses", () => {
  const refusals: readonly (readonly [string, () => object, RegExp])[] = [
    ["times out", () => hook("sleep 30", { timeout: 0.2 }), /did not answer within 0.2 s/],
    ["crashes", () => hook("exit 7"), /exit code 7/],
    ["is killed", () => hook("kill -9 $$"), /SIGKILL/],
    ["prints nonsense", () => hook("echo '{ no json'"), /not JSON/],
    [
      "prints a decision that there is none of",
      () => hook(`echo '{"hookSpecificOutput":{"permissionDecision":"maybe"}}'`),
      /permissionDecision/,
    ],
    [
      "prints something before its refusal",
      () => hook(`echo starting; echo '{"hookSpecificOutput":{"permissionDecision":"deny"}}'`),
      /before its JSON/,
    ],
    [
      "prints something around its refusal",
      () => hook(`printf 'starting\\n{\\n "decision":\\n "block"\\n}\\nended\\n'`),
      /before its JSON/,
    ],
    [
      "says in the wrong place what it decides",
      () => hook(`echo '{"permissionDecision":"deny"}'`),
      /"permissionDecision" belongs into hookSpecificOutput/,
    ],
    ["answers with a list", () => hook(`echo '[{"decision":"block"}]'`), /before its JSON/],
    ["cannot be started", () => hook("/no/such/program", { args: [] }), /no\/such\/program/],
    ["prints without end", () => hook("head -c 2000000 /dev/zero | tr '\\0' x"), /more than/],
    ["is a server that is away", () => ({ type: "http", url: "http://127.0.0.1:9/" }), /./],
    [
      "is a tool that is not there",
      () => ({ type: "mcp_tool", server: "none", tool: "check" }),
      /has no tool/,
    ],
  ];

  test.each(refusals)("one that %s", async (_what, handler, reason) => {
    await preTool(handler());
    const { outcomes, hooks } = await play([touch("a"), done]);
    expect(outcomes).toEqual(["hook"]);
    expect(await exists("a")).toBe(false);
    expect(hooks).toMatchObject([{ instead: "deny", reason: expect.stringMatching(reason) }]);
  });

  test("what guards nothing may print such words", async () => {
    await userHooks({ PostToolUse: [{ hooks: [hook(`echo 'it said "decision": 1'`)] }] });
    const { outcomes, hooks } = await play([touch("a"), done]);
    expect(outcomes).toEqual(["ok"]);
    expect(hooks.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  });

  test("onError allow lets it pass and onError ask puts the question, and the stream says so", async () => {
    await preTool(hook("exit 7", { onError: "allow" }));
    const passed = await play([touch("a"), done]);
    expect(passed.outcomes).toEqual(["ok"]);
    expect(passed.hooks).toMatchObject([{ outcome: "failed", instead: "allow" }]);
    await preTool(hook("exit 7", { onError: "ask" }));
    expect((await play([touch("b"), done])).outcomes).toEqual(["nobody"]);
  });

  test("one of a kind that is not run, or that is not complete, asks; the others still run", async () => {
    await userHooks({
      PreToolUse: [{ hooks: [{ type: "agent", prompt: "is it safe?" }, hook("true", { name: "other" })] }],
    });
    const { outcomes, hooks } = await play([touch("a"), done]);
    expect(outcomes).toEqual(["nobody"]);
    expect(hooks.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
      "PreToolUse agent: failed",
      "other: ok",
    ]);
  });

  test("a whole tree of processes is stopped with its time", async () => {
    const slow = await program("slow.sh", `(sleep 60; touch ${folder}/late) & echo $! > ${folder}/pid; wait`);
    await preTool(hook(slow, { timeout: 0.5 }));
    expect((await play([touch("a"), done])).outcomes).toEqual(["hook"]);
    const pid = Number(await readFile(join(folder, "pid"), "utf8"));
    // Whoever takes up orphans may need a moment to let go of one.
    await expect.poll(() => isThere(pid), { timeout: 10_000 }).toBe(false);
  });

  test("one that a deny rule forbids is not run, so it refuses", async () => {
    await preTool(hook(`curl http://127.0.0.1:9; touch ${folder}/ran`));
    const { outcomes, hooks } = await play([touch("a"), done], { disallowedTools: ["Bash(curl *)"] });
    expect(outcomes).toEqual(["hook"]);
    expect(hooks).toMatchObject([{ outcome: "not-permitted" }]);
    await expect(readFile(join(folder, "ran"))).rejects.toThrow();
  });
});

describe("events", () => {
  test("PermissionRequest answers a question; Notification hears of one that is put", async () => {
    const decision = (behavior: string) => ({
      hookSpecificOutput: { decision: { behavior, message: "so" } },
    });
    const asking: AgentOptions = { permission: "interactive" };
    await userHooks({
      PermissionRequest: [{ hooks: [hook(`echo '${JSON.stringify(decision("allow"))}'`)] }],
    });
    expect((await play([touch("a"), done], asking)).outcomes).toEqual(["ok"]);
    await userHooks({ PermissionRequest: [{ hooks: [hook(`echo '${JSON.stringify(decision("deny"))}'`)] }] });
    expect((await play([touch("b"), done], asking)).outcomes).toEqual(["hook"]);
    const told: unknown[] = [];
    const hooks: AgentOptions["hooks"] = {
      Notification: [async (input) => void told.push(input) as undefined],
    };
    await userHooks({});
    expect((await play([touch("c"), done], { ...asking, hooks })).outcomes).toEqual(["nobody"]);
    expect(told).toMatchObject([{ notification_type: "permission_prompt" }]);
  });

  test("what a PermissionRequest hook rewrites the others see, and can refuse", async () => {
    const answers = (seen: string, decision: object) =>
      hook(`if grep -q '${seen}'; then echo '${JSON.stringify({ hookSpecificOutput: { decision } })}'; fi`);
    const rewrites = answers("touch a", { behavior: "allow", updatedInput: { command: "touch b" } });
    const guard = answers("touch b", { behavior: "deny", message: "not b" });
    for (const hooks of [
      [rewrites, guard],
      [guard, rewrites],
    ]) {
      await userHooks({ PermissionRequest: [{ hooks }] });
      const { outcomes, texts } = await play([touch("a"), done], { permission: "interactive" });
      expect(outcomes).toEqual(["hook"]);
      expect(texts.join()).toContain("not b");
    }
    expect(await exists("b")).toBe(false);
  });

  test("PermissionRequest rewrites what it allows, judged again, and keeps rules; what it is offered it can hand back", async () => {
    const asking: AgentOptions = { permission: "interactive" };
    const allowing = (more: object): string => {
      const decision = { behavior: "allow", ...more };
      return `echo '${JSON.stringify({ hookSpecificOutput: { decision } })}'`;
    };
    const onQuestion = (command: string) => userHooks({ PermissionRequest: [{ hooks: [hook(command)] }] });
    await onQuestion(allowing({ updatedInput: { command: "touch rewritten" } }));
    expect((await play([touch("a"), done], asking)).outcomes).toEqual(["ok"]);
    expect([await exists("a"), await exists("rewritten")]).toEqual([false, true]);
    const denying = { ...asking, disallowedTools: ["Bash(touch rewritten)"] };
    expect((await play([touch("a"), done], denying)).outcomes).toEqual(["policy"]);

    const echo = `jq -c '{hookSpecificOutput: {decision: {behavior: "allow", updatedPermissions: .permission_suggestions}}}'`;
    await onQuestion(echo);
    const kept = await play([touch("b"), touch("b"), done], asking);
    expect(kept.outcomes).toEqual(["ok", "ok"]);
    expect(kept.hooks).toHaveLength(1);
    await userHooks({});
    expect((await play([touch("b"), done], asking)).outcomes, "it is in the user's settings now").toEqual([
      "ok",
    ]);
    expect(await readFile(join(folder, "home", "settings.json"), "utf8")).not.toContain("touch b");

    const loosen = [{ type: "setMode", mode: "bypassPermissions", destination: "session" }];
    await onQuestion(allowing({ updatedPermissions: loosen }));
    const refused = await play([touch("c"), done], asking);
    expect(refused.outcomes).toEqual(["hook"]);
    expect(refused.hooks).toMatchObject([
      { instead: "deny", reason: expect.stringContaining("updatedPermissions") },
    ]);
  });

  test("PostToolUse replaces what the model reads; PostToolUseFailure hears of failures", async () => {
    const output = {
      hookSpecificOutput: { hookEventName: "PostToolUse", updatedToolOutput: "nothing to see" },
    };
    const fails = { toolCalls: [{ name: "Bash", input: { command: "exit 3" } }] };
    await userHooks({
      PostToolUse: [{ hooks: [hook(`echo '${JSON.stringify(output)}'`)] }],
      PostToolUseFailure: [{ hooks: [hook("echo 'look at the logs' >&2; exit 2")] }],
    });
    const { outcomes, texts, said } = await play([touch("a"), fails, done]);
    expect(outcomes).toEqual(["ok", "failed"]);
    expect(texts[0]).toBe("nothing to see");
    expect(said).toContain("hook: look at the logs");
  });

  test("UserPromptSubmit adds to a prompt, or keeps it out of the conversation", async () => {
    await userHooks({ UserPromptSubmit: [{ hooks: [hook("echo 'it is Monday'")] }] });
    expect((await play([done])).said).toEqual(["human: go", "hook: it is Monday"]);
    await userHooks({
      UserPromptSubmit: [{ hooks: [hook("grep -q secret && { echo 'no secrets' >&2; exit 2; }; exit 0")] }],
    });
    const { said, end } = await play([done], {}, "my secret is out");
    expect(said).toEqual([]);
    expect(end).toMatchObject({ reason: "failed", error: { code: "prompt-blocked", message: "no secrets" } });
  });

  test("SessionStart speaks once, SessionEnd runs with close", async () => {
    await userHooks({
      SessionStart: [{ matcher: "startup", hooks: [hook("echo welcome")] }],
      SessionEnd: [{ hooks: [hook(`touch ${folder}/ended`)] }],
    });
    const agent = await open([done, done]);
    await playWith(agent, "one");
    const { said } = await playWith(agent, "two");
    expect(said).toEqual(["human: one", "hook: welcome", "human: two"]);
    await agent.close();
    await readFile(join(folder, "ended"));
  });

  test("Stop makes the model go on, eight times at most", async () => {
    await userHooks({ Stop: [{ hooks: [hook("echo 'not yet' >&2; exit 2")] }] });
    const { said, end } = await play(Array.from({ length: 12 }, () => done));
    expect(said.filter((words) => words === "hook: not yet")).toHaveLength(8);
    expect(end).toMatchObject({ reason: "completed" });
  });

  test("continue: false ends the run with its reason", async () => {
    await userHooks({ PostToolUse: [{ hooks: [hook(`echo '{"continue":false,"stopReason":"enough"}'`)] }] });
    const { end } = await play([touch("a"), touch("b"), done]);
    expect(end).toMatchObject({ reason: "failed", error: { code: "stopped-by-hook", message: "enough" } });
    expect(await exists("b")).toBe(false);
  });

  test("PreCompact is heard before a summary is paid for, and says what else it has to keep", async () => {
    const long = { text: "word ".repeat(2_000) };
    const talk = async (command: string) => {
      await userHooks({ PreCompact: [{ matcher: "manual", hooks: [hook(command)] }] });
      await using agent = await open([long, long, long, { text: "The summary." }]);
      for (const words of ["one", "two", "three"]) await agent.run(words).result;
      const run = agent.compact("the dates");
      const events: AgentEvent[] = [];
      for await (const event of run) events.push(event);
      return events.map(({ type }) => type);
    };
    const blocked = await talk("exit 2");
    expect(blocked).not.toContain("side-call");
    expect(blocked).not.toContain("compaction");
    const done = await talk(`cat > ${folder}/input; echo 'the names as well'`);
    expect(done.indexOf("hook")).toBeLessThan(done.indexOf("side-call"));
    expect(done).toContain("compaction");
    const input = JSON.parse(await readFile(join(folder, "input"), "utf8"));
    expect(input).toMatchObject({ trigger: "manual", custom_instructions: "the dates" });
  });

  test("PreCompact keeps the conversation, PostCompact hears that it was shortened", async () => {
    const heard: string[] = [];
    const compact: AgentOptions["compact"] = async ({ messages }) =>
      messages.length > 3 ? { strategy: "drop", edits: [{ from: 1, to: 3, with: [] }] } : undefined;
    const hooks: AgentOptions["hooks"] = {
      PostCompact: [async ({ trigger }) => void heard.push(trigger) as undefined],
    };
    await play([touch("a"), touch("b"), done], { compact, hooks });
    expect(heard).toEqual(["auto"]);
    await userHooks({ PreCompact: [{ matcher: "auto", hooks: [hook("exit 2")] }] });
    const { events } = await play([touch("a"), touch("b"), done], { compact });
    expect(events.filter(({ type }) => type === "compaction")).toEqual([]);
  });

  test("TaskCompleted hears of a background task, and the model of what it says", async () => {
    await userHooks({
      TaskCompleted: [{ hooks: [hook(`cat > ${folder}/task; echo 'check it' >&2; exit 2`)] }],
    });
    const start = { toolCalls: [{ name: "Bash", input: { command: "true", run_in_background: true } }] };
    await using agent = await open([
      start,
      { toolCalls: [{ name: "TaskOutput", input: { task_id: "shell_1" } }] },
      done,
      done,
    ]);
    await playWith(agent, "one");
    await expect
      .poll(() => readFile(join(folder, "task"), "utf8").catch(() => ""), { timeout: 20_000 })
      .toContain("TaskCompleted");
    await expect
      .poll(async () => (await playWith(agent, "two")).said, { timeout: 20_000 })
      .toContain("hook: check it");
  });
});

describe("functions of an embedder", () => {
  test("guard as programs do, and a throw or a late answer refuses", async () => {
    const deny: AgentOptions["hooks"] = {
      PreToolUse: [
        {
          matcher: "Bash",
          run: async ({ tool_input }) => ({
            hookSpecificOutput: {
              permissionDecision: "deny",
              permissionDecisionReason: JSON.stringify(tool_input),
            },
          }),
        },
      ],
    };
    expect((await play([touch("a"), done], { hooks: deny })).texts[0]).toContain("touch a");
    const broken: AgentOptions["hooks"] = { PreToolUse: [() => Promise.reject(new Error("broken"))] };
    expect((await play([touch("a"), done], { hooks: broken })).outcomes).toEqual(["hook"]);
    const late: AgentOptions["hooks"] = {
      PreToolUse: [{ timeoutMs: 50, run: () => new Promise(() => undefined) }],
    };
    expect((await play([touch("a"), done], { hooks: late })).outcomes).toEqual(["hook"]);
  });

  test("a user's settings do not switch them off", async () => {
    const hooks: AgentOptions["hooks"] = { PreToolUse: [() => ({ decision: "block", reason: "no" })] };
    const { outcomes } = await play([touch("a"), done], { hooks, settings: '{"disableAllHooks":true}' });
    expect(outcomes).toEqual(["hook"]);
  });
});

describe("hooks that ask the model", () => {
  const ask = (prompt: string, more: object = {}) => ({ type: "prompt", prompt, ...more });
  const verdict = (value: object) => ({
    text: JSON.stringify(value),
    usage: { input: 5, output: 2, cost: 1 },
  });

  test("are answered beside the conversation: ok goes on, not ok refuses with the reason; the run pays", async () => {
    await preTool(ask("Is $ARGUMENTS harmless?"));
    const no = await play([touch("a"), verdict({ ok: false, reason: "It leaves a file." }), done]);
    expect(no.outcomes).toEqual(["hook"]);
    expect(no.texts[0]).toContain("It leaves a file.");
    const yes = await play([touch("b"), { text: '```json\n{"ok": true}\n```' }, done]);
    expect(yes.outcomes).toEqual(["ok"]);
    const sideCalls = no.events.filter((event) => event.type === "side-call");
    expect(sideCalls).toMatchObject([{ purpose: "hook", usage: { input: 5, output: 2 } }]);
    expect(no.said.join()).not.toContain("harmless");
    const { usage } = no.events.find((event) => event.type === "run-end") ?? {};
    expect(usage).toMatchObject({ cost: 1 });
  });

  test("ok is no permission: what needs a question still needs it", async () => {
    await preTool(ask("?"));
    const asked = await play([touch("a"), verdict({ ok: true }), done], { permission: "interactive" });
    expect(asked.outcomes).toEqual(["nobody"]);
  });

  test.each([
    ["no verdict", { text: "I would say it is fine." }],
    ["two verdicts", { text: '{"ok": true} {"ok": false}' }],
    ["an error", { error: { code: "server", message: "away" } }],
    ["nothing in time", { text: '{"ok": true}', delayMs: 60_000 }],
  ])("rank 10: %s refuses", async (_what, reply) => {
    await preTool(ask("?", { timeout: 1 }));
    const { outcomes, hooks } = await play([touch("a"), reply, done]);
    expect(outcomes).toEqual(["hook"]);
    expect(hooks).toMatchObject([{ instead: "deny" }]);
  });

  test("no model is asked once the run may spend no more, so a guard refuses", async () => {
    await preTool(ask("?"));
    const spent = { ...touch("a"), usage: { input: 10, output: 10 } };
    const { outcomes, hooks, end } = await play([spent, verdict({ ok: true })], {
      limits: { maxTokens: 15 },
    });
    expect(outcomes).toEqual(["hook"]);
    expect(hooks[0]?.reason).toContain("leave nothing to pay");
    expect(end.reason).toBe("budget");
  });

  test("Stop: a model decides that there is more to do", async () => {
    await userHooks({ Stop: [{ hooks: [ask("Is all done?")] }] });
    const { said } = await play([
      done,
      verdict({ ok: false, reason: "The tests." }),
      done,
      verdict({ ok: true }),
    ]);
    expect(said).toContain("hook: The tests.");
  });
});

test("mcp_tool hooks: a server's tool guards, with the input that the hook reads", async () => {
  const fake = new URL("../../agent-mcp/test/fixtures/fake-server.mjs", import.meta.url).pathname;
  const notes = { type: "stdio", command: process.execPath, args: [fake] } as const;
  await preTool({ type: "mcp_tool", server: "notes", tool: "read", input: { text: "x" } });
  const options: AgentOptions = { mcpServers: { notes }, mcpWaitMs: 20_000 };
  const { outcomes, hooks } = await play([touch("a"), done], options);
  expect(outcomes).toEqual(["ok"]);
  expect(hooks).toMatchObject([{ outcome: "ok" }]);
  const denied = await play([touch("b"), done], { ...options, disallowedTools: ["mcp__notes__read"] });
  expect(denied.hooks).toMatchObject([{ outcome: "not-permitted", instead: "deny" }]);
  expect(denied.outcomes).toEqual(["hook"]);
});

describe("http hooks", () => {
  test("answer in the body; only 2xx counts; headers take the variables that are allowed", async () => {
    const seen: { headers: unknown; body: string }[] = [];
    let status = 200;
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      seen.push({ headers: request.headers, body });
      response.writeHead(status, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          hookSpecificOutput: { permissionDecision: "deny", permissionDecisionReason: "remote no" },
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const address = server.address();
      const port = typeof address === "object" ? address?.port : 0;
      const headers = { authorization: "Bearer $SOME_API_KEY", other: "$HOME" };
      await preTool({
        type: "http",
        url: `http://127.0.0.1:${port}/hook`,
        headers,
        allowedEnvVars: ["SOME_API_KEY"],
      });
      expect((await play([touch("a"), done])).texts[0]).toContain("remote no");
      expect(seen[0]).toMatchObject({ headers: { authorization: "Bearer secret-key", other: "" } });
      expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({ tool_name: "Bash" });
      status = 503;
      expect((await play([touch("a"), done])).hooks).toMatchObject([{ outcome: "failed", instead: "deny" }]);
    } finally {
      server.close();
    }
  });
});

describe("whose hooks run", () => {
  test("class 20: those of a workspace only once it is trusted, and class 19: not after they changed", async () => {
    await put("work/.claw/settings.json", {
      hooks: { PreToolUse: [{ hooks: [hook(`touch ${folder}/ran; exit 2`)] }] },
    });
    await using agent = await open([touch("a"), done]);
    expect((await playWith(agent, "go")).outcomes).toEqual(["ok"]);
    await expect(readFile(join(folder, "ran"))).rejects.toThrow();
    const told = agent.warnings.filter(({ code }) => code === "workspace-untrusted");
    expect(told).toMatchObject([{ message: expect.stringContaining("1 hook") }]);
    expect((await play([touch("b"), done], { trustWorkspace: true })).outcomes).toEqual(["hook"]);
  });

  test("disableAllHooks and disabledHooks switch off, but no managed hook; a workspace switches nothing off", async () => {
    const hooks = { PreToolUse: [{ hooks: [hook("exit 2", { name: "guard" })] }] };
    await put("home/settings.json", { hooks, disableAllHooks: true });
    expect((await play([touch("a"), done])).outcomes).toEqual(["ok"]);
    await put("home/settings.json", { hooks, disabledHooks: ["guard"] });
    expect((await play([touch("a"), done])).outcomes).toEqual(["ok"]);
    await put("home/settings.json", { hooks });
    await put("work/.claw/settings.json", { disableAllHooks: true, disabledHooks: ["guard"] });
    expect((await play([touch("a"), done], { trustWorkspace: true })).outcomes).toEqual(["hook"]);
    await put("home/settings.json", { disableAllHooks: true });
    await put("etc/settings.json", { hooks });
    expect((await play([touch("a"), done])).outcomes).toEqual(["hook"]);
    await put("etc/settings.json", { allowManagedHooksOnly: true });
    await put("home/settings.json", { hooks });
    expect((await play([touch("a"), done])).outcomes).toEqual(["ok"]);
  });

  test("listHooks names each with its source and state, and runs none", async () => {
    await put("home/settings.json", {
      hooks: {
        PreToolUse: [{ matcher: "Bash", hooks: [hook(`touch ${folder}/ran`)] }],
        Stop: [{ hooks: [hook("true", { name: "last" })] }],
      },
      disabledHooks: ["last"],
    });
    const { hooks } = await listHooks({ cwd: cwd(), env: env(), managedSettings: [] });
    expect(hooks).toMatchObject([
      { event: "PreToolUse", matcher: "Bash", type: "command", source: "user settings" },
      { event: "Stop", name: "last", off: "it is switched off by name" },
    ]);
    await expect(readFile(join(folder, "ran"))).rejects.toThrow();
  });

  test("a bad hook is told with its line and hides no other; a broken guard asks", async () => {
    await put("home/settings.json", {
      hooks: {
        Stop: [{ hooks: [{ type: "command" }, hook(`touch ${folder}/ran`)] }],
        PreToolUse: [{ matcher: "(", hooks: [hook("true")] }],
      },
    });
    await using agent = await open([touch("a"), done]);
    expect(agent.warnings.map(({ message }) => message).join("\n")).toMatch(
      /hooks\.Stop\.0\.hooks\.0\.command/,
    );
    expect((await playWith(agent, "go")).outcomes).toEqual(["nobody"]);
    await readFile(join(folder, "ran"));
  });

  test("async hooks are not waited for, once hooks are called once, and long texts are kept in a file", async () => {
    await userHooks({
      PreToolUse: [{ hooks: [hook("sleep 20; exit 2", { async: true })] }],
      PostToolUse: [
        { hooks: [hook(`echo '{"hookSpecificOutput":{"additionalContext":"only once"}}'`, { once: true })] },
      ],
      UserPromptSubmit: [{ hooks: [hook("head -c 20000 /dev/zero | tr '\\0' x")] }],
    });
    const { outcomes, said } = await play([touch("a"), touch("b"), done]);
    expect(outcomes).toEqual(["ok", "ok"]);
    expect(said.filter((words) => words === "hook: only once")).toHaveLength(1);
    const long = said.find((words) => words.startsWith("hook: xxx")) ?? "";
    const file = /The whole text is in (\S+)\.\]/.exec(long)?.[1] ?? "";
    expect(await readFile(file, "utf8")).toHaveLength(20_000);
  });
});
