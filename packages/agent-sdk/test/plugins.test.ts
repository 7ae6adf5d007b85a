import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type AgentOptions,
  checkPlugin,
  createAgent,
  disablePlugin,
  enablePlugin,
  installPlugin,
  listHooks,
  listMcpServers,
  listPlugins,
  uninstallPlugin,
} from "@claw/agent-sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder = "";
const env = () => ({ PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") });
const of = () => ({ cwd: join(folder, "work"), env: env() });

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "claw-plugins-")));
  await mkdir(join(folder, "work"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(file: string, content: object | string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
}

const schema = (name: string) => `https://agent-plugins.org/schemas/1.0.0/${name}.schema.json`;
const skill = "---\nname: greet\ndescription: Says hello.\n---\nSay hello.\n";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of plugins
/** A plugin of the other format, whose hook refuses and leaves a mark in its data folder. */
async function guardPlugin(): Promise<string> {
  await put("guard/.claude-plugin/plugin.json", { name: "guard", version: "1.0.0" });
  await put(
    "guard/check.sh",
    '#!/bin/bash\ntouch "$CLAUDE_PLUGIN_DATA/ran"\necho "the plugin says no" >&2\nexit 2\n',
  );
  await chmod(join(folder, "guard/check.sh"), 0o755);
  await put("guard/hooks/hooks.json", {
    hooks: {
      PreToolUse: [
        {
          matcher: "Bash",
          hooks: [{ type: "command", command: "${CLAUDE_PLUGIN_ROOT}/check.sh", name: "check" }],
        },
      ],
    },
  });
  await put("guard/.mcp.json", {
    mcpServers: { store: { command: "${CLAUDE_PLUGIN_ROOT}/serve", args: ["--x"] } },
  });
  await put("guard/skills/greet/SKILL.md", skill);
  await put("guard/commands/hello.md", "Say hello.");
  return join(folder, "guard");
}

async function nativePlugin(): Promise<string> {
  await put("native/plugin.json", { $schema: schema("plugin"), name: "native.one", surprise: 1 });
  await put("native/skills/greet/SKILL.md", skill);
  await put("native/mcp.json", {
    $schema: schema("mcp"),
    mcpServers: {
      store: { type: "stdio", command: "node", args: ["${PLUGIN_ROOT}/serve.js", "${PLUGIN_DATA}"] },
      bad: { type: "stdio", command: "two words" },
      plain: { type: "streamable-http", url: "http://127.0.0.1:1/" },
    },
  });
  return join(folder, "native");
}

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: variables of plugins

async function outcomes(more: AgentOptions = {}): Promise<readonly string[]> {
  const replies = [{ toolCalls: [{ name: "Bash", input: { command: "touch made" } }] }, { text: "done" }];
  await using agent = await createAgent({
    provider: "stub",
    stubScript: replies.map((reply) => JSON.stringify(reply)).join("\n"),
    permission: "auto",
    managedSettings: [],
    ...of(),
    ...more,
  });
  await agent.run("go").result;
  const tools = agent.messages.flatMap((message) => (message.role === "tool" ? [message.outcome] : []));
  return [
    ...tools.map((outcome) => (outcome.status === "denied" ? outcome.by : outcome.status)),
    ...agent.warnings.map(({ code }) => code).filter((code) => code.startsWith("plugin")),
  ];
}

describe("plugins", () => {
  test("from a folder: off until enabled, then its hooks guard, namespaced, with a data folder of its own (R15)", async () => {
    const added = await installPlugin(await guardPlugin(), of());
    expect(added.brings).toEqual([
      "hook PreToolUse: guard:check",
      "MCP server plugin_guard_store",
      "1 skills",
      "1 folders of commands",
    ]);
    expect(await outcomes()).toEqual(["ok"]);
    await enablePlugin("guard", of());
    expect(await outcomes()).toEqual(["hook"]);
    expect((await listHooks({ ...of(), managedSettings: [] })).hooks).toMatchObject([
      { name: "guard:check", source: "plugin guard" },
    ]);
    const data = join(folder, "home/plugins/data/guard");
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    await readFile(join(data, "ran"));
    expect(await outcomes({ settings: '{"disabledHooks":["guard:check"]}' })).toEqual(["ok"]);
    await disablePlugin("guard", of());
    expect(await outcomes()).toEqual(["ok"]);
    await uninstallPlugin("guard", of());
    expect(await listPlugins(of())).toEqual([]);
    await expect(stat(data)).rejects.toThrow();
  });

  test("skills, commands and agents of an enabled plugin are there by its name, and lend themselves nothing", async () => {
    const allowing = skill.replace("description:", "allowed-tools: Bash(touch *)\ndescription:");
    await guardPlugin();
    await put("guard/skills/greet/SKILL.md", allowing);
    await put("guard/agents/critic.md", "---\nname: critic\ndescription: Finds faults.\n---\nFind faults.\n");
    await installPlugin(join(folder, "guard"), of());
    const options: AgentOptions = { provider: "stub", preset: "coding", managedSettings: [], ...of() };
    {
      await using before = await createAgent(options);
      expect(before.commands).toEqual([]);
    }
    await enablePlugin("guard", of());
    await using agent = await createAgent(options);
    expect(agent.commands).toMatchObject([
      { name: "guard:greet", kind: "skill" },
      { name: "guard:hello", kind: "command" },
    ]);
    expect(agent.agents.map(({ name }) => name)).toContain("guard:critic");
    await agent.runCommand("guard:hello", "").result;
    const said = agent.messages.flatMap((message) => (message.role === "user" ? message.content : []));
    expect(JSON.stringify(said)).toContain("Say hello.");
    expect((await checkPlugin(join(folder, "guard"), of())).brings).toContain("1 folders of agents");
  });

  test("Agent Plugins 1.0: what is unknown is told, a bad server hides no other, variables are filled in", async () => {
    const added = await installPlugin(await nativePlugin(), of());
    expect(added).toMatchObject({ name: "native.one", format: "agent-plugins" });
    expect(added.problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      expect.stringMatching(/^plugin-ignored: .*"surprise"/),
      expect.stringMatching(/^plugin-invalid: .*"bad".*one word/),
      expect.stringMatching(/^plugin-invalid: .*"plain".*https/),
    ]);
    await enablePlugin("native.one", of());
    const { servers } = await listMcpServers({ ...of(), managedSettings: [] });
    const data = join(folder, "home/plugins/data/native.one");
    expect(servers).toMatchObject([
      {
        name: "plugin_native.one_store",
        scope: "plugin",
        definition: {
          command: "node",
          args: [expect.stringMatching(/copies\/native\.one\/.*\/serve\.js$/), data],
        },
      },
    ]);
  });

  test("a manifest without its schema, and a name that leads elsewhere, are refused", async () => {
    await put("a/plugin.json", { name: "a" });
    await expect(installPlugin(join(folder, "a"), of())).rejects.toMatchObject({
      fault: { code: "plugin-invalid" },
    });
    await put("b/.claude-plugin/plugin.json", { name: "../b" });
    await expect(installPlugin(join(folder, "b"), of())).rejects.toMatchObject({
      fault: { code: "plugin-invalid" },
    });
    expect(await listPlugins(of())).toEqual([]);
  });

  test("paths stay inside: links are refused, and what a manifest names outside is left out", async () => {
    await put("secret/hooks.json", {
      hooks: { PreToolUse: [{ hooks: [{ type: "command", command: "exit 2" }] }] },
    });
    await put("out/.claude-plugin/plugin.json", {
      name: "out",
      hooks: "../secret/hooks.json",
      commands: ["/etc"],
    });
    const checked = await checkPlugin(join(folder, "out"), of());
    expect(checked.brings).toEqual([]);
    expect(checked.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("/etc"),
      expect.stringContaining("../secret/hooks.json"),
    ]);
    await mkdir(join(folder, "linked"));
    await symlink(join(folder, "secret"), join(folder, "linked/skills"));
    await expect(installPlugin(join(folder, "linked"), of())).rejects.toMatchObject({
      fault: { code: "plugin-invalid", message: expect.stringContaining("link") },
    });
  });

  test("class 19: a plugin that is not what was installed is not loaded, and says so", async () => {
    await installPlugin(await guardPlugin(), of());
    await enablePlugin("guard", of());
    const { hash } = JSON.parse(await readFile(join(folder, "home/plugins/installed.json"), "utf8"))
      .plugins[0];
    const copy = join(folder, "home/plugins/copies/guard", hash.slice(0, 16));
    await writeFile(join(copy, "check.sh"), "#!/bin/bash\nexit 0\n");
    expect(await outcomes()).toEqual(["ok", "plugin-changed"]);
  });

  test("from a git URL, pinned to a revision; its hooks do not run", async () => {
    const source = await guardPlugin();
    const git = (...words: string[]) =>
      execFileSync("git", ["-C", source, "-c", "user.name=a", "-c", "user.email=a@b", ...words], {
        encoding: "utf8",
      });
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "-m", "one");
    const first = git("rev-parse", "HEAD").trim();
    await put("guard/.claude-plugin/plugin.json", { name: "guard", version: "2.0.0" });
    git("commit", "--quiet", "-am", "two");
    await installPlugin(`file://${source}#${first}`, of());
    expect(await listPlugins(of())).toMatchObject([{ name: "guard", revision: first, enabled: false }]);
    await uninstallPlugin("guard", of());
    await installPlugin(`file://${source}`, of());
    expect((await listPlugins(of()))[0]?.revision).toBe(git("rev-parse", "HEAD").trim());
    await expect(installPlugin(`file://${source}`, of())).rejects.toMatchObject({
      fault: { code: "plugin-exists" },
    });
    await expect(installPlugin("file:///no/such/repository", of())).rejects.toMatchObject({
      fault: { code: "plugin-unreachable" },
    });
  });

  test("from an npm package, without running its scripts", async () => {
    const source = await guardPlugin();
    const scripts = { prepack: `touch ${folder}/ran`, preinstall: `touch ${folder}/ran` };
    await put("guard/package.json", { name: "guard-plugin", version: "3.1.4", scripts });
    execFileSync("npm", ["pack", "--ignore-scripts", "--silent", source], { cwd: folder });
    await installPlugin("npm:./guard-plugin-3.1.4.tgz", { ...of(), cwd: folder });
    expect(await listPlugins(of())).toMatchObject([{ name: "guard", revision: "guard-plugin-3.1.4" }]);
    await expect(stat(join(folder, "ran"))).rejects.toThrow();
  });

  test("a name that is not installed, and a list that cannot be read, are told", async () => {
    await expect(enablePlugin("none", of())).rejects.toMatchObject({ fault: { code: "plugin-unknown" } });
    await put("home/plugins/installed.json", "{");
    expect(await outcomes()).toEqual(["ok", "plugin-invalid"]);
  });
});
