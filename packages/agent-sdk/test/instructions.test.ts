import { rm } from "node:fs/promises";
import type { Compact, Message } from "@claw/agent-core";
import type { Script } from "@claw/agent-core/testing";
import { type AgentOptions, createAgent, findInstructions, plainText, text } from "@claw/agent-sdk";
import { folderForEachTest } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { done, extendedAgent } from "./extended-agent.ts";

const folder = folderForEachTest({ beforeEach, afterEach }, async ({ put }) => {
  await put("work/.git/HEAD", "");
  await put("work/AGENTS.md", "Write in verse.");
});
const { put, at } = folder;
const options = (script: Script, more: AgentOptions = {}) =>
  extendedAgent(folder, script, { permission: "auto", ...more });
const texts = (messages: readonly Message[]) =>
  messages.map((message) => (message.role === "tool" ? message.name : plainText(message.content)));
const read = (path: string) => ({
  calls: [{ name: "Read", input: { file_path: at(`work/${path}`) } }],
});

describe("instructions of a session", () => {
  test("law 13: stand before the prompt, in the journal, and resume sends the same bytes though the file changed", async () => {
    const first = options([done]);
    const agent = await createAgent(first.given);
    await agent.run("hello").result;
    await agent.close();
    expect(agent.messages[0]).toMatchObject({
      role: "user",
      origin: "instructions",
      pinned: true,
      files: [at("work/AGENTS.md")],
    });
    expect(texts(agent.messages)[0]).toContain("Write in verse.");
    expect(texts(agent.messages).slice(1)).toEqual(["hello", "done"]);
    await put("work/AGENTS.md", "Write in prose.");
    const second = options([done, done]);
    await using again = await createAgent({ ...second.given, resume: agent.session });
    await again.run("more").result;
    await again.run("more").result;
    const [before] = first.requests;
    const sent = second.requests[0];
    expect(sent?.system).toBe(before?.system);
    expect(sent?.messages.slice(0, before?.messages.length)).toEqual(before?.messages);
    expect(again.warnings.filter(({ code }) => code === "instructions-changed")).toHaveLength(1);
  });

  test("that come into a folder while a run goes on are told with the next file of it", async () => {
    await rm(at("work/AGENTS.md"));
    await put("work/sub/a.txt", "words");
    const writes = { calls: [{ name: "Bash", input: { command: "echo 'Be brief.' > sub/AGENTS.md" } }] };
    const { given, requests } = options([read("sub/a.txt"), writes, read("sub/a.txt"), done]);
    await using agent = await createAgent(given);
    await agent.run("hello").result;
    const told = requests.map((request) => JSON.stringify(request.messages).includes("Be brief.\\n"));
    expect(told).toEqual([false, false, false, true]);
  });

  test("are for the preset coding, and the option and the settings switch them, in this order", async () => {
    const sent = async (more: AgentOptions) => {
      const { given, requests } = options([done], more);
      await using agent = await createAgent(given);
      await agent.run("hello").result;
      return JSON.stringify(requests).includes("verse");
    };
    const off = JSON.stringify({ instructions: { enabled: false } });
    const on = JSON.stringify({ instructions: { enabled: true } });
    expect(await sent({})).toBe(true);
    expect(await sent({ preset: "default" })).toBe(false);
    expect(await sent({ preset: "default", settings: on })).toBe(true);
    expect(await sent({ settings: off })).toBe(false);
    expect(await sent({ settings: off, instructions: true })).toBe(true);
    expect(await sent({ instructions: false })).toBe(false);
    expect(await sent({ settings: JSON.stringify({ claudeMdExcludes: ["AGENTS.md"] }) })).toBe(false);
  });

  test("of folders below come once, at the request after a file there was used, and the prefix stays", async () => {
    await put("work/src/AGENTS.md", "Source rules.");
    await put("work/src/a.txt", "a");
    await put("work/src/b.txt", "b");
    const { given, requests } = options([read("src/a.txt"), read("src/b.txt"), done]);
    await using agent = await createAgent(given);
    await agent.run("go").result;
    const [one, two, three] = requests.map(({ messages }) => texts(messages));
    expect(one?.join()).not.toContain("Source rules.");
    expect(two?.at(-1)).toContain("Source rules.");
    expect(three?.slice(0, two?.length)).toEqual(two);
    expect(three?.join().match(/Source rules\./g)).toHaveLength(1);
    expect(
      agent.messages.filter((message) => message.role === "user" && message.pinned === undefined),
    ).toMatchObject([{ origin: "human" }, { origin: "instructions", files: [at("work/src/AGENTS.md")] }]);
  });

  test("rank 26: those of the session stand through compactions; those of a folder are told again when it is used again", async () => {
    await put("work/src/AGENTS.md", "Source rules.");
    await put("work/src/a.txt", "aaaa\n".repeat(1_000));
    const compact: Compact = async ({ messages }) => {
      const last = messages.findLastIndex((message) => message.role === "user" && message.origin === "human");
      const summary: Message = { role: "user", origin: "compaction", content: [text("so far")] };
      return messages.at(-1)?.role !== "user" || JSON.stringify(messages.slice(0, last)).length < 4_000
        ? undefined
        : { strategy: "all", edits: [{ from: 0, to: last, with: [summary] }] };
    };
    const { given, requests } = options((_, index) => (index % 2 === 0 ? read("src/a.txt") : done), {
      compact,
    });
    await using agent = await createAgent(given);
    for (let round = 0; round < 4; round++) await agent.run(`go ${round}`).result;
    expect(requests).toHaveLength(8);
    for (const [index, { messages }] of requests.entries()) {
      expect(
        texts(messages)
          .join()
          .match(/Write in verse\./g),
      ).toHaveLength(1);
      expect(
        texts(messages)
          .join()
          .match(/Source rules\./g) ?? [],
      ).toHaveLength(index % 2);
    }
  });

  test("class 21: imports from outside want trust and a rule that allows the read; a rule that denies stands", async () => {
    await put("home/style.md", "Style.");
    await put("work/AGENTS.md", "@~/style.md\nWrite in verse.");
    const files = async (more: AgentOptions) =>
      (await findInstructions({ ...options([]).given, permission: "interactive", ...more })).files.map(
        ({ text: words }) => words,
      );
    const allowedTools = ["Read(~/style.md)"];
    expect(await files({})).toHaveLength(1);
    expect(await files({ allowedTools })).toHaveLength(1);
    expect(await files({ trustWorkspace: true })).toHaveLength(1);
    expect(await files({ trustWorkspace: true, allowedTools })).toEqual([
      "Style.",
      "@~/style.md\nWrite in verse.",
    ]);
    expect(await files({ disallowedTools: ["Read(AGENTS.md)"] })).toEqual([]);
  });

  test("rank 26: a small model gets less", async () => {
    await put("work/AGENTS.md", "line\n".repeat(4_000));
    const { given, requests } = options([done]);
    const { connection } = given;
    if (connection === undefined) throw new Error("There is a connection.");
    await using agent = await createAgent({ ...given, connection: { ...connection, contextWindow: 8_000 } });
    await agent.run("hello").result;
    const [words = ""] = texts(requests[0]?.messages ?? []);
    expect(words.length).toBeLessThan(9_000);
    expect(words).toMatch(/\[Cut: \d+ of 19999 bytes are shown/);
  });
});
