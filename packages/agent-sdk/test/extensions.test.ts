import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AgentOptions,
  createAgent,
  defineExtension,
  defineTool,
  jsonSchema,
  loadExtensions,
  plainText,
} from "@claw/agent-sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "claw-extensions-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const shout = defineTool({
  name: "Shout",
  description: "Says it loudly.",
  input: jsonSchema<{ words: string }>({ type: "object", properties: { words: { type: "string" } } }),
  effects: () => [],
  run: ({ words }) => words.toUpperCase(),
});

interface Played {
  readonly outcomes: readonly string[];
  readonly warnings: readonly string[];
  readonly said: readonly string[];
}

async function play(
  extensions: AgentOptions["extensions"],
  more: AgentOptions = {},
  prompt = "go",
): Promise<Played> {
  const replies = [{ toolCalls: [{ name: "Shout", input: { words: "hello" } }] }, { text: "done" }];
  await using agent = await createAgent({
    provider: "stub",
    stubScript: replies.map((reply) => JSON.stringify(reply)).join("\n"),
    permission: "auto",
    managedSettings: [],
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") },
    ...(extensions === undefined ? {} : { extensions }),
    ...more,
  });
  await agent.run(await agent.expand(prompt)).result;
  return {
    outcomes: agent.messages.flatMap((message) => {
      if (message.role !== "tool") return [];
      const { outcome } = message;
      return [outcome.status === "denied" ? `denied by ${outcome.by}` : plainText(outcome.content)];
    }),
    warnings: agent.warnings.map(({ message }) => message),
    said: agent.messages.flatMap((message) => (message.role === "user" ? [plainText(message.content)] : [])),
  };
}

describe("extensions", () => {
  test("plugin_tool: a tool of an extension is called as any other", async () => {
    const extension = defineExtension({ name: "loud", tools: [shout] });
    expect((await play([extension])).outcomes).toEqual(["HELLO"]);
  });

  test("policies tighten and never loosen", async () => {
    const denies = defineExtension({
      name: "strict",
      tools: [shout],
      policies: [() => ({ type: "deny", reason: "no" })],
    });
    expect((await play([denies])).outcomes).toEqual(["denied by policy"]);
    const allows = defineExtension({
      name: "lax",
      tools: [shout],
      policies: [() => ({ type: "allow", reason: "yes" })],
    });
    expect((await play([allows], { disallowedTools: ["Shout(words:hello)"] })).outcomes).toEqual([
      "denied by policy",
    ]);
  });

  test("hooks of an extension guard, and a setting switches them off by name", async () => {
    const hooks: AgentOptions["hooks"] = {
      PreToolUse: [{ name: "quiet", run: () => ({ decision: "block", reason: "quiet" }) }],
    };
    const extension = defineExtension({ name: "silence", tools: [shout], hooks });
    expect((await play([extension])).outcomes).toEqual(["denied by hook"]);
    expect((await play([extension], { settings: '{"disabledHooks":["quiet"]}' })).outcomes).toEqual([
      "HELLO",
    ]);
  });

  test("commands stand for prompts", async () => {
    const commands = [
      { name: "greet", description: "Greets.", expand: (words: string) => `Say hello to ${words}.` },
    ];
    const extension = defineExtension({ name: "polite", tools: [shout], commands });
    await using agent = await createAgent({
      provider: "stub",
      extensions: [extension],
      cwd: folder,
      env: { HOME: folder, CLAW_HOME: join(folder, "home") },
    });
    expect(await agent.findCommand("greet")).toMatchObject({ kind: "extension", extension: "polite" });
    expect(agent.commands).toContainEqual(expect.objectContaining({ name: "greet", description: "Greets." }));
    await agent.runCommand("greet", "the world").result;
    const said = agent.messages.flatMap((message) =>
      message.role === "user" ? [`${message.origin}: ${plainText(message.content)}`] : [],
    );
    expect(said).toEqual(["human: /greet the world", "skill: Say hello to the world."]);
    expect(await agent.findCommand("other")).toBeUndefined();
  });

  test("a provider is chosen by its name, and compaction is asked where none was given", async () => {
    let asked = 0;
    const extension = defineExtension({
      name: "models",
      providers: {
        mine: (model) => ({
          ref: { provider: "mine", id: model ?? "default" },
          model: async function* () {
            yield { type: "text-delta", index: 0, delta: "mine" };
            return {
              role: "assistant",
              model: { provider: "mine", id: "m" },
              content: [{ type: "text", text: "mine" }],
              stop: { reason: "end" },
              usage: {},
            };
          },
        }),
      },
      compaction: async () => {
        asked += 1;
        return undefined;
      },
    });
    await using agent = await createAgent({
      provider: "mine",
      model: "m",
      extensions: [extension],
      cwd: folder,
      env: { HOME: folder, CLAW_HOME: join(folder, "home") },
    });
    expect((await agent.run("go").result).text).toBe("mine");
    expect(agent.model).toEqual({ provider: "mine", id: "m" });
    expect(asked).toBeGreaterThan(0);
  });

  test("one that does not fit is left out whole, and hides no other", async () => {
    const good = defineExtension({ name: "good", tools: [shout] });
    const twice = defineExtension({ name: "twice", tools: [shout] });
    const broken = { name: "broken", hooks: { PreToolUse: [{ matcher: "(", run: () => undefined }] } };
    const { outcomes, warnings } = await play([broken, good, twice]);
    expect(outcomes).toEqual(["HELLO"]);
    expect(warnings.join("\n")).toMatch(
      /extension broken was left out: The matcher[\s\S]*extension twice was left out: there is a tool Shout/,
    );
    expect(() => defineExtension({ name: "two words" })).toThrow(RangeError);
  });
});

describe("a folder of extensions", () => {
  test("each file is one; a bad one is told with its name and hides no other", async () => {
    await writeFile(join(folder, "a.mjs"), 'export default { name: "a" };');
    await writeFile(join(folder, "b.js"), "throw new Error('broken on import');");
    await writeFile(join(folder, "c.mjs"), "export default 5;");
    await writeFile(join(folder, "notes.txt"), "not one");
    const { extensions, faults } = await loadExtensions(folder);
    expect(extensions.map(({ name }) => name)).toEqual(["a"]);
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringContaining("b.js was not loaded: broken on import"),
      expect.stringContaining("c.mjs was not loaded: it exports no extension"),
    ]);
    expect(await loadExtensions(join(folder, "absent"))).toEqual({ extensions: [], faults: [] });
  });

  test("class 27: a file that others may write to is not loaded", async () => {
    await mkdir(join(folder, "shared"));
    await writeFile(join(folder, "shared/a.mjs"), 'export default { name: "a" };');
    await chmod(join(folder, "shared/a.mjs"), 0o666);
    expect((await loadExtensions(join(folder, "shared"))).extensions).toEqual([]);
  });
});
