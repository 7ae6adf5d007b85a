import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

const fakeServer = fileURLToPath(new URL("../../agent-mcp/test/fixtures/fake-server.mjs", import.meta.url));

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

describe("plugins on the command line", () => {
  test("claw plugin add, list, enable, disable, remove and validate", async () => {
    const plugin = join(place.workspace, "guard");
    await mkdir(join(plugin, "hooks"), { recursive: true });
    const hooks = {
      PreToolUse: [{ hooks: [{ type: "command", command: "echo no >&2; exit 2", name: "check" }] }],
    };
    await writeFile(join(plugin, "hooks/hooks.json"), JSON.stringify({ hooks }));
    expect(await place.run(["plugin", "validate", "guard"])).toMatchObject({
      code: 0,
      stdout: "guard  claude-plugin\n    hook PreToolUse: guard:check\n",
    });
    const added = await place.run(["plugin", "add", "./guard"]);
    expect(added).toMatchObject({ code: 0 });
    expect(added.stderr).toContain("claw plugin enable guard");
    expect((await place.run(["plugin", "list"])).stdout).toMatch(/^guard {2}off/);
    const script = await place.script(
      { toolCalls: [{ name: "Bash", input: { command: "touch made" } }] },
      { text: "done" },
    );
    const stream = ["-q", "x", "--permission", "auto", "--output-format", "stream-json", ...script];
    expect((await place.run(stream)).stdout).not.toContain('"type":"hook"');
    expect((await place.run(["plugin", "enable", "guard"])).code).toBe(0);
    expect((await place.run(stream)).stdout).toMatch(/"type":"hook".*"name":"guard:check"/);
    expect((await place.run(["hooks", "list"])).stdout).toContain("guard:check");
    expect((await place.run(["doctor"])).stdout).toMatch(/plugins: guard on/);
    expect((await place.run(["doctor"])).stdout).toMatch(/hooks: 1 called, 0 off/);
    expect((await place.run(["plugin", "disable", "guard"])).code).toBe(0);
    expect((await place.run(["plugin", "remove", "guard"])).code).toBe(0);
    expect(await place.run(["plugin", "remove", "guard"])).toMatchObject({ code: 1 });
    expect(await place.run(["plugin", "ad"])).toMatchObject({ code: 2 });
  });
});

describe("what an enabled plugin brings acts, and nothing of it before or after", () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of plugins
  async function kit(): Promise<void> {
    const put = async (file: string, content: object | string): Promise<void> => {
      const path = join(place.workspace, "kit", file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
    };
    await put(".claude-plugin/plugin.json", { name: "kit", version: "1.0.0" });
    await copyFile(fakeServer, join(place.workspace, "kit", "server.mjs"));
    await put(".mcp.json", {
      mcpServers: {
        store: {
          command: process.execPath,
          args: ["${CLAUDE_PLUGIN_ROOT}/server.mjs", "good", "${CLAUDE_PLUGIN_DATA}/notes"],
        },
      },
    });
    const command = 'cat > "$CLAUDE_PLUGIN_DATA/prompt"; echo "the kit was here"';
    await put("hooks/hooks.json", {
      hooks: { UserPromptSubmit: [{ hooks: [{ type: "command", command, name: "greets" }] }] },
    });
    await put(
      "skills/greet/SKILL.md",
      "---\nname: greet\ndescription: Says hello.\n---\nSay hello nicely.\n",
    );
    await put("commands/hello.md", "Say hello to $ARGUMENTS.");
    await put("agents/critic.md", "---\nname: critic\ndescription: Finds faults.\n---\nYou find faults.\n");
  }
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: variables of plugins

  const call = (name: string, input: object) => ({ toolCalls: [{ name, input }] });
  const script = () =>
    place.script(
      call("ToolSearch", { query: "store" }),
      call("McpCall", { tool: "mcp__plugin_kit_store__read", input: { text: "x" } }),
      call("Skill", { skill: "kit:greet" }),
      call("Agent", { description: "look", prompt: "Find faults.", subagent_type: "kit:critic" }),
      { text: "Done, or a fault." },
      { text: "Done." },
    );

  interface Line {
    readonly type: string;
    readonly name?: string;
    readonly tool?: string;
    readonly outcome?: { readonly status: string; readonly content: readonly { readonly text: string }[] };
    readonly agent?: { readonly name: string };
  }

  async function run(more: readonly string[] = [], prompt = "go"): Promise<readonly Line[]> {
    const args = [
      "-q",
      prompt,
      "--permission",
      "auto",
      "--output-format",
      "stream-json",
      ...(await script()),
    ];
    const { stdout } = await place.run([...args, ...more]);
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  function what(lines: readonly Line[]): Record<string, string> {
    return Object.fromEntries(
      lines.flatMap(({ type, tool = "", outcome }) =>
        type === "tool-end" ? [[tool, outcome?.status ?? ""] as const] : [],
      ),
    );
  }

  const all = { mcp__plugin_kit_store__read: "ok", Skill: "ok", Agent: "ok" };

  test("its server, hook, skill, agent and command, each under the plugin's name", async () => {
    await kit();
    expect(await place.run(["plugin", "validate", "kit"])).toMatchObject({ code: 0, stderr: "" });
    await place.run(["plugin", "add", "./kit"]);
    const before = await run();
    expect(what(before)).not.toMatchObject({ Skill: "ok" });
    expect(before.filter(({ type }) => type === "hook")).toEqual([]);
    await place.run(["plugin", "enable", "kit"]);
    const lines = await run();
    expect(what(lines)).toMatchObject(all);
    expect(JSON.stringify(lines)).toContain("did read: x");
    expect(JSON.stringify(lines)).toContain("Say hello nicely.");
    expect(JSON.stringify(lines)).toContain("the kit was here");
    expect(lines.filter(({ type }) => type === "hook").map(({ name }) => name)).toEqual(["kit:greets"]);
    expect(lines.find(({ type, agent }) => type === "run-start" && agent !== undefined)?.agent?.name).toBe(
      "kit:critic",
    );
    expect(JSON.stringify(await run([], "/kit:hello Ada"))).toContain("Say hello to Ada.");
    const data = join(place.home, "plugins/data/kit");
    expect(await readFile(join(data, "notes"), "utf8")).toContain("call read");
    expect(await readFile(join(data, "prompt"), "utf8")).toContain("UserPromptSubmit");
    expect((await place.run(["mcp", "list"])).stdout).toMatch(/^plugin_kit_store {2}plugin/);
  });

  test("each is switched off by its name, and all of them with the plugin", async () => {
    await kit();
    await place.run(["plugin", "add", "./kit"]);
    await place.run(["plugin", "enable", "kit"]);
    const settings = {
      disabledMcpServers: ["plugin_kit_store"],
      disabledHooks: ["kit:greets"],
      permissions: { deny: ["Skill(kit:greet)", "Agent(kit:critic)"] },
    };
    const lines = await run(["--settings", JSON.stringify(settings)]);
    expect(Object.values(what(lines))).not.toContain("ok");
    expect(lines.filter(({ type }) => type === "hook")).toEqual([]);
    await place.run(["plugin", "disable", "kit"]);
    const off = await run();
    expect(off.filter(({ type }) => type === "hook")).toEqual([]);
    expect(what(off)).not.toMatchObject({ Skill: "ok" });
    expect((await place.run(["mcp", "list"])).stdout).toBe("");
  });

  test("class 19: changed content is told by a session and by doctor, and nothing of it acts", async () => {
    await kit();
    await place.run(["plugin", "add", "./kit"]);
    await place.run(["plugin", "enable", "kit"]);
    const copies = join(place.home, "plugins/copies/kit");
    const [copy = ""] = await readdir(copies);
    await writeFile(join(copies, copy, "server.mjs"), "process.exit(1)");
    const ran = await place.run([
      "-q",
      "go",
      "--stub-script",
      (await place.script({ text: "done" }))[1] ?? "",
    ]);
    expect(ran.stderr).toMatch(/plugin kit is not loaded: .* is not what was installed/);
    expect((await place.run(["doctor"])).stdout).toMatch(/plugins: The plugin kit is not loaded/);
    expect((await place.run(["plugin", "list"])).stdout).toMatch(/^kit {2}changed/);
    expect((await place.run(["mcp", "list"])).stdout).toBe("");
  });
});

describe("extensions on the command line", () => {
  test("the example of the documents: a file makes its tool, policy and command of what it is handed", async () => {
    const folder = join(place.home, "extensions");
    await mkdir(folder, { recursive: true });
    const page = await readFile(new URL("../../../docs/extensions.md", import.meta.url), "utf8");
    await writeFile(join(folder, "clock.mjs"), /```js\n(.*?)```/s.exec(page)?.[1] ?? "");
    await writeFile(join(folder, "throws.mjs"), "export default () => { throw new Error('not today'); };");
    const script = await place.script(
      { toolCalls: [{ name: "Clock", input: {} }] },
      { toolCalls: [{ name: "WebFetch", input: { url: "https://example.com/", prompt: "x" } }] },
      { text: "done" },
    );
    const args = ["-q", "/standup Ada", "--permission", "auto", "--output-format", "stream-json", ...script];
    const { stdout, stderr } = await place.run(args);
    expect(stdout).toContain("What did Ada do yesterday?");
    expect(stdout).toMatch(/"tool-end".*It is noon\./);
    expect(stdout).toMatch(/"denied".*Not from here\./);
    expect(stderr).toMatch(/throws\.mjs was not loaded: not today/);
  });

  test("--provider chooses an extension's, too; one that nobody has is wrong usage", async () => {
    const folder = join(place.home, "extensions");
    await mkdir(folder, { recursive: true });
    const code = `export default { name: "mine", providers: { mine: (id = "one") => ({
      ref: { provider: "mine", id },
      model: async function* (request) {
        return { role: "assistant", model: { provider: "mine", id }, content: [{ type: "text", text: "I am " + id }],
          stop: { reason: "end" }, usage: {} };
      },
    }) } };`;
    await writeFile(join(folder, "mine.mjs"), code);
    const run = await place.run(["-q", "x", "--provider", "mine", "-m", "two"]);
    expect(run).toMatchObject({ code: 0, stdout: "I am two\n" });
    const unknown = await place.run(["-q", "x", "--provider", "yours"]);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringMatching(/"yours".*\n.*anthropic/) });
    const off = await place.run(["-q", "x", "--provider", "mine", "--no-extensions"]);
    expect(off).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"mine" is not a value of --provider'),
    });
  });

  test("those of ~/.claw/extensions are loaded, a bad one is told, --no-extensions leaves all out", async () => {
    const folder = join(place.home, "extensions");
    await mkdir(folder, { recursive: true });
    const code = `export default {
      name: "blocker",
      hooks: { PreToolUse: [{ name: "blocks", run: () => ({ decision: "block", reason: "extension says no" }) }] },
    };`;
    await writeFile(join(folder, "blocker.mjs"), code);
    await writeFile(join(folder, "broken.mjs"), "export default (");
    const script = await place.script(
      { toolCalls: [{ name: "Bash", input: { command: "touch made" } }] },
      { text: "done" },
    );
    const args = ["-q", "x", "--permission", "auto", "--output-format", "stream-json", ...script];
    const loaded = await place.run(args);
    expect(loaded.stdout).toMatch(/"type":"hook".*"name":"blocks".*"outcome":"blocked"/);
    expect(loaded.stderr).toMatch(/broken\.mjs was not loaded/);
    const without = await place.run([...args, "--no-extensions"]);
    expect(without.stdout).not.toContain('"type":"hook"');
    expect((await place.run(["doctor"])).stdout).toMatch(/extensions: blocker\.mjs, broken\.mjs/);
    await writeFile(join(place.home, "settings.json"), '{"disabledExtensions":["blocker"]}');
    const one = await place.run(args);
    expect(one.stdout).not.toContain('"type":"hook"');
    expect(one.stderr).toMatch(/broken\.mjs was not loaded/);
    expect((await place.run(["doctor"])).stdout).toMatch(/extensions: blocker\.mjs \(off\), broken\.mjs/);
  });
});
