import { appendFile, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockModel, startMockModel, waitUntil } from "@claw/testkit";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawFile, clawPlace, jsonLines } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const bash = (command: string) => ({ toolCalls: [{ name: "Bash", input: { command } }] });

/** Kills the program in the middle of a command, as a power cut would. */
async function killInCall(mock: MockModel, session: string): Promise<void> {
  const claw = place.start(["-q", "build it", "-p", "auto", "--session-id", session, "--verbose"], {
    env: mock.env,
  });
  await claw.says("● Bash");
  const running = join(place.workspace, "running");
  await waitUntil(() =>
    stat(running).then(
      () => true,
      () => false,
    ),
  );
  claw.child.kill("SIGKILL");
  await claw.exit;
}

async function sessionFile(session: string): Promise<string> {
  const [project = ""] = await readdir(join(place.home, "projects"));
  const folder = join(place.home, "projects", project, "sessions");
  const name = (await readdir(folder, { recursive: true })).find(
    (each) => each.includes(session) && each.endsWith(".jsonl"),
  );
  return join(folder, name ?? "none");
}

test("-c goes on with the newest conversation that is free, and tells of a newer one that is in use", async () => {
  await place.run(["-q", "hello", "--session-id", "older", "--provider", "stub"]);
  const client = new Client({ name: "t", version: "1" });
  const { env, workspace: cwd } = place;
  const args = [clawFile, "mcp", "serve", "--session-id", "served"];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd, env: { ...env } }));
  const goOn = async () => {
    const json = ["--provider", "stub", "--output-format", "json"];
    const { stdout, stderr } = await place.run(["-c", "-q", "more", ...json]);
    return { session: JSON.parse(stdout).session_id, stderr };
  };
  try {
    expect(await goOn(), "nothing was said in the other").toEqual({ session: "older", stderr: "" });
    await client.callTool({ name: "Glob", arguments: { pattern: "*" } });
    expect(await goOn()).toEqual({
      session: "older",
      stderr: expect.stringMatching(/^claw: warning: Session "served" is in use .*goes on: "older"\.\n.*\n$/),
    });
  } finally {
    await client.close();
  }
});

describe("resume_after_kill", () => {
  const script = [bash("touch running; sleep 60"), { text: "I will look what happened." }];

  test.each([
    ["with a new prompt", ["-q", "go on"]],
    ["without one: the run itself goes on", []],
  ])("%s: the request is valid and says that the outcome is unknown", async (_name, query) => {
    await using mock = await startMockModel({ script });
    await killInCall(mock, "cut");
    const { code, stdout, stderr } = await place.run(["-c", "-p", "auto", ...query], {
      env: mock.env,
    });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "I will look what happened.\n" });
    mock.assertClean();
    const last = mock.requests.at(-1)?.messages ?? [];
    expect(last.find((message) => message.role === "tool")?.text).toContain("not known");
    expect(last.at(-1)?.text).toContain(query.length > 0 ? "go on" : "not known");
  });

  test("law 13: the request begins with the bytes of the one before the crash", async () => {
    await using mock = await startMockModel({ script });
    await killInCall(mock, "cut");
    await place.run(["-c", "-q", "go on", "-p", "auto"], { env: mock.env });
    expectSamePrefix(mock);
  });

  test("in a terminal the run goes on by itself", async () => {
    await using mock = await startMockModel({ script });
    await killInCall(mock, "cut");
    await using terminal = await place.open(["-c", "-p", "auto"], mock.env);
    const screen = await terminal.waitFor("I will look what happened.");
    expect(screen).toContain("> build it");
    terminal.type("exit\r");
    expect((await terminal.exit).code).toBe(0);
    expect(screen).toMatch(/⎿ Bash: The session ended while this call ran\.[^\n]*\n {4}\S/);
  });

  test("a session that is complete has nothing left to do: wrong usage, no request", async () => {
    await place.run(["-q", "x", "--session-id", "whole", ...(await place.script({ text: "done" }))]);
    const { code, stdout, stderr } = await place.run(["-c", ...(await place.script({ text: "never" }))]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      'claw: Session whole has nothing left to do, and there is no query.\n      Give one: claw -q "…".\n',
    );
  });
});

/** All requests of one conversation: each begins with the bytes of the one before, up to the end of its messages. */
function expectSamePrefix(mock: MockModel): void {
  expect(mock.requests.length).toBeGreaterThan(1);
  for (const [index, request] of mock.requests.entries()) {
    const before = mock.requests[index - 1];
    if (before === undefined) continue;
    expect(stableMessages(request.body).slice(0, stableMessages(before.body).length)).toEqual(
      stableMessages(before.body),
    );
    const { messages: _now, ...rest } = request.body;
    const { messages: _then, ...restBefore } = before.body;
    expect(JSON.stringify(rest)).toBe(JSON.stringify(restBefore));
  }
}

/** The mark that says where the provider's cache ends moves with each request and is no part of the text. */
function stableMessages(body: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(body["messages"], (name, value) =>
    name === "cache_control" ? undefined : value,
  ).slice(0, -1);
}

test.each([
  ["anthropic", ["--provider", "anthropic"]],
  ["openai", ["--provider", "openai", "-m", "mock-model"]],
  ["ollama", ["--provider", "ollama"]],
])("law 13: each request of a resumed session begins with the bytes before, on %s", async (_name, flags) => {
  await using mock = await startMockModel({
    models: ["claude-sonnet-4-20250514", "mock-model", "qwen3.5:9b"],
    script: [bash("echo one"), { text: "1" }, bash("echo two"), { text: "2" }, { text: "3" }],
  });
  for (const query of [
    ["-q", "first"],
    ["-c", "-q", "second"],
    ["-c", "-q", "third"],
  ]) {
    const { code, stderr } = await place.run([...query, "-p", "auto", "-s", "", ...flags], { env: mock.env });
    expect(code, stderr).toBe(0);
  }
  expectSamePrefix(mock);
  mock.assertClean();
});

test("S1: whenever it is killed, nothing that stream-json printed is missing from the session", async () => {
  const script = await place.script(
    bash("echo one"),
    { text: "word ".repeat(200), chunks: 50, ...bash("echo two") },
    { text: "done" },
  );
  const points = [1, 3, 6, 9, 14, 30, 60];
  for (const lines of points) {
    const id = `killed-${lines}`;
    const claw = place.start([
      ...["-q", "x", "-p", "auto", "--output-format", "stream-json", "--session-id", id],
      ...script,
    ]);
    claw.child.stdout?.on("data", () => {
      if (claw.stdout().split("\n").length > lines) claw.child.kill("SIGKILL");
    });
    const { stdout } = await claw.exit;
    const printed = stdout.slice(0, stdout.lastIndexOf("\n")).split("\n").slice(1);
    const { stdout: exported } = await place.run(["sessions", "export", id]);
    const kept = new Set(exported === "" ? [] : jsonLines(exported).map((event) => JSON.stringify(event)));
    const lost = printed.filter((line) => durable.test(line) && !kept.has(line));
    expect(lost).toEqual([]);
  }
});

const durable =
  /"type":"(?:run-start|message|tool-intent|tool-plan|permission-decision|compaction|hook|checkpoint|rewind|task|run-end)"/;

describe("fork", () => {
  test("a copy goes on, and the session it was made of stays as it was", async () => {
    await place.run(["-q", "first", "--session-id", "s", ...(await place.script({ text: "one" }))]);
    const before = await readFile(await sessionFile("s"), "utf8");
    const script = await place.script({ text: "two" });
    const forked = await place.run([
      "-q",
      "second",
      "-r",
      "s",
      "--fork-session",
      "--session-id",
      "t",
      ...script,
    ]);
    expect(forked, forked.stderr).toMatchObject({ code: 0, stdout: "two\n" });
    expect(await readFile(await sessionFile("s"), "utf8")).toBe(before);
    const { stdout } = await place.run(["sessions", "show", "t"]);
    expect(stdout).toContain("> first");
    expect(stdout).toContain("> second");
  });
});

describe("a damaged session file", () => {
  const begin = async (): Promise<string> => {
    await place.run(["-q", "first", "--session-id", "s", ...(await place.script({ text: "one" }))]);
    return sessionFile("s");
  };
  const resume = async () => place.run(["-c", "-q", "second", ...(await place.script({ text: "two" }))]);

  test("resume_corrupt_line: a broken line is skipped with a warning, and the rest is there", async () => {
    const file = await begin();
    const lines = (await readFile(file, "utf8")).split("\n");
    await writeFile(file, [...lines.slice(0, 2), "{ garbage", ...lines.slice(2)].join("\n"));
    const { code, stdout, stderr } = await resume();
    expect({ code, stdout }).toEqual({ code: 0, stdout: "two\n" });
    expect(stderr.match(/^claw: warning: .*$/gm)).toHaveLength(1);
  });

  test("resume_corrupt_line: half a last line, as a crash leaves it, is passed over", async () => {
    const file = await begin();
    await truncate(file, (await stat(file)).size - 10);
    const { code, stdout } = await resume();
    expect({ code, stdout }).toEqual({ code: 0, stdout: "two\n" });
    expect((await place.run(["sessions", "show", "s"])).stdout).toContain("first");
  });

  test("a file that is all garbage is one message and no stack", async () => {
    const file = await begin();
    await writeFile(file, "\u0000\u0001 not JSON\n".repeat(5));
    const { code, stdout, stderr } = await resume();
    expect(stdout).toBe("");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^claw: .*\n/);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  test("a file of a later version is not touched", async () => {
    const file = await begin();
    const later = (await readFile(file, "utf8")).replaceAll('"v":1', '"v":99');
    await writeFile(file, later);
    const { code, stderr } = await resume();
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/^claw: .*(version|newer|schema).*/i);
    expect(await readFile(file, "utf8")).toBe(later);
  });

  test("what is appended to it later stands behind the damage", async () => {
    const file = await begin();
    await appendFile(file, '{"half":');
    expect((await resume()).code).toBe(0);
    const { stdout } = await place.run(["sessions", "show", "s"]);
    expect(stdout).toContain("> first");
    expect(stdout).toContain("> second");
  });
});
