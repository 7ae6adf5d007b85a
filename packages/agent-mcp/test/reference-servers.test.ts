import { writeFile } from "node:fs/promises";
import { plainText } from "@claw/agent-core";
import type { Elicitation, Mcp, ServerDefinition } from "@claw/agent-mcp";
import { temporaryFolder, waitUntil } from "@claw/testkit";
import { describe, expect, test } from "vitest";
import { everythingOverHttp, referenceProgram } from "./reference-server.ts";
import { call, changeOf, codeOf, said, serverOf, startMcp, stateOf } from "./support.ts";

// Each test has servers of its own, and some tell only every few seconds: the tests run beside each other.

const signal = new AbortController().signal;

describe.concurrent.each(["stdio", "http", "sse"] as const)("the everything server over %s", (transport) => {
  test("mcp_stdio_tool, mcp_http_tool, mcp_resource, mcp_prompt: R9 all that it offers can be used", async () => {
    await using server =
      transport === "stdio"
        ? undefined
        : await everythingOverHttp(transport === "sse" ? "sse" : "streamableHttp");
    const asked: Elicitation[] = [];
    await using mcp = await startMcp(
      { everything: definitionOf(transport, server?.port) },
      {
        host: {
          roots: () => ["/tmp"],
          elicit: (elicitation) => {
            asked.push(elicitation);
            return Promise.resolve({ action: "accept", content: { name: "Ada" } });
          },
          sample: () => Promise.resolve({ model: "stub", text: "Sampled words.", stop: "endTurn" }),
        },
      },
    );
    await stateOf(mcp, "everything", "ready");
    await tools(mcp, asked);
    await resources(mcp);
    await prompts(mcp);
  });
});

function definitionOf(transport: "stdio" | "http" | "sse", port = 0): ServerDefinition {
  if (transport === "stdio") {
    return { type: "stdio", command: process.execPath, args: [referenceProgram("everything")] };
  }
  return { type: transport, url: `http://127.0.0.1:${port}/${transport === "sse" ? "sse" : "mcp"}` };
}

async function tools(mcp: Mcp, asked: readonly Elicitation[]): Promise<void> {
  await have(mcp, "trigger-elicitation-request");
  expect(said(await call(mcp, "everything", "echo", { message: "hi" }))).toBe("Echo: hi");
  const structured = await call(mcp, "everything", "get-structured-content", { location: "New York" });
  expect(structured).toMatchObject({
    status: "ok",
    details: { structured: { temperature: expect.any(Number) } },
  });
  const image = await call(mcp, "everything", "get-tiny-image");
  expect(image).toMatchObject({
    content: [{ type: "text" }, { type: "image", mediaType: "image/png" }, { type: "text" }],
  });
  const progress: string[] = [];
  await call(
    mcp,
    "everything",
    "trigger-long-running-operation",
    { duration: 1, steps: 10 },
    {
      progress: (text) => progress.push(text),
    },
  );
  expect(progress.length).toBeGreaterThan(0);
  expect(codeOf(await call(mcp, "everything", "get-sum", { a: "x" }))).toBe("tool-failed");
  expect(said(await call(mcp, "everything", "get-roots-list"))).toContain("tmp");
  expect(
    said(await call(mcp, "everything", "trigger-sampling-request", { prompt: "Hello", maxTokens: 10 })),
  ).toContain("Sampled words.");
  expect(said(await call(mcp, "everything", "trigger-elicitation-request"))).toContain("Ada");
  expect(asked[0]).toMatchObject({ type: "form", server: "everything", schema: { type: "object" } });
}

/** Some servers tell of their tools piece by piece. */
async function have(mcp: Mcp, tool: string): Promise<void> {
  while (
    !serverOf(mcp, "everything")
      .catalog()
      .tools.some(({ name }) => name === tool)
  )
    await changeOf(mcp, "catalog");
}

async function resources(mcp: Mcp): Promise<void> {
  const server = serverOf(mcp, "everything");
  const { resources: listed, templates } = server.catalog();
  expect(listed.length).toBeGreaterThan(0);
  expect(templates.length).toBeGreaterThan(0);
  const content = await server.readResource(listed[0]?.uri ?? "", signal);
  expect(plainText(content)).toContain(listed[0]?.uri);
}

async function prompts(mcp: Mcp): Promise<void> {
  const server = serverOf(mcp, "everything");
  expect(server.catalog().prompts.map(({ name }) => name)).toContain("args-prompt");
  expect(plainText(await server.getPrompt("args-prompt", { city: "Bern" }, signal))).toContain("Bern");
  const of = { type: "prompt", name: "completable-prompt" } as const;
  const values = await server.complete({ of, argument: "department", value: "E" }, signal);
  expect(values).toContain("Engineering");
}

test.concurrent("the everything server: a subscription hears of changes, and is taken back", async () => {
  await using mcp = await startMcp({
    everything: { type: "stdio", command: process.execPath, args: [referenceProgram("everything")] },
  });
  await stateOf(mcp, "everything", "ready");
  const server = serverOf(mcp, "everything");
  const uri = server.catalog().resources[0]?.uri ?? "";
  let forget: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => {
    forget = server.subscribe(uri, resolve);
  });
  await call(mcp, "everything", "toggle-subscriber-updates");
  await heard;
  forget();
});

test.concurrent("the everything server: what it logs is kept beside what it says on stderr", async () => {
  const logged: string[] = [];
  await using mcp = await startMcp(
    { everything: { type: "stdio", command: process.execPath, args: [referenceProgram("everything")] } },
    { host: { log: ({ text }) => logged.push(text) } },
  );
  await stateOf(mcp, "everything", "ready");
  await call(mcp, "everything", "toggle-simulated-logging");
  await waitUntil(() => logged.length > 0);
  expect(serverOf(mcp, "everything").errors()).toContain(logged[0]);
});

test.concurrent("the filesystem server works in the folders that are offered as roots", async () => {
  await using folder = await temporaryFolder();
  await writeFile(`${folder.path}/a.txt`, "hello");
  await using mcp = await startMcp(
    { files: { type: "stdio", command: process.execPath, args: [referenceProgram("filesystem")] } },
    { host: { roots: () => [folder.path] } },
  );
  await stateOf(mcp, "files", "ready");
  // It asks for the roots when it is already ready.
  await waitUntil(async () =>
    said(await call(mcp, "files", "list_allowed_directories")).includes(folder.path),
  );
  const read = await call(mcp, "files", "read_text_file", { path: `${folder.path}/a.txt` });
  expect(said(read)).toContain("hello");
  expect(codeOf(await call(mcp, "files", "read_text_file", { path: "/etc/passwd" }))).toBe("tool-failed");
  const hints = serverOf(mcp, "files")
    .catalog()
    .tools.map(({ name, readOnly, destructive }) => ({ name, readOnly, destructive }));
  expect(hints).toContainEqual({ name: "read_text_file", readOnly: true, destructive: false });
});

test.concurrent("the memory server remembers", async () => {
  await using folder = await temporaryFolder();
  await using mcp = await startMcp({
    memory: {
      type: "stdio",
      command: process.execPath,
      args: [referenceProgram("memory")],
      env: { MEMORY_FILE_PATH: `${folder.path}/memory.jsonl` },
    },
  });
  await stateOf(mcp, "memory", "ready");
  const entities = [{ name: "Ada", entityType: "person", observations: ["counts"] }];
  expect(codeOf(await call(mcp, "memory", "create_entities", { entities }))).toBe("ok");
  expect(said(await call(mcp, "memory", "read_graph"))).toContain("Ada");
});
