import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type JsonValue, memoryJournal, type Transport } from "@claw/agent-core";
import { scriptedModel } from "@claw/agent-core/testing";
import { createAgent } from "@claw/agent-sdk";
import { temporaryFolder } from "@claw/testkit";
import { McpServer } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A vendor that answers each request with a word, and what it was sent. `bash`: the first answer is this call instead. */
function vendor(bash?: object): { readonly transport: Transport; readonly sent: (readonly string[])[] } {
  const sent: (readonly string[])[] = [];
  const block = (content_block: object, delta: object, stop_reason: string): string =>
    [
      { type: "message_start", message: { usage: { input_tokens: 1 } } },
      { type: "content_block_start", index: 0, content_block },
      { type: "content_block_delta", index: 0, delta },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason }, usage: { output_tokens: 1 } },
      { type: "message_stop" },
    ]
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join("");
  const word = block({ type: "text", text: "" }, { type: "text_delta", text: "Done." }, "end_turn");
  const call = block(
    { type: "tool_use", id: "toolu_1", name: "Bash", input: {} },
    { type: "input_json_delta", partial_json: JSON.stringify(bash) },
    "tool_use",
  );
  const transport: Transport = async ({ body = [] }) => {
    sent.push(body);
    const bytes = new TextEncoder().encode(bash !== undefined && sent.length === 1 ? call : word);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    return { status: 200, headers: { "content-type": "text/event-stream" }, body: pieces() };
  };
  return { transport, sent };
}

type Journal = ReturnType<typeof memoryJournal>;

function agentOf(journal: Journal, transport: Transport, more: object = {}) {
  const env = {
    ANTHROPIC_API_KEY: "none",
    HOME: "/nowhere",
    CLAW_HOME: "/nowhere/claw",
    PATH: process.env["PATH"],
  };
  return createAgent({ provider: "anthropic", model: "one", journal, transport, env, ...more });
}

/** What a provider keeps by its beginning: instructions, tools and messages, without the marks that say how far. */
function prefixes(sent: readonly (readonly string[])[]): readonly string[] {
  return sent.map((pieces) => {
    const { system, tools, messages } = JSON.parse(pieces.join(""), (name, value: JsonValue) =>
      name === "cache_control" ? undefined : value,
    );
    return JSON.stringify([system, tools, messages]).slice(0, -2);
  });
}

function expectGrowing(sent: readonly (readonly string[])[]): void {
  const texts = prefixes(sent);
  for (const [index, text] of texts.entries()) {
    if (index > 0) expect(text.startsWith(texts[index - 1] ?? "-")).toBe(true);
  }
}

describe("rank 13, law 13: a request begins with the bytes of the one before", () => {
  test("after a resume, on another day, in another process", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-01-01T10:00:00Z") });
    const journal = memoryJournal();
    const { transport, sent } = vendor();
    const agent = await agentOf(journal, transport, { session: "s" });
    await agent.run("one").result;
    await agent.close();
    vi.setSystemTime(new Date("2026-03-09T10:00:00Z"));
    const resumed = await agentOf(journal, transport, { resume: "s" });
    await resumed.run("two").result;
    await resumed.close();
    expect(sent).toHaveLength(2);
    expect(sent[0]?.join("")).toContain("2026-01-01");
    expectGrowing(sent);
  });

  test("after a resume, whatever became of the tools of MCP servers; what differs is told, what is gone does nothing", async () => {
    const journal = memoryJournal();
    const { transport, sent } = vendor();
    const ran: string[] = [];
    const serverOf = (...tools: readonly (readonly [name: string, description: string])[]) => ({
      type: "in-process" as const,
      connect: async (to: Parameters<McpServer["connect"]>[0]) => {
        const server = new McpServer({ name: "s", version: "1" });
        for (const [name, description] of tools) {
          server.registerTool(
            name,
            { description, inputSchema: z.object({ word: z.string() }) },
            ({ word }) => {
              ran.push(`${name} ${word}`);
              return { content: [{ type: "text", text: word }] };
            },
          );
        }
        await server.connect(to);
      },
    });
    const more = { preset: "minimal", allowedTools: ["mcp__notes__*"] } as const;
    const notes = serverOf(["add", "Adds."], ["drop", "Drops."]);
    const agent = await agentOf(journal, transport, { session: "s", ...more, mcpServers: { notes } });
    await agent.run("one").result;
    await agent.close();
    const changed = {
      notes: serverOf(["add", "Adds, and more."], ["later", "Is new."]),
      other: serverOf(["x", "X."]),
    };
    const resumed = await agentOf(journal, transport, { resume: "s", ...more, mcpServers: changed });
    await resumed.run("two").result;
    expect(resumed.warnings.map(({ code, message }) => [code, message.match(/mcp__\w+/g)])).toEqual([
      ["mcp-tools-changed", ["mcp__notes__add"]],
    ]);
    await resumed.close();
    const without = await agentOf(journal, transport, { resume: "s", ...more });
    await without.run("three").result;
    expect(without.warnings.map(({ message }) => message).join()).toContain('"notes" was in use');
    await without.close();
    expectGrowing(sent);
    expect(sent[2]?.join("")).toContain("mcp__notes__drop");

    const call = (name: string) => ({ calls: [{ name, input: { word: "w" } }] });
    const scripted = scriptedModel([
      call("mcp__notes__add"),
      call("mcp__notes__drop"),
      { calls: [{ name: "McpCall", input: { tool: "mcp__notes__later", input: { word: "w" } } }] },
      { text: "done" },
    ]);
    await using again = await agentOf(journal, transport, {
      resume: "s",
      ...more,
      mcpServers: changed,
      connection: { model: scripted.model, ref: scripted.ref },
    });
    const { messages } = await again.run("four").result;
    const outcomes = messages.flatMap((message) => (message.role === "tool" ? [message.outcome.status] : []));
    expect(outcomes).toEqual(["ok", "failed", "ok"]);
    expect(ran).toEqual(["add w", "later w"]);
  });

  test("a secret in what an MCP server says of a tool is neither shown nor kept, and costs no other bytes", async () => {
    const journal = memoryJournal();
    const { transport, sent } = vendor();
    const notes = {
      type: "in-process" as const,
      connect: async (to: Parameters<McpServer["connect"]>[0]) => {
        const server = new McpServer({ name: "s", version: "1" });
        const about = { description: "The key is none-of-your-business-1.", inputSchema: z.object({}) };
        server.registerTool("add", about, () => ({ content: [] }));
        await server.connect(to);
      },
    };
    const options = {
      ...{ preset: "minimal", mcpServers: { notes } },
      redact: { known: [{ name: "ACME_KEY", value: "none-of-your-business-1" }] },
    } as const;
    const agent = await agentOf(journal, transport, { session: "s", ...options });
    await agent.run("one").result;
    await agent.run("two").result;
    await agent.close();
    await using resumed = await agentOf(journal, transport, { resume: "s", ...options });
    await resumed.run("three").result;
    expectGrowing(sent);
    expect(resumed.warnings).toEqual([]);
    expect(sent.join()).toContain("[redacted: ACME_KEY]");
    expect(sent.join()).not.toContain("none-of-your-business");
    let starts = 0;
    for await (const event of journal.read(resumed.session)) {
      if (event.type === "run-start" && event.tools !== undefined) starts += 1;
    }
    expect(starts).toBe(1);
  });

  test("in a fork", async () => {
    const journal = memoryJournal();
    const { transport, sent } = vendor();
    await using agent = await agentOf(journal, transport, { session: "s" });
    await agent.run("one").result;
    await using fork = await agentOf(journal, transport, { resume: "s", fork: true });
    await fork.run("two").result;
    expectGrowing(sent);
  });

  test("when the model is changed and changed back", async () => {
    const { transport, sent } = vendor();
    await using agent = await agentOf(memoryJournal(), transport);
    for (const model of ["one", "two", "one"]) {
      await agent.setModel(model);
      await agent.run(`with ${model}`).result;
    }
    expect(sent.map((pieces) => JSON.parse(pieces.join("")).model)).toEqual(["one", "two", "one"]);
    expectGrowing(sent);
  });

  test("after a sleep, and after a task ended meanwhile", async () => {
    await using folder = await temporaryFolder();
    const call = { command: "until [ -e go ]; do sleep 0.02; done; echo built", run_in_background: true };
    const { transport, sent } = vendor(call);
    const more = { permission: "auto", cwd: folder.path };
    await using agent = await agentOf(memoryJournal(), transport, more);
    await agent.run("one").result;
    expect(agent.tasks.list()).toMatchObject([{ id: "shell_1", status: "running" }]);
    expect(agent.hibernate()).toBe(true);
    await writeFile(join(folder.path, "go"), "");
    await agent.tasks.wait("shell_1", 60_000, new AbortController().signal);
    await agent.run("two").result;
    await agent.run("three").result;
    expect(sent).toHaveLength(4);
    expect(sent[1]?.join("")).not.toContain("Notice of a background task");
    expect(sent[2]?.join("")).toContain("Notice of a background task");
    expectGrowing(sent);
  });
});

describe("rank 14: what a turn costs does not grow with the conversation", () => {
  test("as many bytes are serialised in the 200th turn as in the 20th", async () => {
    const { transport, sent } = vendor();
    await using agent = await agentOf(memoryJournal(), transport, { compaction: false });
    const stringify = vi.spyOn(JSON, "stringify");
    const bytesOf = async (turns: number): Promise<number> => {
      while (sent.length < turns - 1) await agent.run("x".repeat(500)).result;
      stringify.mockClear();
      await agent.run("x".repeat(500)).result;
      return stringify.mock.results.reduce((sum, { value }) => sum + String(value).length, 0);
    };
    const early = await bytesOf(20);
    const late = await bytesOf(200);
    expect(sent[199]?.join("").length).toBeGreaterThan(100_000);
    expect(late).toBeLessThan(early * 1.2);
  });
});
