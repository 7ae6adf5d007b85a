import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { ScriptedReply } from "@claw/agent-core/testing";
import {
  type AgentOptions,
  createAgent,
  defineTool,
  diagnose,
  jsonSchema,
  listHooks,
  type ModelRequest,
} from "@claw/agent-sdk";
import { folderForEachTest, skillText } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bash, call, delegate, done, extendedAgent, load, texts } from "./extended-agent.ts";

const folder = folderForEachTest({ beforeEach, afterEach }, ({ put }) => put("work/.git/HEAD", ""));
const { put, at } = folder;

const worker = (more: object = {}) => ({ worker: { description: "Works.", prompt: "[worker]", ...more } });
const ofWorker = ({ system }: ModelRequest): boolean => system?.includes("[worker]") === true;

/** The conversation calls the worker for each of its turns; the worker does `replies`. */
function scene(replies: readonly ScriptedReply[], more: AgentOptions = {}, calls = [delegate("worker")]) {
  const left = { worker: [...replies], main: [...calls] };
  return extendedAgent(
    folder,
    (request) => (ofWorker(request) ? left.worker.shift() : left.main.shift()) ?? done,
    { trustWorkspace: true, agents: worker(), ...more },
  );
}

/** What the worker was sent, request by request. */
async function heard({ given, requests }: ReturnType<typeof scene>): Promise<readonly (readonly string[])[]> {
  await using agent = await createAgent(given);
  await agent.run("go").result;
  return requests.filter(ofWorker).map(({ messages }) => texts(messages));
}

describe("instructions of a sub-agent", () => {
  test("the chain of its folder stands before its task, as in the conversation", async () => {
    await put("home/.claude/CLAUDE.md", "Mine: be brief.");
    await put("work/AGENTS.md", "Write in verse. @more.md");
    await put("work/more.md", "Rhyme.");
    const [first] = await heard(scene([done]));
    expect(first).toHaveLength(2);
    expect(first?.[0]).toMatch(/be brief[\s\S]*Rhyme[\s\S]*Write in verse/);
    expect(first?.[1]).toBe("Do it.");
  });

  test("folders below are told of when it uses a file there, and once", async () => {
    await put("work/src/AGENTS.md", "Source rules.");
    await put("work/src/a.txt", "a");
    const read = call("Read", { file_path: at("work/src/a.txt") });
    const [first, second, third] = await heard(scene([read, read, done]));
    expect(first?.join()).not.toContain("Source rules.");
    expect(second?.at(-1)).toContain("Source rules.");
    expect(third?.filter((words) => words.includes("Source rules."))).toHaveLength(1);
  });

  test("in a worktree they are those of the worktree", async () => {
    await folder.remove("work/.git");
    await put("work/AGENTS.md", "As committed.");
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@localhost", ...args], {
        cwd: at("work"),
      });
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "-m", "begin");
    await put("work/AGENTS.md", "Not committed.");
    const isolated = {
      agents: worker({ isolation: "worktree" }),
      permissionMode: "bypassPermissions",
    } as const;
    const [first] = await heard(scene([done], isolated));
    expect(first?.[0]).toContain("As committed.");
    expect(first?.[0]).toContain("claw-worktrees");
    expect(first?.join()).not.toContain("Not committed.");
  });

  test("law 13: one that is gone on with hears them once, and the beginning stays", async () => {
    await put("work/AGENTS.md", "Write in verse.");
    let id = "";
    const scened = scene([done, done], {}, [delegate("worker"), done]);
    {
      await using agent = await createAgent(scened.given);
      await agent.run("go").result;
      id = /\[(worker-\w+):/.exec(texts(agent.messages).join())?.[1] ?? "";
      await put("work/AGENTS.md", "Write in prose.");
    }
    const again = scene([done], { resume: "latest" }, [call("SendMessage", { to: id, message: "More." })]);
    await using agent = await createAgent(again.given);
    await agent.run("go on").result;
    const [before] = scened.requests.filter(ofWorker);
    const [after] = again.requests.filter(ofWorker);
    expect(after?.messages.slice(0, before?.messages.length)).toEqual(before?.messages);
    expect(texts(after?.messages ?? []).filter((words) => words.includes("verse"))).toHaveLength(1);
  });

  test("two messages of one reply to an agent of an earlier process are for one agent", async () => {
    const first = scene([done], {}, [delegate("worker"), done]);
    let id = "";
    {
      await using agent = await createAgent(first.given);
      await agent.run("go").result;
      id = /\[(worker-\w+):/.exec(texts(agent.messages).join())?.[1] ?? "";
    }
    const calls = ["One.", "Two."].map((message) => ({ name: "SendMessage", input: { to: id, message } }));
    const again = scene([done, done], { resume: "latest" }, [{ calls }]);
    await using agent = await createAgent(again.given);
    const runs: unknown[] = [];
    for await (const event of agent.run("go on"))
      if (event.type === "run-start" && event.agent !== undefined) runs.push(event.agent.id);
    expect(runs).toEqual([id]);
  });

  test("are switched off with those of the conversation", async () => {
    await put("work/AGENTS.md", "Write in verse.");
    expect(await heard(scene([done], { instructions: false }))).toEqual([["Do it."]]);
  });
});

describe("skills of a sub-agent", () => {
  test("skill_loaded: it has the list and the tool, and its commands pass the checkpoint as its own", async () => {
    await put(
      "work/.claw/skills/greet/SKILL.md",
      skillText("greet", "Hello $0: !`echo fine`, !`touch made`"),
    );
    const scened = scene([load("greet", "Ada"), done]);
    await using agent = await createAgent(scened.given);
    const decided: unknown[] = [];
    for await (const event of agent.run("go"))
      if (event.type === "permission-decision" && event.tool === "Bash") decided.push(event.decision);
    const [first, second] = scened.requests.filter(ofWorker);
    expect(first?.tools.map(({ name }) => name)).toContain("Skill");
    expect(texts(first?.messages ?? [])[0]).toContain("- greet: Does greet.");
    expect(texts(second?.messages ?? []).at(-1)).toMatch(/Hello Ada: fine, \[touch made: .+\]/);
    expect(decided).toEqual(["allow", "deny"]);
  });

  test.each([
    ["named tools without it", { tools: ["Read"] }],
    ["it is taken away", { disallowedTools: ["Skill"] }],
  ])("%s: neither list nor tool", async (_, more) => {
    await put("work/.claw/skills/greet/SKILL.md", skillText("greet"));
    const scened = scene([done], { agents: worker(more) });
    expect(await heard(scened)).toEqual([["Do it."]]);
    expect(scened.requests.find(ofWorker)?.tools.map(({ name }) => name)).not.toContain("Skill");
  });

  test("`Skill(name)` among its tools allows that one alone", async () => {
    for (const name of ["one", "two"]) await put(`work/.claw/skills/${name}/SKILL.md`, skillText(name, name));
    const [, , last] = await heard(
      scene([load("one"), load("two"), done], { agents: worker({ tools: ["Skill(one)"] }) }),
    );
    expect(last?.at(-3)).toContain("Skill one;");
    expect(last?.at(-1)).toContain("This agent has Skill for Skill(one) alone.");
  });

  test("class 27: what a skill is lent in an agent holds for that agent alone, until it has answered", async () => {
    await put("home/.claw/skills/s/SKILL.md", skillText("s", "x", "allowed-tools: Bash(touch *)\n"));
    const scened = scene([load("s"), bash("touch mine"), done], {}, [
      {
        calls: [
          ...(delegate("worker").calls ?? []),
          ...(delegate("general-purpose", "[general] x").calls ?? []),
        ],
      },
      bash("touch ours"),
      done,
    ]);
    await using agent = await createAgent(scened.given);
    const { end } = await agent.run("go").result;
    expect(end.denials).toHaveLength(1);
    expect([existsSync(at("work/mine")), existsSync(at("work/ours"))]).toEqual([true, false]);
  });

  test("`skills` stand in its opening with their text, listed or not, and through every request", async () => {
    await put("work/.claw/skills/style/SKILL.md", skillText("style", "Two spaces. !`echo put in`"));
    await put("work/.claw/skills/other/SKILL.md", skillText("other"));
    const both = await heard(scene([done], { agents: worker({ skills: ["style"] }) }));
    expect(both).toEqual([
      [
        expect.stringMatching(/^These skills[\s\S]*- other: Does other\.$/),
        expect.stringMatching(/^Skill style;[\s\S]*Two spaces\. put in$/),
        "Do it.",
      ],
    ]);
    const alone = await heard(scene([done], { agents: worker({ skills: ["style"], tools: ["Bash"] }) }));
    expect(alone).toEqual([[expect.stringMatching(/^Skill style;/), "Do it."]]);
  });
});

describe("what an agent file says", () => {
  const file = (keys: string, name = "filed") =>
    `---\nname: ${name}\ndescription: Works.\n${keys}---\n[worker] Work.\n`;

  test("`effort` is for its own requests", async () => {
    await put("work/.claude/agents/filed.md", file("effort: max\n"));
    const { given, requests } = scene([done], { effort: "low" }, [delegate("filed")]);
    await using agent = await createAgent(given);
    await agent.run("go").result;
    expect(requests.map(({ reasoning }) => reasoning?.effort)).toEqual(["low", "high", "low"]);
  });

  const guard = (command: string, event = "PreToolUse") =>
    `hooks:\n  ${event}:\n    - hooks: [{ type: command, command: ${JSON.stringify(command)} }]\n`;
  const refuse = "echo 'not here' >&2; exit 2";

  test("`hooks`: a guard is for its calls and for those of agents that it starts, and for no others", async () => {
    await put("work/.claude/agents/filed.md", file(guard(refuse)));
    const below = { calls: delegate("general-purpose").calls ?? [] };
    const turns = { "[worker]": [bash("echo mine"), below, done], "a sub-agent": [bash("echo below"), done] };
    const main = [bash("echo ours"), delegate("filed"), delegate("general-purpose"), done];
    const { given } = extendedAgent(
      folder,
      ({ system = "" }) => {
        const [, own] = Object.entries(turns).find(([name]) => system.includes(name)) ?? [];
        return (own ?? main).shift() ?? done;
      },
      { trustWorkspace: true, permissionMode: "bypassPermissions" },
    );
    await using agent = await createAgent(given);
    const refused: string[] = [];
    for await (const event of agent.run("go"))
      if (event.type === "permission-decision" && event.decision === "deny") refused.push(event.tool);
    // The agent's command, and its own start of an agent: what would have been below never was.
    expect(refused).toEqual(["Bash", "Agent"]);
  });

  test("`hooks`: agents below are held as well", async () => {
    const only = guard(refuse).replace("- hooks:", '- matcher: "Bash"\n      hooks:');
    await put("work/.claude/agents/filed.md", file(only));
    const theirs = [delegate("general-purpose"), done];
    const below = [bash("touch below"), done];
    const { given } = extendedAgent(
      folder,
      ({ system = "" }) =>
        (system.includes("[worker]") ? theirs : system.includes("a sub-agent") ? below : main).shift() ??
        done,
      { trustWorkspace: true, permissionMode: "bypassPermissions" },
    );
    const main = [delegate("filed"), done];
    await using agent = await createAgent(given);
    await agent.run("go").result;
    expect(below).toEqual([]);
    expect(existsSync(at("work/below"))).toBe(false);
  });

  test("`hooks`: `Stop` is the end of the agent, and can make it go on", async () => {
    const once = `test -e ${at("asked")} && exit 0; touch ${at("asked")}; echo 'say more' >&2; exit 2`;
    await put("work/.claude/agents/filed.md", file(guard(once, "Stop")));
    const { given, requests } = scene([done, { text: "more" }], {}, [delegate("filed"), done]);
    await using agent = await createAgent(given);
    const ran: unknown[] = [];
    for await (const event of agent.run("go"))
      if (event.type === "hook") ran.push([event.event, event.name.split(" ")[0], event.source]);
    expect(texts(requests.filter(ofWorker).at(-1)?.messages ?? []).at(-1)).toBe("say more");
    expect(ran).toEqual(Array(2).fill(["SubagentStop", "filed:Stop", "agent filed"]));
  });

  test("R15: a guard that cannot be understood refuses; events that an agent does not have are told of", async () => {
    const keys =
      "hooks:\n  PreToolUse: [{ hooks: [{ type: command }] }]\n  SessionEnd: [{ hooks: [{ type: command, command: x }] }]\n";
    await put("work/.claude/agents/filed.md", file(keys));
    const { given } = scene([bash("touch made"), done], { permissionMode: "bypassPermissions" }, [
      delegate("filed"),
      done,
    ]);
    {
      await using agent = await createAgent(given);
      expect((await agent.run("go").result).end.denials).toHaveLength(1);
    }
    const checks: string[] = [];
    for await (const { name, text } of diagnose({ ...given, agents: {} }))
      if (name === "agents") checks.push(text);
    expect(checks.slice(1)).toEqual([
      expect.stringMatching(/filed\.md:4: hooks\.PreToolUse\.\S+ must be a text/),
      expect.stringMatching(/filed\.md:4: hooks\.SessionEnd is not for an agent/),
    ]);
    const listed = await listHooks(given);
    expect(listed.hooks).toMatchObject([{ event: "PreToolUse", source: "agent filed", type: "unusable" }]);
    const settings = JSON.stringify({ disabledHooks: listed.hooks.map(({ name }) => name) });
    expect((await listHooks({ ...given, settings })).hooks).toMatchObject([
      { off: "it is switched off by name" },
    ]);
  });

  test("`mcpServers` leaves it the tools of these servers alone", async () => {
    const tool = (name: string) =>
      defineTool({
        name,
        description: name,
        input: jsonSchema<object>({ type: "object" }),
        effects: () => [],
        run: async () => "ok",
      });
    const names = ["mcp__one__a", "mcp__two__a", "mcp__two_more__a"];
    const more = { tools: names.map(tool), agents: worker({ mcpServers: ["two", "no such"] }) };
    const { given, requests } = scene([done], more);
    await using agent = await createAgent(given);
    await agent.run("go").result;
    const had = requests.find(ofWorker)?.tools.map(({ name }) => name) ?? [];
    expect(had.filter((name) => name.startsWith("mcp__"))).toEqual(["mcp__two__a"]);
    expect(had).toContain("Read");
  });

  test("R15: `claw doctor` lists the agents, and tells what of them is not used", async () => {
    await put("work/.claude/agents/a.md", file("memory: user\nskills: [no-such]\n"));
    await put("work/.claude/agents/b.md", file("effort: much\n", "bad"));
    const checks: string[] = [];
    const { given } = scene([], { agents: {} });
    for await (const { name, text } of diagnose(given)) if (name === "agents") checks.push(text);
    expect(checks).toEqual([
      "general-purpose, Explore, filed",
      expect.stringMatching(/b\.md:4: effort is none of /),
      expect.stringMatching(/a\.md:4: memory is not supported: /),
      expect.stringMatching(/a\.md: there is no skill no-such for it to begin with\.$/),
    ]);
  });

  test("settings switch agents off by name, or all but those that a program gives", async () => {
    await put("work/.claude/agents/filed.md", file(""));
    const names = async (agents: object) => {
      const { given } = scene([], { settings: JSON.stringify({ agents }) });
      await using agent = await createAgent(given);
      return agent.agents.map(({ name }) => name);
    };
    expect(await names({})).toEqual(["general-purpose", "Explore", "filed", "worker"]);
    expect(await names({ disabled: ["Explore", "filed", "worker"] })).toEqual(["general-purpose", "worker"]);
    expect(await names({ enabled: false })).toEqual(["worker"]);
  });
});
