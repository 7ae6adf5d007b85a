import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonValue, ModelRequest } from "@claw/agent-core";
import { type Script, scriptedModel } from "@claw/agent-core/testing";
import {
  type Agent,
  type AgentOptions,
  createAgent,
  defineTool,
  jsonSchema,
  plainText,
  type RunResult,
} from "@claw/agent-sdk";
import { processesWithMarker, temporaryFolder } from "@claw/testkit";
import { describe, expect, test } from "vitest";

// The official server of all features. It does not end with its input, so that each agent that is closed waits for
// it, and one test waits for a server that never answers: they wait beside each other.
const everything = fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js"),
);

interface Scene extends AsyncDisposable {
  readonly agent: Agent;
  readonly requests: readonly ModelRequest[];
}

/** An agent with a home of its own. */
async function scene(script: Script, options: AgentOptions): Promise<Scene> {
  const folder = await temporaryFolder();
  const { model, ref, requests } = scriptedModel(script);
  const agent = await createAgent({
    connection: { model, ref },
    cwd: folder.path,
    env: { PATH: process.env["PATH"] ?? "", HOME: folder.path, CLAW_HOME: join(folder.path, "home") },
    preset: "minimal",
    ...options,
  });
  return {
    agent,
    requests,
    [Symbol.asyncDispose]: async () => {
      await agent.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const stdio = { type: "stdio", command: process.execPath, args: [everything] } as const;
const calls = (name: string, input: JsonValue) => ({ calls: [{ name, input }] });
const lastOutcome = (result: RunResult) =>
  result.messages.findLast((message) => message.role === "tool")?.outcome;

describe.concurrent("createAgent({ mcpServers })", () => {
  test("mcp_stdio_tool: a call goes through the one pipeline, and is refused where nobody allows it", async () => {
    const script = [calls("mcp__everything__echo", { message: "hi" }), { text: "done" }];
    const options = { mcpServers: { everything: stdio }, mcpWaitMs: 20_000 };
    await using refused = await scene(script, options);
    const no = await refused.agent.run("go").result;
    expect(lastOutcome(no)).toMatchObject({ status: "denied", by: "nobody" });
    await using allowed = await scene(script, { ...options, allowedTools: ["mcp__everything__echo"] });
    const events: string[] = [];
    const run = allowed.agent.run("go");
    for await (const event of run) events.push(event.type);
    expect(lastOutcome(await run.result)).toMatchObject({ status: "ok", content: [{ text: "Echo: hi" }] });
    expect(events.filter((type) => type === "permission-decision" || type === "tool-intent")).toEqual([
      "permission-decision",
      "tool-intent",
    ]);
  });

  test("a denied server's tools are neither shown nor found", async () => {
    await using given = await scene(
      [calls("ToolSearch", { query: "echo" }), calls("mcp__everything__echo", {}), { text: "done" }],
      {
        mcpServers: { everything: stdio },
        mcpWaitMs: 20_000,
        disallowedTools: ["mcp__everything"],
      },
    );
    const { messages } = await given.agent.run("go").result;
    const outcomes = messages.flatMap((message) => (message.role === "tool" ? [message.outcome] : []));
    expect(given.agent.tools.map(({ name }) => name)).not.toContain("mcp__everything__echo");
    expect(plainText(outcomes[0]?.content ?? [])).toContain("No tool");
    expect(outcomes[1]).toMatchObject({ status: "failed", error: { code: "unknown-tool" } });
  });

  test("mcp_slow_init, law 13: the first prompt waits for nobody, and the prefix never changes", async () => {
    await using given = await scene(
      [
        calls("ToolSearch", { query: "echo" }),
        calls("McpCall", { tool: "mcp__everything__echo", input: { message: "late" } }),
        { text: "done" },
        { text: "again" },
      ],
      {
        mcpServers: { everything: stdio, silent: { type: "stdio", command: "sleep", args: ["60"] } },
        allowedTools: ["mcp__everything__echo"],
      },
    );
    const result = await given.agent.run("go").result;
    expect(lastOutcome(result)).toMatchObject({ status: "ok", content: [{ text: "Echo: late" }] });
    await given.agent.run("more").result;
    const prefixes = given.requests.map(({ tools, system }) => JSON.stringify({ tools, system }));
    expect(new Set(prefixes).size).toBe(1);
  });

  test("W1, rank 5: closing the agent ends the servers", async () => {
    const marker = `claw-mcp-${process.pid}-${Date.now()}`;
    await using given = await scene([], {
      mcpServers: { everything: { ...stdio, env: { MARK: marker } } },
      mcpWaitMs: 20_000,
    });
    expect(await processesWithMarker(marker)).not.toEqual([]);
    await given.agent.close();
    expect(await processesWithMarker(marker)).toEqual([]);
  });

  test("W1, rank 5: an agent that cannot be put together leaves no server behind", async () => {
    await using folder = await temporaryFolder();
    const marker = `claw-mcp-none-${process.pid}-${Date.now()}`;
    const twice = defineTool({
      name: "Twice",
      description: "There are two of this name.",
      input: jsonSchema<object>({ type: "object" }),
      effects: () => [],
      run: () => "",
    });
    const making = createAgent({
      connection: scriptedModel([]),
      cwd: folder.path,
      env: { PATH: process.env["PATH"] ?? "", HOME: folder.path, CLAW_HOME: join(folder.path, "home") },
      mcpServers: { everything: { ...stdio, env: { MARK: marker } } },
      mcpWaitMs: 20_000,
      tools: [twice, twice],
    });
    await expect(making).rejects.toMatchObject({ fault: { code: "duplicate-tool" } });
    expect(await processesWithMarker(marker)).toEqual([]);
  });
});

describe.concurrent("what servers ask", () => {
  const sampling = calls("mcp__everything__trigger-sampling-request", { prompt: "Hello", maxTokens: 20 });
  const options = { mcpServers: { everything: stdio }, mcpWaitMs: 20_000 };

  test("sampling goes through the checkpoint and counts for the run", async () => {
    const script = [
      sampling,
      { text: "Sampled.", usage: { input: 7, output: 3, cost: 1 } },
      { text: "done" },
    ];
    await using refused = await scene(script, {
      ...options,
      allowedTools: ["mcp__everything__trigger-sampling-request"],
    });
    await refused.agent.run("go").result;
    expect(refused.requests).toHaveLength(2);
    await using allowed = await scene(script, { ...options, allowedTools: ["mcp__everything__*"] });
    const result = await allowed.agent.run("go").result;
    expect(plainText(lastOutcome(result)?.content ?? [])).toContain("Sampled.");
    expect(result.end.usage).toMatchObject({ input: 7, output: 3 });
    expect(allowed.requests[1]).toMatchObject({ tools: [], maxOutputTokens: 20 });
  });

  test("sampling is refused once the run may spend no more", async () => {
    await using given = await scene([sampling, { text: "never" }], {
      ...options,
      allowedTools: ["mcp__everything__*"],
      limits: { maxTurns: 1 },
    });
    const result = await given.agent.run("go").result;
    expect(result.end.reason).toBe("max-turns");
    expect(given.requests).toHaveLength(1);
    expect(plainText(lastOutcome(result)?.content ?? [])).toContain("budget");
  });

  test("a question of a server is put to the person, field by field", async () => {
    const asked: string[] = [];
    await using given = await scene(
      [calls("mcp__everything__trigger-elicitation-request", {}), { text: "done" }],
      {
        ...options,
        allowedTools: ["mcp__everything__*"],
        question: (questions) => {
          asked.push(...questions.map(({ question }) => question));
          return Promise.resolve(
            questions.map(({ header, options: choices }) =>
              header === "MCP"
                ? { selected: ["Yes"] }
                : header === "name"
                  ? { selected: [], text: "Ada" }
                  : { selected: [choices.at(-1)?.label ?? ""] },
            ),
          );
        },
      },
    );
    const result = await given.agent.run("go").result;
    expect(asked[0]).toContain("The MCP server everything asks:");
    expect(plainText(lastOutcome(result)?.content ?? [])).toContain("Ada");
  });
});
