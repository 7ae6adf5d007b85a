import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startMockModel } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const worker = { worker: { description: "Works.", prompt: "Work." } };
const agentCall = (more: object = {}) => ({
  toolCalls: [
    { name: "Agent", input: { description: "look", prompt: "Look.", subagent_type: "worker", ...more } },
  ],
});
const bash = (command: string) => ({ toolCalls: [{ name: "Bash", input: { command } }] });

async function file(path: string, text: string): Promise<void> {
  await mkdir(join(place.workspace, path, ".."), { recursive: true });
  await writeFile(join(place.workspace, path), text);
}

/** The lines of stdout as JSON. */
const lines = (stdout: string): readonly { readonly type: string; readonly [key: string]: unknown }[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("--agents", () => {
  test("defines agents for the session; stream-json has their events under the call, stdout nothing else", async () => {
    const script = await place.script(agentCall(), bash("echo hi"), { text: "found it" }, { text: "done" });
    const { code, stdout } = await place.run([
      ...["-q", "go", "-p", "auto", "--output-format", "stream-json", "--agents", JSON.stringify(worker)],
      ...script,
    ]);
    expect(code).toBe(0);
    const events = lines(stdout).filter(({ seq }) => seq !== undefined);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const started = events.find(({ type, tool }) => type === "tool-start" && tool === "Agent");
    const under = events.filter(({ parent }) => parent === started?.["call"]);
    expect(under[0]).toMatchObject({ type: "run-start", agent: { name: "worker" } });
    expect(under.at(-1)).toMatchObject({ type: "run-end", reason: "completed" });
    expect(under).toContainEqual(expect.objectContaining({ type: "tool-start", tool: "Bash" }));
    expect(lines(stdout).at(-1)).toMatchObject({ type: "result", result: "done" });
  });

  test("the text of an agent is not the answer, and what it does is shown under its name", async () => {
    const script = await place.script(agentCall(), bash("echo hi"), { text: "found it" }, { text: "done" });
    const agents = join(place.workspace, "agents.json");
    await writeFile(agents, JSON.stringify(worker));
    const { stdout, stderr } = await place.run(["-q", "go", "-p", "auto", "--agents", agents, ...script]);
    expect(stdout).toBe("done\n");
    expect(stderr).toMatch(/^● Agent look$/m);
    expect(stderr).toMatch(/^ {2}worker-\w+ ● Bash echo hi$/m);
  });

  test.each([
    ["no JSON", "{", "is not JSON"],
    ["no object", "missing.json", "cannot be read"],
    ["a definition that is wrong", '{"a":{"description":"d"}}', 'The agent "a" cannot be used'],
    ["a name that is none", '{"a b":{"description":"d","prompt":"p"}}', 'The agent "a b" cannot be used'],
  ])("%s is a usage error", async (_name, given, words) => {
    const { code, stdout, stderr } = await place.run(["-q", "go", "--provider", "stub", "--agents", given]);
    expect(`${code} ${stdout}`).toBe("2 ");
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("    at ");
  });
});

test("rank 10: headless, a sub-agent's question is refused, and the parent is told", async () => {
  const script = await place.script(agentCall(), bash("touch made"), { text: "could not" }, { text: "done" });
  const { code, stderr } = await place.run(["-q", "go", "--agents", JSON.stringify(worker), ...script]);
  expect(code).toBe(4);
  expect(stderr).toContain("Nobody can be asked in this session, so it was refused.");
});

test("rank 6: a budget holds over sub-agents, and the run says so", async () => {
  const usage = { input: 1_000, output: 1_000 };
  const turns = Array.from({ length: 20 }, (_, index) => ({ ...bash(`echo ${index}`), usage }));
  const script = await place.script({ ...agentCall(), usage }, ...turns);
  const { code, stdout } = await place.run([
    ...["-q", "go", "-p", "auto", "--max-turns", "1", "--output-format", "json"],
    ...["--agents", JSON.stringify({ worker: { ...worker.worker, maxTurns: 3 } }), ...script],
  ]);
  expect(code).not.toBe(0);
  expect(lines(stdout)[0]).toMatchObject({
    reason: "max-turns",
    usage: { input_tokens: 4_000, output_tokens: 4_000 },
  });
});

describe("agents of files", () => {
  const definition = "---\nname: reviewer\ndescription: Reviews a change.\ntools: Read\n---\nReview it.\n";

  test("doctor names those of the user and of a trusted workspace, and each bad file with its line", async () => {
    await file(".claw/agents/reviewer.md", definition);
    await file(".claude/agents/bad.md", "---\nname: bad\ndescription: d\nisolation: moon\n---\nx\n");
    const trusted = await place.run(["doctor", "--trust-workspace"]);
    expect(trusted.stdout).toContain("general-purpose, Explore, reviewer");
    expect(trusted.stdout).toContain('.claude/agents/bad.md:4: The only isolation is "worktree".');
    const untrusted = await place.run(["doctor"]);
    expect(untrusted.stdout).toMatch(/general-purpose, Explore\n/);
    expect(untrusted.stdout).not.toContain("bad.md");
  });

  test("a conversation lists them with /agents, and says which file is bad", async () => {
    await file(".claw/agents/reviewer.md", definition);
    await file(".claw/agents/bad.md", "no frontmatter");
    await using terminal = await place.open(["--provider", "stub", "--trust-workspace"]);
    await terminal.waitFor("bad.md:1: An agent needs a name");
    terminal.type("/agents\r");
    const screen = await terminal.waitFor("Reviews a change.");
    expect(screen).toMatch(/general-purpose +Any task/);
  });
});

describe("in a conversation", () => {
  test("a sub-agent's question is put to the person, and says who asks", async () => {
    const script = await place.script(
      agentCall(),
      bash("touch made.txt"),
      { text: "made" },
      { text: "all done" },
    );
    await using terminal = await place.open(["--agents", JSON.stringify(worker), ...script]);
    terminal.type("go\r");
    await terminal.waitFor(/Bash asks for permission for the sub-agent worker-\w+/);
    terminal.type("y");
    await terminal.waitFor("all done");
  });

  test("a background agent asks between two turns, and its end wakes the conversation", async () => {
    let turn = 0;
    const said: string[] = [];
    await using mock = await startMockModel({
      script: ({ raw }) => {
        if (raw.includes("You work alone."))
          return said.push("child") === 1 ? bash("touch made.txt") : { text: "made it" };
        turn += 1;
        return turn === 1
          ? agentCall({ run_in_background: true })
          : { text: turn === 2 ? "meanwhile" : "so it is made" };
      },
      models: ["m"],
    });
    const agents = { worker: { description: "Works.", prompt: "You work alone." } };
    await using terminal = await place.open(
      ["--agents", JSON.stringify(agents), "--provider", "ollama", "--model", "m"],
      mock.env,
    );
    terminal.type("go\r");
    await terminal.waitFor(/for the sub-agent agent_1/);
    terminal.type("y");
    await terminal.waitFor("so it is made");
  });
});
