import { mkdir } from "node:fs/promises";
import { loadAgents, readAgentDefinition } from "@claw/agent-extensions";
import { folderForEachTest } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const { put: write, at } = folderForEachTest({ beforeEach, afterEach });

const load = (trusted = true) =>
  loadAgents({
    ...{ claw: at("claw"), home: at("home"), cwd: at("work") },
    trusted,
  });

const agent = (name: string, more = "", prompt = "Do it.") =>
  `---\nname: ${name}\ndescription: Does it.\n${more}---\n\n${prompt}\n`;

describe("a definition", () => {
  test("formats 2.7: has all keys that mean something here", () => {
    const values = {
      ...{ name: "reviewer", description: " Reviews. ", tools: "Read, Bash(git log *, git diff *), Grep" },
      ...{ disallowedTools: ["Write"], model: "inherit", permissionMode: "plan", maxTurns: 5 },
      ...{ background: true, isolation: "worktree", color: "blue", effort: "xhigh" },
      ...{ skills: "style, tests", mcpServers: ["github"], memory: "user", colour: "red" },
    };
    expect(readAgentDefinition(values, "\nReview.\n")).toEqual({
      type: "read",
      name: "reviewer",
      definition: {
        ...{
          description: "Reviews.",
          prompt: "Review.",
          tools: ["Read", "Bash(git log *, git diff *)", "Grep"],
        },
        ...{ disallowedTools: ["Write"], model: "inherit", permissionMode: "plan", maxTurns: 5 },
        ...{ background: true, isolation: "worktree", effort: "high" },
        ...{ skills: ["style", "tests"], mcpServers: ["github"] },
      },
      unused: [
        { key: "memory", reason: expect.stringContaining("not supported") },
        { key: "colour", reason: "colour means nothing here." },
      ],
    });
  });

  test.each([
    ["name", { name: "../x" }],
    ["name", { name: undefined }],
    ["description", { description: "" }],
    ["hooks", { hooks: ["check.sh"] }],
    ["tools", { tools: 3 }],
    ["tools", { tools: "[Read, " }],
    ["tools", { tools: ["Bash(git *"] }],
    ["disallowedTools", { disallowedTools: [1] }],
    ["disallowedTools", { disallowedTools: ["Bash("] }],
    ["model", { model: 3 }],
    ["permissionMode", { permissionMode: "yolo" }],
    ["maxTurns", { maxTurns: 0 }],
    ["background", { background: "yes" }],
    ["isolation", { isolation: "container" }],
    ["effort", { effort: "much" }],
    ["skills", { skills: [1] }],
    ["mcpServers", { mcpServers: { own: { command: "server" } } }],
    ["mcpServers", { mcpServers: [{ own: { command: "server" } }] }],
  ])("is refused at its key: %s", (key, change) => {
    // `undefined` stands for a key that is left out.
    const values = JSON.parse(JSON.stringify({ name: "a", description: "d", ...change }));
    expect(readAgentDefinition(values, "p")).toMatchObject({ type: "unusable", key });
  });

  test("is refused without a prompt", () => {
    expect(readAgentDefinition({ name: "a", description: "d" }, " ")).toMatchObject({ key: "prompt" });
  });
});

describe("files of agents", () => {
  test("are read from the workspace and from the user, each name once, sorted", async () => {
    await write("work/.claw/agents/b.md", agent("both", "", "From .claw."));
    await write("work/.claude/agents/b.md", agent("both", "", "From .claude."));
    await write("work/.claude/agents/notes.txt", "no agent");
    await write("claw/agents/u.md", agent("user"));
    await write("home/.claude/agents/a.md", agent("also-user"));
    await write("home/.claude/agents/b.md", agent("both", "", "From home."));
    const { agents, problems } = await load();
    expect(problems).toEqual([]);
    expect(agents.map(({ name }) => name)).toEqual(["also-user", "both", "user"]);
    expect(agents[1]).toMatchObject({ definition: { prompt: "From .claw." } });
    expect(agents[1]?.file).toBe(at("work/.claw/agents/b.md"));
  });

  test("of a workspace that is not trusted are not even looked at", async () => {
    await write("work/.claw/agents/b.md", agent("evil"));
    await write("work/.claw/agents/bad.md", "---\n");
    await write("claw/agents/u.md", agent("user"));
    expect(await load(false)).toMatchObject({ agents: [{ name: "user" }], problems: [] });
  });

  test("one bad file hides no good one: it is told with its line and the reason", async () => {
    await write("claw/agents/a.md", agent("good"));
    await write("claw/agents/b.md", agent("bad", "maxTurns: many\n"));
    await write("claw/agents/c.md", agent("half", "tools: [Read\n"));
    await write("claw/agents/d.md", "no frontmatter");
    await write("claw/agents/e.md", agent("huge", "", "x".repeat(300_000)));
    await mkdir(at("claw/agents/f.md"));
    await write("claw/agents/g.md", agent("unused", "initialPrompt: Hello.\n"));
    const { agents, problems, unused } = await load();
    expect(agents.map(({ name }) => name)).toEqual(["good", "unused"]);
    expect(unused.map(({ message }) => message)).toEqual([
      expect.stringMatching(/g\.md:4: initialPrompt is not supported: /),
    ]);
    const said = problems.map(({ message }) => message.replace(at("claw/agents"), ""));
    expect(said).toHaveLength(5);
    expect(said[0]).toBe("/b.md:4: maxTurns is no whole number above 0.");
    expect(said[1]).toBe("/c.md:4: tools is no list of names.");
    expect(said[2]).toMatch(/^\/d\.md:1: An agent needs a name/);
    expect(said[3]).toMatch(/^\/e\.md:1: It has more than 256 KiB/);
    expect(problems.every(({ code }) => code === "agent-file")).toBe(true);
  });
});
