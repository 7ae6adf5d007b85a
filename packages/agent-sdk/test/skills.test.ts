import { mkdir, rm } from "node:fs/promises";
import type { Script, ScriptedReply } from "@claw/agent-core/testing";
import { type AgentOptions, createAgent, diagnose } from "@claw/agent-sdk";
import { folderForEachTest, skillText } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bash, done, extendedAgent, load, texts } from "./extended-agent.ts";

const folder = folderForEachTest({ beforeEach, afterEach }, ({ at }) => mkdir(at("work")));
const { put, at } = folder;
const options = (script: Script, more: AgentOptions = {}) => extendedAgent(folder, script, more);
const denials = async (given: AgentOptions, begin: "run" | "command", name = "s") => {
  await using agent = await createAgent(given);
  const run = begin === "run" ? agent.run("go") : agent.runCommand(name);
  return (await run.result).end.denials.map(({ tool }) => tool);
};

describe("skills of a session", () => {
  test("three steps: the name at the beginning, the text by the tool, other files by Read without a question", async () => {
    await put("home/.claw/skills/greet/SKILL.md", skillText("greet", "Hello $0, see more.md."));
    await put("home/.claw/skills/greet/more.md", "More.");
    const more: ScriptedReply = {
      calls: [{ name: "Read", input: { file_path: at("home/.claw/skills/greet/more.md") } }],
    };
    const { given, requests } = options([more, load("greet", "Ada"), more, done]);
    await using agent = await createAgent(given);
    await agent.run("go").result;
    expect(texts(requests[0]?.messages ?? [])).toEqual([
      expect.stringContaining("- greet: Does greet."),
      "go",
    ]);
    const said = texts(agent.messages);
    expect(said.join()).not.toContain("More.,Skill");
    expect(said.find((words) => words.startsWith("Skill greet;"))).toMatch(/Hello Ada, see more\.md\.$/);
    expect(said.at(-2)).toContain("More.");
    expect((await agent.run("x").result).end.denials).toEqual([]);
  });

  test("without any skill there is no tool and no message", async () => {
    const { given, requests } = options([done]);
    await using agent = await createAgent(given);
    await agent.run("go").result;
    expect(requests[0]?.tools.map(({ name }) => name)).not.toContain("Skill");
    expect(requests[0]?.messages).toHaveLength(1);
  });

  test("rank 13, law 13: new skills come by a message; tools and what was said before stay, also after resume", async () => {
    await put("home/.claw/skills/b/SKILL.md", skillText("b"));
    const first = options([done, done]);
    const agent = await createAgent(first.given);
    await agent.run("one").result;
    await put("home/.claw/skills/a/SKILL.md", skillText("a"));
    await agent.run("two").result;
    await agent.close();
    const second = options([done]);
    await using again = await createAgent({ ...second.given, resume: agent.session });
    await again.run("three").result;
    const [one, two, three] = [...first.requests, ...second.requests];
    expect(two?.tools).toEqual(one?.tools);
    expect(three?.tools).toEqual(one?.tools);
    expect(two?.messages.slice(0, one?.messages.length)).toEqual(one?.messages);
    expect(three?.messages.slice(0, two?.messages.length)).toEqual(two?.messages);
    const said = texts(again.messages).filter((words) => words.includes("Does "));
    expect(said).toEqual([
      expect.stringContaining("- b: Does b."),
      expect.stringMatching(/^There are more.*\n- a: Does a\.$/),
    ]);
  });

  test("rank 8: fifty skills fit into 8,000 characters, or into what the settings say", async () => {
    for (let index = 0; index < 50; index++)
      await put(
        `home/.claw/skills/s${index}/SKILL.md`,
        skillText(`s${index}`, "x", `when_to_use: ${"word ".repeat(150)}\n`),
      );
    const listing = async (more: AgentOptions) => {
      const { given, requests } = options([done], more);
      await using agent = await createAgent(given);
      await agent.run("go").result;
      return texts(requests[0]?.messages ?? [])[0] ?? "";
    };
    const whole = await listing({});
    expect(whole.length).toBeLessThan(8_200);
    expect(whole.match(/^- s\d+: Does/gm)).toHaveLength(50);
    expect((await listing({ settings: '{"skills":{"maxListing":400}}' })).length).toBeLessThan(600);
  });

  test("a skill with paths is told of when such a file is used", async () => {
    await put("home/.claw/skills/sql/SKILL.md", skillText("sql", "x", "paths: '*.sql'\n"));
    await put("work/db/a.sql", "select 1");
    const read = { calls: [{ name: "Read", input: { file_path: at("work/db/a.sql") } }] };
    const { given, requests } = options([read, read, done]);
    await using agent = await createAgent(given);
    await agent.run("go").result;
    expect(texts(requests[0]?.messages ?? [])).toEqual(["go"]);
    expect(
      texts(requests[2]?.messages ?? [])
        .join()
        .match(/- sql: Does sql\./g),
    ).toHaveLength(1);
  });

  test("class 20 and the switches: trust, the option, the settings by name", async () => {
    await put("work/.claude/skills/theirs/SKILL.md", skillText("theirs"));
    await put("work/.claude/commands/cmd.md", "Do.");
    await put("home/.claw/skills/mine/SKILL.md", skillText("mine"));
    const names = async (more: AgentOptions) => {
      await using agent = await createAgent({ ...options([]).given, ...more });
      return agent.commands.map(({ name }) => name);
    };
    expect(await names({})).toEqual(["mine"]);
    expect(await names({ trustWorkspace: true })).toEqual(["cmd", "mine", "theirs"]);
    expect(await names({ trustWorkspace: true, skills: false })).toEqual([]);
    expect(await names({ trustWorkspace: true, preset: "default" })).toEqual([]);
    const settings = JSON.stringify({ skills: { disabled: ["mine"] }, commands: { enabled: false } });
    expect(await names({ trustWorkspace: true, settings })).toEqual(["theirs"]);
  });

  test("R15: what is left out is warned of once, and doctor tells the rest", async () => {
    await put("home/.claw/skills/bad/SKILL.md", "---\nname: 'bad\n---\n");
    await put("home/.claw/skills/good/SKILL.md", skillText("good", "x", "colour: red\n"));
    const { given } = options([done, done]);
    await using agent = await createAgent(given);
    await agent.run("one").result;
    await agent.run("two").result;
    const told = agent.warnings.filter(({ code }) => code === "skill-skipped").map(({ message }) => message);
    expect(told).toEqual([expect.stringMatching(/bad\/SKILL\.md, line 2 is not used: /)]);
    const checks: string[] = [];
    for await (const { name, text } of diagnose(given)) if (name === "skills") checks.push(text);
    expect(checks).toEqual([
      "1 skill, 0 commands",
      expect.stringMatching(/bad\/SKILL\.md, line 2 is not used: /),
      expect.stringMatching(/good\/SKILL\.md, line 4: colour means nothing here\./),
    ]);
  });
});

describe("what a skill may do", () => {
  test("law 8, class 21: its commands pass the checkpoint, in a call and when a person calls it", async () => {
    const body = "Out: !`echo fine` and !`touch made`";
    await put("home/.claw/skills/s/SKILL.md", skillText("s", body));
    for (const begin of ["run", "command"] as const) {
      const { given } = options(begin === "run" ? [load("s"), done] : [done]);
      await using agent = await createAgent(given);
      const run = begin === "run" ? agent.run("go") : agent.runCommand("s");
      const decided: string[] = [];
      for await (const event of run)
        if (event.type === "permission-decision" && event.tool === "Bash") decided.push(event.decision);
      expect(decided).toEqual(["allow", "deny"]);
      expect(texts(agent.messages).join()).toMatch(/Out: fine and \[touch made: .+\]/);
    }
  });

  test.each<[string, "home/.claw" | "work/.claw", "run" | "command", string, readonly string[]]>([
    ["the user's own, loaded by the model", "home/.claw", "run", "Bash(touch *)", []],
    ["the user's own, called by a person", "home/.claw", "command", "Bash(touch *)", []],
    ["a project's, loaded by the model", "work/.claw", "run", "Bash(touch *)", ["Bash"]],
    ["a project's, called by a person", "work/.claw", "command", "Bash(touch *)", []],
    ["a project's for a whole tool", "work/.claw", "command", "Bash", ["Bash"]],
    ["a project's for a whole tool in other words", "work/.claw", "command", "Bash(*)", ["Bash"]],
  ])("class 27: allowed-tools of %s", async (_, folder, begin, rule, refused) => {
    await put(`${folder}/skills/s/SKILL.md`, skillText("s", "x", `allowed-tools: ${rule}\n`));
    const script = [...(begin === "run" ? [load("s")] : []), bash("touch made"), done];
    expect(await denials(options(script, { trustWorkspace: true }).given, begin)).toEqual(refused);
  });

  test("class 27: never beyond deny and ask rules or managed settings, and not after the run", async () => {
    await put("home/.claw/skills/s/SKILL.md", skillText("s", "x", "allowed-tools: Bash(touch *)\n"));
    const script = [load("s"), bash("touch made"), done];
    const refused = async (more: AgentOptions) => denials(options(script, more).given, "run");
    expect(await refused({})).toEqual([]);
    expect(await refused({ disallowedTools: ["Bash(touch *)"] })).toEqual(["Bash"]);
    expect(await refused({ settings: '{"permissions":{"ask":["Bash(touch *)"]}}' })).toEqual(["Bash"]);
    expect(await refused({ disallowedTools: ["Skill(s)"] })).toEqual(["Skill", "Bash"]);
    await put("etc/settings.json", '{"allowManagedPermissionRulesOnly":true}');
    expect(await refused({})).toEqual(["Bash"]);
    await rm(at("etc"), { recursive: true });
    const { given } = options([...script, bash("touch made"), done]);
    await using agent = await createAgent(given);
    expect((await agent.run("one").result).end.denials).toEqual([]);
    expect((await agent.run("two").result).end.denials).toHaveLength(1);
  });

  test("what is for people the model does not get, and words find skills", async () => {
    await put(
      "home/.claw/skills/secret/SKILL.md",
      skillText("secret", "x", "disable-model-invocation: true\n"),
    );
    await put("home/.claw/skills/open/SKILL.md", skillText("open", "x", "user-invocable: false\n"));
    const { given, requests } = options([load("secret"), load("does something open"), load("zzz"), done]);
    await using agent = await createAgent(given);
    await agent.run("go").result;
    expect(texts(requests[0]?.messages ?? [])[0]).not.toContain("secret");
    const said = texts(agent.messages);
    expect(said.join("\n")).toContain("secret is for people: they type /secret.");
    expect(said.join("\n")).toContain("These fit the words:\n- open: Does open.");
    expect(said.at(-2)).toContain('There is no skill named "zzz".');
    expect(agent.commands.map(({ name }) => name)).toEqual(["secret"]);
    expect(() => agent.runCommand("open")).toThrow("There is no command /open.");
  });
});

test("a command: what the person typed, and its text behind it; a new one is found when it is wanted", async () => {
  const { given, requests } = options([done]);
  await using agent = await createAgent({ ...given, trustWorkspace: true });
  expect(await agent.findCommand("fix")).toBeUndefined();
  await put("work/.claw/commands/team/fix.md", "---\nargument-hint: <issue>\n---\nFix issue $0.");
  expect(await agent.findCommand("fix")).toMatchObject({
    kind: "command",
    namespace: "team",
    argumentHint: "<issue>",
  });
  await agent.runCommand("fix", "42").result;
  expect(requests[0]?.messages).toMatchObject([
    { role: "user", origin: "human", content: [{ type: "text", text: "/fix 42" }] },
    { role: "user", origin: "skill", content: [{ type: "text", text: "Fix issue 42." }] },
  ]);
  await rm(at("work/.claw/commands/team/fix.md"));
  expect((await agent.runCommand("fix").result).end).toMatchObject({
    reason: "failed",
    error: { code: "skill-unusable" },
  });
});

test("what comes into an empty folder is told at the next run; the tools stay as they are until the session is resumed", async () => {
  const first = options([done, done]);
  const agent = await createAgent({ ...first.given, trustWorkspace: true });
  await agent.run("one").result;
  await put("work/.claw/skills/late/SKILL.md", skillText("late"));
  await put("work/AGENTS.md", "Write in verse.");
  await agent.run("two").result;
  await agent.close();
  const [one, two] = first.requests;
  expect(two?.tools).toEqual(one?.tools);
  expect(two?.messages.slice(0, one?.messages.length)).toEqual(one?.messages);
  const said = texts(two?.messages ?? []).join("\n");
  expect(said).toContain("Write in verse.");
  expect(said).not.toContain("- late:");
  expect(agent.commands.map(({ name }) => name)).toEqual(["late"]);
  const second = options([done]);
  await using again = await createAgent({ ...second.given, trustWorkspace: true, resume: agent.session });
  await again.run("three").result;
  expect(texts(second.requests[0]?.messages ?? []).join("\n")).toContain("- late: Does late.");
  expect(second.requests[0]?.tools.map(({ name }) => name)).toContain("Skill");
});
