import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import type { ScriptedReply } from "@claw/agent-core/testing";
import { type AgentOptions, createAgent, diagnose, listHooks, type ModelRequest } from "@claw/agent-sdk";
import { folderForEachTest, skillText } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { forkKind } from "../src/extensions/fork-kind.ts";
import { bash, delegate, done, extendedAgent, load, texts } from "./extended-agent.ts";

const folder = folderForEachTest({ beforeEach, afterEach }, ({ put }) => put("work/.git/HEAD", ""));
const { put, at } = folder;

const isApart = ({ system }: ModelRequest): boolean => system?.includes("sub-agent") === true;

/** The conversation says `ours`, the agent that follows a skill says `theirs`. */
function scene(ours: readonly ScriptedReply[], theirs: readonly ScriptedReply[], more: AgentOptions = {}) {
  const left = { ours: [...ours], theirs: [...theirs] };
  return extendedAgent(
    folder,
    (request) => (isApart(request) ? left.theirs.shift() : left.ours.shift()) ?? done,
    { trustWorkspace: true, ...more },
  );
}

describe("`context: fork`", () => {
  test("the model's call has the answer of a sub-agent, which had the text as its task and nothing else", async () => {
    await put("work/.claw/skills/look/SKILL.md", skillText("look", "Look at $0.", "context: fork\n"));
    const { given, requests } = scene([load("look", "it"), done], [{ text: "I saw it." }]);
    await using agent = await createAgent(given);
    const starts: unknown[] = [];
    for await (const event of agent.run("a secret"))
      if (event.type === "run-start") starts.push(event.agent?.name);
    expect(starts).toEqual([undefined, "general-purpose"]);
    const [apart] = requests.filter(isApart);
    expect(texts(apart?.messages ?? []).at(-1)).toMatch(/^Skill look;[\s\S]*Look at it\.$/);
    expect(JSON.stringify(apart?.messages)).not.toContain("secret");
    expect(texts(agent.messages).find((words) => words.startsWith("I saw it."))).toBeDefined();
    expect(texts(agent.messages).join()).not.toContain("Look at it");
  });

  test("a person's call comes back with the answer, and `agent` says which kind follows it", async () => {
    await put("work/.claw/commands/look.md", "---\ncontext: fork\nagent: Explore\n---\nLook at $0.");
    const { given, requests } = scene([done], [{ text: "I saw it." }]);
    await using agent = await createAgent(given);
    await agent.runCommand("look", "it").result;
    const [apart] = requests.filter(isApart);
    expect(apart?.tools.map(({ name }) => name)).toEqual(["Read", "Glob", "Grep", "Recall"]);
    expect(texts(agent.messages)).toEqual([
      "/look it",
      expect.stringMatching(/^A sub-agent followed look\. This is its answer:\n\nI saw it\./),
      "done",
    ]);
  });

  test("class 27: what it is lent is the agent's alone, and rules on agents hold for it", async () => {
    const keys = "context: fork\nallowed-tools: Bash(touch *)\n";
    await put("home/.claw/skills/make/SKILL.md", skillText("make", "Make. !`touch before`", keys));
    const { given } = scene([load("make"), bash("touch ours"), done], [bash("touch theirs"), done]);
    {
      await using agent = await createAgent(given);
      expect((await agent.run("go").result).end.denials).toHaveLength(1);
    }
    const made = ["before", "theirs", "ours"].map((name) => existsSync(at(`work/${name}`)));
    expect(made).toEqual([true, true, false]);
    const refused = scene([load("make"), done], [], { disallowedTools: ["Agent(general-purpose)"] });
    await using agent = await createAgent(refused.given);
    await agent.run("go").result;
    expect(refused.requests.filter(isApart)).toEqual([]);
    expect(agent.messages.at(-2)).toMatchObject({ outcome: { status: "denied" } });
  });

  test("`background: true` lets it go on beside the conversation", async () => {
    await put(
      "work/.claw/skills/look/SKILL.md",
      skillText("look", "Look.", "context: fork\nbackground: true\n"),
    );
    const { given } = scene([load("look"), done], [{ text: "I saw it." }]);
    await using agent = await createAgent(given);
    await agent.run("go").result;
    expect(texts(agent.messages).join()).toContain("in the background as");
  });

  test("an agent that does not exist, or answers nothing, is no answer", async () => {
    await put(
      "work/.claw/skills/look/SKILL.md",
      skillText("look", "Look.", "context: fork\nagent: nobody\n"),
    );
    const { given } = scene([load("look"), done], []);
    await using agent = await createAgent(given);
    await agent.run("go").result;
    expect(agent.messages.at(-2)).toMatchObject({ outcome: { status: "failed" } });
    const checks: string[] = [];
    for await (const { name, text } of diagnose(given)) if (name === "skills") checks.push(text);
    expect(checks).toContainEqual(
      expect.stringMatching(/look\/SKILL\.md: there is no agent nobody to follow it\.$/),
    );
  });
});

test("a plugin's skill is followed by the plugin's own agent, where it has one of that name", () => {
  const has = (kind: string) => ["p:mine", "Explore"].includes(kind);
  const kind = (name: string, agent?: string) =>
    forkKind({ name, fork: agent === undefined ? {} : { agent } }, has);
  expect(kind("p:s", "mine")).toBe("p:mine");
  expect(kind("p:s", "Explore")).toBe("Explore");
  expect(kind("s", "mine")).toBe("mine");
  expect(kind("p:s")).toBe("general-purpose");
});

describe("`model` and `effort`", () => {
  test("hold for the run of a person's call, and for no other", async () => {
    await put("work/.claw/commands/think.md", "---\nmodel: stub:other\neffort: high\n---\nThink.");
    const { given, requests } = scene([done, done], [], { effort: "low" });
    await using agent = await createAgent(given);
    const refs: string[] = [];
    for (const run of [() => agent.run("one"), () => agent.runCommand("think"), () => agent.run("two")])
      for await (const event of run()) if (event.type === "run-start") refs.push(event.model.id);
    expect(refs).toEqual(["scripted", "other", "scripted"]);
    expect(requests.map(({ reasoning }) => reasoning?.effort)).toEqual(["low", "low"]);
    expect(agent.model.id).toBe("scripted");
  });

  test("law 13: they change nothing of what was sent before", async () => {
    await put("work/.claw/commands/think.md", "---\neffort: high\nmodel: opus\n---\nThink.");
    const { given, requests } = scene([done, done], []);
    await using agent = await createAgent(given);
    await agent.run("one").result;
    await agent.runCommand("think").result;
    const [one, two] = requests;
    expect(two?.messages.slice(0, one?.messages.length)).toEqual(one?.messages);
    expect([two?.system, two?.tools]).toEqual([one?.system, one?.tools]);
    expect([one?.reasoning?.effort, two?.reasoning?.effort]).toEqual([undefined, "high"]);
  });

  test("of a skill that a sub-agent follows are that agent's", async () => {
    await put(
      "work/.claw/skills/s/SKILL.md",
      skillText("s", "x", "context: fork\nmodel: stub:other\neffort: high\n"),
    );
    const { given, requests } = scene([load("s"), done], [], { effort: "low" });
    await using agent = await createAgent(given);
    const refs: string[] = [];
    for await (const event of agent.run("go")) if (event.type === "run-start") refs.push(event.model.id);
    expect(refs).toEqual(["scripted", "other"]);
    expect(requests.map(({ reasoning }) => reasoning?.effort)).toEqual(["low", "low"]);
  });
});

test("class 21: a file that a text names is read through the checkpoint, and its instructions come with it", async () => {
  await put("work/src/a.txt", "inside");
  await put("work/src/AGENTS.md", "Source rules.");
  await put("out.txt", "a secret");
  await put("work/.claude/commands/see.md", `See @src/a.txt and @${at("out.txt")}.`);
  const { given, requests } = scene([done], []);
  await using agent = await createAgent(given);
  await agent.runCommand("see").result;
  const said = texts(requests[0]?.messages ?? []);
  expect(said.find((words) => words.startsWith("See"))).toMatch(
    /<file path="[^"]+src\/a\.txt">\n.*inside\n<\/file>\n\n\[[^\]]+out\.txt: .+\]$/s,
  );
  expect(said.join()).not.toContain("a secret");
  expect(said.at(-1)).toContain("Source rules.");
});

describe("a file that is no skill", () => {
  const names = async (more: AgentOptions = {}) => {
    await using agent = await createAgent(scene([], [], more).given);
    return agent.commands.map(({ name }) => name);
  };

  test("class 19: a workspace's link out of the project needs a rule, the user's own does not", async () => {
    await put("secret.md", "A secret.");
    await put("work/shared/inside.md", "Inside.");
    for (const place of ["work/.claude/commands", "home/.claude/commands"])
      await put(`${place}/real.md`, "Real.");
    await symlink(at("secret.md"), at("work/.claude/commands/out.md"));
    await symlink(at("secret.md"), at("home/.claude/commands/mine.md"));
    await symlink(at("work/shared/inside.md"), at("work/.claude/commands/inside.md"));
    expect(await names()).toEqual(["inside", "mine", "real"]);
    expect(await names({ allowedTools: [`Read(/${at("secret.md")})`] })).toEqual([
      "inside",
      "mine",
      "out",
      "real",
    ]);
  });

  test("class 27: what a rule forbids to read is none, also when the file became a link after it was found", async () => {
    await put("work/.claude/commands/real.md", "Real.");
    expect(await names({ disallowedTools: ["Read(.claude/commands/**)"] })).toEqual([]);
    await put("secret.md", "A secret.");
    const { given, requests } = scene([done], []);
    await using agent = await createAgent(given);
    await folder.remove("work/.claude/commands/real.md");
    await symlink(at("secret.md"), at("work/.claude/commands/real.md"));
    const { end } = await agent.runCommand("real").result;
    expect(end).toMatchObject({ reason: "failed", error: { code: "skill-unusable" } });
    expect(requests).toEqual([]);
  });
});

describe("`hooks`", () => {
  const hooks = (command: string, event = "PreToolUse", matcher = "Bash") =>
    `hooks:\n  ${event}:\n    - matcher: ${matcher}\n      hooks: [{ type: command, command: ${JSON.stringify(command)} }]\n`;
  const refuse = "echo 'not now' >&2; exit 2";
  const free = { permissionMode: "bypassPermissions" } as const;
  const made = (...names: readonly string[]) => names.filter((name) => existsSync(at(`work/${name}`)));

  test("hold from when the skill is loaded until the run ends, also for agents below", async () => {
    await put("work/.claude/skills/s/SKILL.md", skillText("s", "x", hooks(refuse)));
    const ours = [
      bash("touch a"),
      load("s"),
      bash("touch b"),
      delegate("general-purpose"),
      done,
      bash("touch d"),
      done,
    ];
    const { given } = scene(ours, [bash("touch c"), done], free);
    await using agent = await createAgent(given);
    await agent.run("one").result;
    expect(made("a", "b", "c", "d")).toEqual(["a"]);
    await agent.run("two").result;
    expect(made("a", "b", "c", "d")).toEqual(["a", "d"]);
  });

  test("of a skill that an agent follows hold for that agent alone", async () => {
    await put("work/.claude/skills/s/SKILL.md", skillText("s", "x", `context: fork\n${hooks(refuse)}`));
    const { given } = scene([load("s"), bash("touch a"), done], [bash("touch b"), done], free);
    await using agent = await createAgent(given);
    await agent.run("one").result;
    expect(made("a", "b")).toEqual(["a"]);
  });

  test("`Stop` is the end of the conversation that follows it", async () => {
    const once = `test -e ${at("asked")} && exit 0; touch ${at("asked")}; echo 'say more' >&2; exit 2`;
    await put("work/.claude/commands/s.md", `---\n${hooks(once, "Stop", "''")}---\nDo it.`);
    const { given, requests } = scene([done, done], [], free);
    await using agent = await createAgent(given);
    await agent.runCommand("s").result;
    expect(texts(requests.at(-1)?.messages ?? []).at(-1)).toBe("say more");
  });

  test("that came after the session began are not passed over: the skill is not used; disabledHooks switches them off", async () => {
    await put("work/.claude/skills/s/SKILL.md", skillText("s"));
    const { given } = scene([load("s"), done], [], free);
    {
      await using agent = await createAgent(given);
      await put("work/.claude/skills/s/SKILL.md", skillText("s", "x", hooks(refuse)));
      await agent.run("one").result;
      expect(agent.messages.at(-2)).toMatchObject({ outcome: { status: "failed" } });
      expect(texts(agent.messages).at(-2)).toContain("its hooks came after this session began");
    }
    const settings = JSON.stringify({ disabledHooks: [`s:PreToolUse ${refuse}`] });
    const again = scene([load("s"), bash("touch a"), done], [], { ...free, settings });
    expect((await listHooks(again.given)).hooks).toMatchObject([
      { event: "PreToolUse", source: "skill s", off: "it is switched off by name" },
    ]);
    await using agent = await createAgent(again.given);
    await agent.run("one").result;
    expect(made("a")).toEqual(["a"]);
  });

  test("R15: what is no object of events leaves the skill out, and doctor tells of what means nothing", async () => {
    await put("work/.claude/skills/bad/SKILL.md", skillText("bad", "x", "hooks: [check]\n"));
    await put("work/.claude/skills/half/SKILL.md", skillText("half", "x", hooks("x", "SessionEnd")));
    const checks: string[] = [];
    for await (const { name, text } of diagnose(scene([], []).given))
      if (name === "skills") checks.push(text);
    expect(checks).toEqual([
      "1 skill, 0 commands",
      expect.stringMatching(/bad\/SKILL\.md, line 4 is not used: hooks must be an object of events\.$/),
      expect.stringMatching(/half\/SKILL\.md, line 4: hooks\.SessionEnd is not for a skill/),
    ]);
  });
});

describe("`disallowed-tools`", () => {
  test("are refused until the run ends, whatever else allows them", async () => {
    await put(
      "work/.claw/skills/s/SKILL.md",
      skillText("s", "x", "disallowed-tools: Bash(touch *) WebFetch\n"),
    );
    const script = [bash("touch before"), load("s"), bash("touch while"), done, bash("touch after"), done];
    const { given } = scene(script, [], { permissionMode: "bypassPermissions" });
    await using agent = await createAgent(given);
    expect((await agent.run("one").result).end.denials).toHaveLength(1);
    expect((await agent.run("two").result).end.denials).toEqual([]);
    const made = ["before", "while", "after"].map((name) => existsSync(at(`work/${name}`)));
    expect(made).toEqual([true, false, true]);
  });

  test("that cannot be held leave the skill out, with file, line and reason", async () => {
    await put("home/.claw/skills/s/SKILL.md", skillText("s", "x", "disallowed-tools: Bash(\n"));
    await put("home/.claw/skills/good/SKILL.md", skillText("good"));
    const { given } = scene([done], []);
    await using agent = await createAgent(given);
    expect(agent.commands.map(({ name }) => name)).toEqual(["good"]);
    expect(agent.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/s\/SKILL\.md, line 4 is not used: disallowed-tools cannot be held: /),
    ]);
  });
});
