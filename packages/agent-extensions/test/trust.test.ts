import { mkdir, mkdtemp, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Fault } from "@claw/agent-core";
import {
  addToTrustList,
  programPin,
  readTrustList,
  readWorkspaceFiles,
  removeFromTrustList,
  trustListFile,
  type WorkspaceTrust,
  workspaceBrings,
  workspaceTrust,
} from "@claw/agent-extensions";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder = "";
const home = () => join(folder, "home");
const claw = () => join(home(), ".claw");
const work = () => join(home(), "work");

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "claw-trust-")));
  await mkdir(work(), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function trust(place: string): Promise<void> {
  const programs = await programPin(await readWorkspaceFiles(place));
  await addToTrustList(claw(), { folder: place, since: "2026-01-01T00:00:00.000Z", programs });
}

async function look(cwd: string, given?: boolean): Promise<WorkspaceTrust & { readonly warnings: Fault[] }> {
  const warnings: Fault[] = [];
  const state = await workspaceTrust({
    cwd,
    home: home(),
    claw: claw(),
    warn: (fault) => warnings.push(fault),
    ...(given === undefined ? {} : { given }),
  });
  return { ...state, warnings };
}

async function put(file: string, content: object): Promise<void> {
  await mkdir(dirname(join(work(), file)), { recursive: true });
  await writeFile(join(work(), file), JSON.stringify(content));
}

test("class 19: trust is also given to the hooks that agents bring, however they spell them", async () => {
  const file = (block: string) => `---\nname: a\ndescription: d\n${block}\n---\nWork.\n`;
  const write = async (block: string) => {
    await mkdir(join(work(), ".claude/agents"), { recursive: true });
    await writeFile(join(work(), ".claude/agents/a.md"), file(block));
  };
  await write("model: inherit");
  await trust(work());
  await write("model: inherit\neffort: low");
  expect(await look(work())).toMatchObject({ trusted: true });
  const hooks = 'hooks: { PreToolUse: [{ hooks: [{ type: command, command: "./check.sh" }] }] }';
  for (const block of [hooks, hooks.replace("hooks", '"hook\\x73"'), `---x: 1\n${hooks}`]) {
    await write(block);
    expect(await look(work())).toMatchObject({ trusted: false, changed: true });
  }
  for (const file of [".agents/skills/s/SKILL.md", ".claude/commands/a/b.md"]) {
    await write("model: inherit");
    await trust(work());
    await mkdir(dirname(join(work(), file)), { recursive: true });
    await writeFile(join(work(), file), `---\n${hooks}\n---\nDo it.\n`);
    expect(await look(work())).toMatchObject({ trusted: false, changed: true });
    await rm(join(work(), file));
  }
  await write(hooks);
  expect(await workspaceBrings(work())).toContainEqual({ kind: "hooks", names: ["PreToolUse: ./check.sh"] });
  await trust(work());
  expect(await look(work())).toMatchObject({ trusted: true });
  await write(hooks.replace("check", "other"));
  expect(await look(work())).toMatchObject({ trusted: false, changed: true });
});

describe("the list of trusted folders", () => {
  test("is the user's own, 0600 in a 0700 folder; what is in it is trusted until it is taken out", async () => {
    expect(await look(work())).toMatchObject({
      trusted: false,
      by: "nobody",
      changed: false,
      folder: work(),
    });
    await trust(work());
    await trust(work());
    expect(await readTrustList(claw())).toHaveLength(1);
    expect((await stat(trustListFile(claw()))).mode & 0o777).toBe(0o600);
    expect((await stat(claw())).mode & 0o777).toBe(0o700);
    expect(await look(work())).toMatchObject({ trusted: true, by: "list" });
    expect(await look(join(folder, "elsewhere"))).toMatchObject({ trusted: false });
    expect(await removeFromTrustList(claw(), work())).toBe(true);
    expect(await removeFromTrustList(claw(), work())).toBe(false);
    expect(await look(work())).toMatchObject({ trusted: false });
  });

  test("for one session trust is given or refused, whatever the list says, and not kept", async () => {
    expect(await look(work(), true)).toMatchObject({ trusted: true, by: "session" });
    expect(await look(work())).toMatchObject({ trusted: false });
    await trust(work());
    expect(await look(work(), false)).toMatchObject({ trusted: false });
  });

  test.each(["{", "[]", '{"folders":{}}', '{"folders":[{"folder":1}]}'])(
    "class 25: %s in its place trusts nothing, says so, and is not written over",
    async (content) => {
      await mkdir(claw(), { recursive: true });
      await writeFile(trustListFile(claw()), content);
      expect(await look(work())).toMatchObject({ trusted: false, warnings: [{ code: "trust-unreadable" }] });
      await expect(trust(work())).rejects.toMatchObject({ fault: { code: "trust-unreadable" } });
    },
  );
});

describe("a folder inside of a trusted one", () => {
  test("is trusted with it", async () => {
    await mkdir(join(work(), "a/b"), { recursive: true });
    await trust(work());
    expect(await look(join(work(), "a/b"))).toMatchObject({ trusted: true, by: "list" });
  });

  test("is not, when a repository of its own begins on the way", async () => {
    await mkdir(join(work(), "vendor/.git"), { recursive: true });
    await mkdir(join(work(), "vendor/src"));
    await trust(work());
    expect(await look(join(work(), "vendor/src"))).toMatchObject({ trusted: false });
    expect(await look(join(work(), "vendor"))).toMatchObject({ trusted: false });
  });

  test("is not, when it names programs of its own", async () => {
    await trust(work());
    await put("sub/.mcp.json", { mcpServers: { x: { command: "x" } } });
    expect(await look(join(work(), "sub"))).toMatchObject({ trusted: false, changed: false });
  });

  test("the home folder and the root do not pass trust on", async () => {
    await trust(home());
    expect(await look(work())).toMatchObject({ trusted: false });
    expect(await look(home())).toMatchObject({ trusted: true });
    await trust("/");
    expect(await look(work())).toMatchObject({ trusted: false });
  });
});

describe("class 19: trust is given to the programs that were named then", () => {
  const server = (args: readonly string[]) => ({ mcpServers: { x: { command: "node", args } } });
  const hook = (command: string) => ({
    hooks: { PreToolUse: [{ hooks: [{ type: "command", command }] }] },
  });

  test.each([
    [".mcp.json", server(["a"]), server(["b"])],
    [".claw/settings.json", hook("./a"), hook("./b")],
    [".claude/settings.local.json", hook("./a"), hook("./b")],
    [".claude/settings.json", { env: { PYTHONPATH: "a" } }, { env: { PYTHONPATH: "b" } }],
  ])("a change of %s takes it back", async (file, before, after) => {
    await put(file, before);
    await trust(work());
    expect(await look(work())).toMatchObject({ trusted: true });
    await put(file, after);
    expect(await look(work())).toMatchObject({ trusted: false, changed: true });
    await put(file, before);
    expect(await look(work())).toMatchObject({ trusted: true });
  });

  test("a program that comes later takes it back; a rule, or another order of keys, does not", async () => {
    await trust(work());
    await put(".claw/settings.json", { permissions: { allow: ["Read"] }, hooks: {} });
    expect(await look(work())).toMatchObject({ trusted: true });
    await put(".mcp.json", { mcpServers: { x: { command: "x", env: { A: "1", B: "2" } } } });
    expect(await look(work())).toMatchObject({ trusted: false, changed: true });
    await trust(work());
    await put(".mcp.json", { mcpServers: { x: { env: { B: "2", A: "1" }, command: "x" } } });
    expect(await look(work())).toMatchObject({ trusted: true });
    await writeFile(join(work(), ".mcp.json"), "{ broken");
    expect(await look(work())).toMatchObject({ trusted: false, changed: true });
  });
});

test("what a workspace would bring is listed with what people recognise it by", async () => {
  expect(await workspaceBrings(work())).toEqual([]);
  await put(".claw/settings.json", {
    permissions: {
      allow: ["Bash(make *)"],
      deny: ["Read"],
      additionalDirectories: ["../lib"],
      defaultMode: "plan",
    },
    env: { A: "secret" },
    model: "m",
    hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "./guard.sh" }] }] },
    enabledPlugins: { "p@market": true },
  });
  await put(".claude/settings.json", { permissions: { allow: ["Bash(make *)", "Read"] } });
  await put(".mcp.json", {
    mcpServers: { db: { command: "npx", args: ["db", "--all"] }, web: { url: "https://x" } },
  });
  await put(".claude/skills/release/SKILL.md", {});
  await put(".claude/agents/reviewer.md", {});
  await put(".claw/commands/fix.md", {});
  expect(await workspaceBrings(work())).toEqual([
    { kind: "allow rules", names: ["Bash(make *)", "Read"] },
    { kind: "further folders", names: ["../lib"] },
    { kind: "permission modes", names: ["plan"] },
    { kind: "hooks", names: ["PreToolUse: ./guard.sh"] },
    { kind: "MCP servers", names: ["db (npx db --all)", "web (https://x)"] },
    { kind: "environment variables", names: ["A"] },
    { kind: "models", names: ["m"] },
    { kind: "plugins", names: ["p@market"] },
    { kind: "skills", names: ["release"] },
    { kind: "agents", names: ["reviewer"] },
    { kind: "commands", names: ["fix"] },
  ]);
});
