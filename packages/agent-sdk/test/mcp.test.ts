import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { JsonValue } from "@claw/agent-core";
import { type Script, scriptedModel } from "@claw/agent-core/testing";
import { credentialFiles } from "@claw/agent-mcp";
import {
  type Agent,
  type AgentOptions,
  addMcpServer,
  approveMcpServer,
  createAgent,
  getMcpServer,
  listMcpServers,
  loginToMcpServer,
  mcpStatus,
  removeMcpServer,
  serveAgent,
  trustWorkspace,
} from "@claw/agent-sdk";
import { type TemporaryFolder, temporaryFolder, waitUntil } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";

let folder: TemporaryFolder;
let env: Readonly<Record<string, string>>;
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, "work"));
  env = { PATH: process.env["PATH"] ?? "", HOME: folder.path, CLAW_HOME: join(folder.path, "home") };
});
afterEach(() => folder[Symbol.asyncDispose]());

interface Scene extends AsyncDisposable {
  readonly agent: Agent;
}

const work = (): string => join(folder.path, "work");

async function scene(script: Script, options: AgentOptions = {}): Promise<Scene> {
  const { model, ref } = scriptedModel(script);
  const agent = await createAgent({
    connection: { model, ref },
    cwd: work(),
    env,
    preset: "minimal",
    ...options,
  });
  return { agent, [Symbol.asyncDispose]: () => agent.close() };
}

describe("createAgent({ mcpServers })", () => {
  test("mcp_one_bad_server: what is wrong is a warning, and everything else works", async () => {
    await writeFile(
      join(folder.path, "more.json"),
      '{"mcpServers":{"broken":{},"everything":{"command":"/no/such"}}}',
    );
    await using given = await scene([{ text: "done" }], { mcpConfig: [join(folder.path, "more.json")] });
    // The server may have failed by now, too: it starts beside the agent.
    expect(given.agent.warnings.map(({ code }) => code)).toContain("mcp-config");
    await waitUntil(() => given.agent.warnings.some(({ code }) => code === "mcp-cannot-start"));
    expect((await given.agent.run("go").result).end.reason).toBe("completed");
    expect(given.agent.mcp?.status()).toMatchObject([{ name: "everything", state: "failed" }]);
  });

  test("nothing of it is there when no server is configured", async () => {
    await using given = await scene([{ text: "done" }]);
    expect(given.agent.mcp).toBeUndefined();
    expect(given.agent.tools).toEqual([]);
    expect(await given.agent.expand("Look at @here:note")).toBe("Look at @here:note");
  });
});

describe("class 20: servers of the workspace", () => {
  const marker = (): string => join(folder.path, "started");
  const entry = (): Record<string, JsonValue> => ({
    command: process.execPath,
    args: ["-e", `require("fs").appendFileSync(${JSON.stringify(marker())}, "x")`],
  });

  async function startsWith(options: AgentOptions): Promise<readonly string[]> {
    await using given = await scene([{ text: "done" }], options);
    return given.agent.warnings.map(({ code }) => code);
  }

  const started = (): Promise<string> => readFile(marker(), "utf8").catch(() => "");

  /** Waits for the server as long as it takes: a program that is slow to start is none that was not started. */
  async function expectStart(options: AgentOptions): Promise<void> {
    await using given = await scene([{ text: "done" }], options);
    expect(given.agent.mcp?.status().map(({ name }) => name)).toContain("own");
    await waitUntil(async () => (await started()) !== "");
  }

  test("start only in a trusted workspace, each approved once and pinned to its definition (class 19)", async () => {
    const file = join(work(), ".mcp.json");
    await writeFile(file, JSON.stringify({ mcpServers: { own: entry() } }));
    const of = { cwd: work(), env };
    expect(await startsWith({})).toEqual(["workspace-untrusted"]);
    expect(await startsWith({ trustWorkspace: true })).toEqual(["mcp-unapproved"]);
    expect((await mcpStatus(of, 1_000)).faults.map(({ code }) => code)).toEqual(["mcp-untrusted"]);
    await listMcpServers(of);
    await getMcpServer(of, "own");
    await approveMcpServer(of, "own");
    expect(await startsWith({})).toEqual(["workspace-untrusted"]);
    expect(await started()).toBe("");
    await expectStart({ trustWorkspace: true });
    await writeFile(marker(), "");
    await writeFile(file, JSON.stringify({ mcpServers: { own: { ...entry(), env: { A: "1" } } } }));
    expect(await startsWith({ trustWorkspace: true })).toEqual(["mcp-unapproved"]);
    expect(await started()).toBe("");
  });

  test("what the user adds is approved, in files for the user alone", async () => {
    const of = { cwd: work(), env };
    const file = await addMcpServer(of, "own", entry(), "project");
    expect(file).toBe(join(work(), ".mcp.json"));
    expect(await startsWith({ trustWorkspace: true })).not.toContain("mcp-unapproved");
    await trustWorkspace(of);
    await writeFile(marker(), "");
    await addMcpServer(of, "second", { command: "true" }, "project");
    // Who was trusted stays so when its user adds a server.
    expect(await startsWith({})).not.toContain("workspace-untrusted");
    await expectStart({});
    const user = await addMcpServer(of, "mine", { command: "true" }, "user");
    expect((await stat(user)).mode & 0o777).toBe(0o600);
    expect((await listMcpServers(of)).servers.map(({ name, scope }) => [name, scope])).toEqual([
      ["own", "project"],
      ["second", "project"],
      ["mine", "user"],
    ]);
    await expect(addMcpServer(of, "bad", { command: 1 }, "user")).rejects.toMatchObject({
      fault: { code: "mcp-config" },
    });
    expect(await removeMcpServer(of, "mine")).toEqual({ files: [user], logouts: [], sharedWith: [] });
    await expect(removeMcpServer(of, "mine")).rejects.toMatchObject({
      fault: { code: "mcp-unknown-server" },
    });
  });

  test("the tokens of each server that is taken out go with it, and no others", async () => {
    const of = { cwd: work(), env };
    const store = credentialFiles(join(folder.path, "home", "mcp", "credentials"));
    const [near, far] = ["https://near.invalid/mcp", "https://far.invalid/mcp"];
    const logIn = (url: string) =>
      store.change(url, (before) => ({
        ...before,
        tokens: { "": { access_token: "token", token_type: "Bearer" } },
      }));
    const add = async (url: string, scope: "local" | "user") => {
      await addMcpServer(of, "web", { type: "http", url }, scope);
      await logIn(url);
    };
    await add(near, "local");
    await add(far, "user");
    const logout = { name: "web", existed: true };
    const { logouts, sharedWith } = await removeMcpServer(of, "web", "user");
    expect([logouts, sharedWith]).toMatchObject([[logout], []]);
    expect(await store.list()).toEqual([near]);
    await add(far, "user");
    expect((await removeMcpServer(of, "web")).logouts).toMatchObject([logout, logout]);
    expect(await store.list()).toEqual([]);
  });

  test("a login to a server that cannot be talked to is told after one attempt", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    const of = { cwd: work(), env };
    await addMcpServer(of, "web", { type: "http", url: `http://127.0.0.1:${port}/mcp` }, "user");
    const host = { show: () => undefined, signal: new AbortController().signal };
    await expect(loginToMcpServer(of, "web", host)).rejects.toMatchObject({ fault: { code: "mcp-refused" } });
    expect(asked).toBeLessThanOrEqual(2);
  });

  test("a server is taken out of all files or of none, and its name is nothing that every object has", async () => {
    const of = { cwd: work(), env };
    const local = await addMcpServer(of, "own", entry(), "local");
    const user = await addMcpServer(of, "own", entry(), "user");
    await writeFile(join(work(), ".mcp.json"), "not JSON");
    await expect(removeMcpServer(of, "own")).rejects.toMatchObject({ fault: { code: "mcp-config" } });
    for (const file of [local, user]) expect(await readFile(file, "utf8")).toContain('"own"');
    expect((await removeMcpServer(of, "own", "user")).files).toEqual([user]);
    await rm(join(work(), ".mcp.json"));
    expect((await removeMcpServer(of, "own")).files).toEqual([local]);
    await expect(removeMcpServer(of, "constructor")).rejects.toMatchObject({
      fault: { code: "mcp-unknown-server" },
    });
  });

  test("settings: `mcpServers` of the user's file, and of the workspace's own once it is trusted", async () => {
    await mkdir(join(folder.path, "home"), { recursive: true });
    await writeFile(
      join(folder.path, "home", "settings.json"),
      '{"mcpServers":{"mine":{"command":"true"},"bad":{}}}',
    );
    await mkdir(join(work(), ".claw"));
    await writeFile(join(work(), ".claw", "settings.json"), '{"mcpServers":{"own":{"command":"true"}}}');
    const of = { cwd: work(), env };
    const found = await listMcpServers(of);
    expect(found.servers.map(({ name, scope }) => [name, scope])).toEqual([["mine", "user"]]);
    expect(found.faults.map(({ code }) => code)).toEqual(["mcp-config"]);
    expect(
      (await listMcpServers({ ...of, trustWorkspace: true })).servers.map(({ name, scope }) => [name, scope]),
    ).toEqual([
      ["own", "project"],
      ["mine", "user"],
    ]);
    expect(await startsWith({ trustWorkspace: true })).toContain("mcp-unapproved");
  });

  test("the stronger scope wins, with its whole entry", async () => {
    const of = { cwd: work(), env };
    for (const scope of ["user", "project", "local"] as const) {
      await addMcpServer(
        of,
        "one",
        { command: scope, ...(scope === "user" ? { env: { A: "1" } } : {}) },
        scope,
      );
      const { definition } = await getMcpServer(of, "one");
      expect(definition).toEqual({
        type: "stdio",
        command: scope,
        args: [],
        env: scope === "user" ? { A: "1" } : {},
      });
    }
    const strict = await listMcpServers({
      ...of,
      strictMcpConfig: true,
      mcpConfig: ['{"mcpServers":{"f":{"command":"x"}}}'],
    });
    expect(strict.servers.map(({ name }) => name)).toEqual(["f"]);
  });
});

test("claw mcp serve: each call of a client passes the agent's checkpoint", async () => {
  await writeFile(join(work(), "a.txt"), "hello");
  const input = new PassThrough();
  const output = new PassThrough();
  const lines: {
    id?: number;
    result?: { content?: { text?: string }[]; isError?: boolean; tools?: { name: string }[] };
  }[] = [];
  let rest = "";
  output.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) lines.push(JSON.parse(line));
  });
  const served = serveAgent({ cwd: work(), env, version: "1", input, output });
  const answer = async (id: number, method: string, params: object) => {
    input.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    await waitUntil(() => lines.some((line) => line.id === id));
    return lines.find((line) => line.id === id)?.result;
  };
  await answer(1, "initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "t", version: "1" },
  });
  const list = await answer(2, "tools/list", {});
  expect(list?.tools?.map(({ name }) => name)).toContain("Read");
  const read = await answer(3, "tools/call", {
    name: "Read",
    arguments: { file_path: join(work(), "a.txt") },
  });
  expect(read?.content?.[0]?.text).toContain("hello");
  const write = await answer(4, "tools/call", {
    name: "Write",
    arguments: { file_path: join(work(), "b.txt"), content: "x" },
  });
  expect(write).toMatchObject({ isError: true });
  await expect(stat(join(work(), "b.txt"))).rejects.toThrow();
  input.end();
  await served;
});
