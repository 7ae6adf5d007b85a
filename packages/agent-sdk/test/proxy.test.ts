import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ModelRequest } from "@claw/agent-core";
import { type Script, scriptedModel } from "@claw/agent-core/testing";
import { type Agent, type AgentOptions, createAgent, nodeTransport, type RunResult } from "@claw/agent-sdk";
import {
  type ProxiedRequest,
  type ProxyManner,
  startTestProxy,
  type TemporaryFolder,
  type TestProxy,
  temporaryFolder,
  waitUntil,
} from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type McpSite, mcpSite } from "./mcp-site.ts";

const password = "s3cret-of-the-proxy";
const wire = `Basic ${Buffer.from(`me:${password}`).toString("base64")}`;

let folder: TemporaryFolder;
let site: McpSite;
let proxy: TestProxy;
let manner: (request: ProxiedRequest) => ProxyManner;
const cleanups: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, "work"));
  site = await mcpSite();
  manner = () => "pass";
  proxy = await startTestProxy({
    hosts: { "mcp.example": site.port },
    login: `me:${password}`,
    manner: (request) => manner(request),
  });
});
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
  await proxy[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const login = (): string => `http://me:${password}@${proxy.place}`;
const place = () => ({
  cwd: join(folder.path, "work"),
  env: { PATH: process.env["PATH"] ?? "", HOME: folder.path, CLAW_HOME: join(folder.path, "home") },
});

interface Scene extends AsyncDisposable {
  readonly agent: Agent;
  readonly requests: readonly ModelRequest[];
}

async function scene(
  script: Script,
  variables: Readonly<Record<string, string>>,
  options: AgentOptions = {},
): Promise<Scene> {
  const { model, ref, requests } = scriptedModel(script);
  const { cwd, env } = place();
  const around = {
    connection: { model, ref },
    cwd,
    env: { ...env, ...variables },
    preset: "default",
  } as const;
  const agent = await createAgent({ ...around, ...options });
  return { agent, requests, [Symbol.asyncDispose]: () => agent.close() };
}

const server = (type: "http" | "sse" = "http"): AgentOptions => ({
  mcpServers: { far: { type, url: `http://mcp.example/${type === "sse" ? "sse" : "mcp"}` } },
  allowedTools: ["mcp__far__*"],
  mcpWaitMs: 20_000,
});
const oneCall: Script = [{ calls: [{ name: "mcp__far__one", input: {} }] }, { text: "done" }];
const fetching = (url: string): Script => [
  { calls: [{ name: "WebFetch", input: { url, prompt: "x" } }] },
  { text: "done" },
];
const lastOutcome = (result: RunResult) =>
  result.messages.findLast((message) => message.role === "tool")?.outcome;
const targets = (): readonly string[] => proxy.seen.map(({ method, target }) => `${method} ${target}`);

describe("MCP servers through the proxy of the environment", () => {
  test("Streamable HTTP: all that is asked, the session's end too; nobody else hears of the login", async () => {
    const { agent } = await scene(oneCall, { HTTP_PROXY: login() }, server());
    const run = agent.run("go");
    const events: string[] = [];
    for await (const event of run) events.push(JSON.stringify(event));
    expect(lastOutcome(await run.result)).toMatchObject({ status: "ok", content: [{ text: "It is done." }] });
    await agent.close();
    expect(site.log).toEqual(expect.arrayContaining(["initialize", "tools/list", "tools/call", "DELETE"]));
    expect(new Set(targets())).toEqual(
      new Set(["POST", "GET", "DELETE"].map((method) => `${method} http://mcp.example/mcp`)),
    );
    expect(proxy.seen.map(({ headers }) => headers["proxy-authorization"])).toEqual(
      proxy.seen.map(() => wire),
    );
    expect(events.join("\n")).not.toMatch(new RegExp(`${password}|${wire}`));
    expect(JSON.stringify(agent.mcp?.status())).not.toContain(password);
  });

  test("the older HTTP with server-sent events", async () => {
    await using it = await scene(oneCall, { all_proxy: login() }, server("sse"));
    const outcome = lastOutcome(await it.agent.run("go").result);
    expect(outcome).toMatchObject({ status: "ok", content: [{ text: "It is done." }] });
    expect(targets()).toEqual(
      expect.arrayContaining(["GET http://mcp.example/sse", "POST http://mcp.example/messages"]),
    );
  });

  test("NO_PROXY is kept, and this machine is never reached through it", async () => {
    const around = { HTTP_PROXY: login(), NO_PROXY: ".example" };
    const here = { type: "http", url: `http://127.0.0.1:${site.port}/mcp` } as const;
    await using it = await scene(oneCall, around, {
      ...server(),
      mcpServers: { far: here, excepted: { type: "http", url: "http://mcp.example/mcp" } },
      mcpWaitMs: 2_000,
    });
    expect(lastOutcome(await it.agent.run("go").result)).toMatchObject({ status: "ok" });
    expect(proxy.seen).toEqual([]);
  });

  test.each([
    [{ HTTP_PROXY: "me:wrong" }, "proxy-refused", "answered 407 Proxy Authentication Required", 1],
    [{ HTTPS_PROXY: "me:wrong" }, "proxy-refused", "answered 407 Proxy Authentication Required", 1],
    [{ HTTP_PROXY: "socks" }, "proxy-unusable", "HTTP_PROXY names a proxy of the kind socks5://", 0],
  ] as const)("%j is told once, as %s", async (named, code, words, asked) => {
    const [[variable, how] = ["", ""]] = Object.entries(named);
    const address = how === "socks" ? `socks5://me:${password}@${proxy.place}` : `${how}@${proxy.place}`;
    const url = `${variable.startsWith("HTTPS") ? "https" : "http"}://mcp.example/mcp`;
    await using it = await scene(
      oneCall,
      { [variable]: address },
      {
        mcpServers: { far: { type: "http", url } },
        mcpWaitMs: 20_000,
      },
    );
    const [status] = it.agent.mcp?.status() ?? [];
    expect(status).toMatchObject({ state: "failed", fault: { code } });
    expect(status?.fault?.message).toContain(`The MCP server "far" cannot be connected to: `);
    expect(status?.fault?.message).toContain(words);
    expect(status?.fault?.message).not.toMatch(/wrong|s3cret/);
    expect(proxy.seen).toHaveLength(asked);
  });

  test.each(["http", "https"])(
    "one that is silent holds nobody, and nothing stays open (%s)",
    async (scheme) => {
      manner = () => "silent";
      const { agent } = await scene(
        [],
        { HTTP_PROXY: login(), HTTPS_PROXY: login() },
        {
          mcpServers: { far: { type: "http", url: `${scheme}://mcp.example/mcp` } },
        },
      );
      await waitUntil(() => proxy.seen.length > 0);
      await agent.close();
      await waitUntil(() => proxy.open() === 0);
      expect(proxy.seen).toHaveLength(1);
    },
  );

  test("one that is not there, and later is: the server comes back", async () => {
    manner = () => ({ status: 503, words: "Not now" });
    await using it = await scene(
      oneCall,
      { HTTPS_PROXY: login() },
      {
        mcpServers: { far: { type: "http", url: "https://mcp.example/mcp" } },
      },
    );
    const state = () => it.agent.mcp?.status()[0];
    await waitUntil(() => state()?.state === "waiting");
    expect(state()?.fault).toMatchObject({
      code: "proxy-unreachable",
      message: expect.stringContaining(`the proxy at ${proxy.place} answered 503 Not now`),
    });
    await waitUntil(() => proxy.seen.length > 1);
  });

  test("one that dies in the middle of a call: nobody knows whether it took effect, and the next call works", async () => {
    const twice: Script = [
      { calls: [{ name: "mcp__far__one", input: {} }] },
      { calls: [{ name: "mcp__far__one", input: {} }] },
      { text: "done" },
    ];
    await using it = await scene(twice, { HTTP_PROXY: login() }, server());
    let cuts = 0;
    manner = ({ method, headers }) =>
      method === "POST" && headers["mcp-method"] !== "tools/list" && ++cuts === 1 ? "cut" : "pass";
    const { messages } = await it.agent.run("go").result;
    const outcomes = messages.flatMap((message) => (message.role === "tool" ? [message.outcome] : []));
    expect(outcomes).toMatchObject([
      { status: "failed", error: { code: "outcome-unknown" } },
      { status: "ok" },
    ]);
    expect(JSON.stringify(outcomes)).not.toContain(password);
  });
});

describe("hooks over HTTP", () => {
  test("go through the proxy of the agent's environment, which need not be that of the process", async () => {
    const { env } = place();
    const hook = { type: "http", url: "http://mcp.example/hook" };
    await mkdir(env.CLAW_HOME, { recursive: true });
    const settings = { hooks: { UserPromptSubmit: [{ hooks: [hook] }] } };
    await writeFile(join(env.CLAW_HOME, "settings.json"), JSON.stringify(settings));
    await using it = await scene([{ text: "done" }], { HTTP_PROXY: login() });
    await it.agent.run("go").result;
    expect(targets()).toEqual(["POST http://mcp.example/hook"]);
  });
});

describe("who names a proxy", () => {
  test("the user's settings do, a repository's do not, trusted or not", async () => {
    const { cwd, env } = place();
    const other = await startTestProxy({ hosts: { "mcp.example": site.port } });
    cleanups.push(() => other[Symbol.asyncDispose]());
    await mkdir(join(cwd, ".claw"));
    const settings = (address: string): string => JSON.stringify({ env: { HTTP_PROXY: address } });
    await writeFile(join(cwd, ".claw", "settings.json"), settings(`http://${other.place}`));
    await using of = await scene(oneCall, {}, { ...server(), trustWorkspace: true, mcpWaitMs: 2_000 });
    expect(of.agent.mcp?.status()[0]?.state).not.toBe("ready");
    await mkdir(env.CLAW_HOME, { recursive: true });
    await writeFile(join(env.CLAW_HOME, "settings.json"), settings(login()));
    await using it = await scene(oneCall, {}, { ...server(), trustWorkspace: true });
    expect(lastOutcome(await it.agent.run("go").result)).toMatchObject({ status: "ok" });
    expect(other.seen).toEqual([]);
    expect(proxy.seen.length).toBeGreaterThan(0);
  });
});

describe("pages through the proxy of the environment", () => {
  async function pages(answer: (path: string, response: ServerResponse) => void): Promise<void> {
    const web = createServer((request, response) => answer(request.url ?? "", response));
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => web.close().closeAllConnections());
    const { port } = web.address() as AddressInfo; // a TCP server that listens has one
    await proxy[Symbol.asyncDispose]();
    proxy = await startTestProxy({
      hosts: { "pages.example": port, "10.0.0.7": port },
      login: `me:${password}`,
      manner: (request) => manner(request),
    });
  }
  const allowed: AgentOptions = { allowedTools: ["WebFetch(domain:pages.example)"] };
  const fetched = async (url: string, options: AgentOptions = allowed): Promise<string> => {
    await using it = await scene(fetching(url), { HTTP_PROXY: login() }, options);
    return JSON.stringify(lastOutcome(await it.agent.run("go").result));
  };

  test("a page is asked for by its whole address; each redirect is judged and routed anew", async () => {
    await pages((path, response) => {
      if (path === "/a") response.writeHead(302, { location: "/b" }).end();
      else if (path === "/b") response.writeHead(302, { location: "http://other.example/c" }).end();
      else response.end("the text");
    });
    expect(await fetched("http://pages.example/one?x=1#y")).toContain("the text");
    expect(targets()).toEqual(["GET http://pages.example/one?x=1"]);
    expect(await fetched("http://pages.example/a")).toContain("redirects to another host");
    expect(targets().slice(1)).toEqual(["GET http://pages.example/a", "GET http://pages.example/b"]);
    const excepted = { HTTP_PROXY: login(), NO_PROXY: "pages.example" };
    await using it = await scene(fetching("http://pages.example/one"), excepted, allowed);
    await it.agent.run("go").result;
    expect(proxy.seen).toHaveLength(3);
  });

  test("class 23: a private address is refused before the proxy is asked, unless a rule names it", async () => {
    await pages((_, response) => response.end("inner text"));
    const auto: AgentOptions = { permission: "auto" };
    expect(await fetched("http://10.0.0.7/", auto)).toContain("not on the public Internet");
    expect(await fetched("http://169.254.169.254/", auto)).toContain("not on the public Internet");
    expect(proxy.seen).toEqual([]);
    const rule: AgentOptions = { allowedTools: ["WebFetch(domain:10.0.0.7)"] };
    expect(await fetched("http://10.0.0.7/", rule)).toContain("inner text");
  });

  test("what the proxy refuses, breaks off or does not know is told as its doing", async () => {
    await pages((_, response) => response.end("x".repeat(100_000)));
    expect(await fetched("http://pages.example/")).toContain("xxx");
    manner = () => ({ status: 403, words: "Forbidden" });
    const refused = await fetched("http://pages.example/");
    expect(refused).toContain(`status 403, through the proxy at ${proxy.place}`);
    expect(refused).toContain("said by the proxy");
    manner = () => ({ status: 407 });
    expect(await fetched("http://pages.example/")).toContain('"code":"unavailable"');
    manner = () => "cut";
    expect(await fetched("http://pages.example/")).toContain("could not be fetched");
    await proxy[Symbol.asyncDispose]();
    const gone = await fetched("http://pages.example/");
    expect(gone).toContain(`the proxy at ${proxy.place} cannot be reached`);
    expect(gone).toContain("Check HTTP_PROXY, or name the host in NO_PROXY.");
    expect(gone).not.toContain(password);
  });
});

describe("models through the proxy of the environment", () => {
  const ask = (url: string, env: Readonly<Record<string, string>>, signal = new AbortController().signal) =>
    nodeTransport({ env })({ method: "POST", url, headers: {}, body: ["{}"] }, signal);

  test("a login that is refused is the proxy's word, also where it is asked itself", async () => {
    const failing = ask("http://mcp.example/", { HTTP_PROXY: `me:wrong@${proxy.place}` });
    await expect(failing).rejects.toMatchObject({
      fault: {
        code: "proxy-refused",
        message: `the proxy at ${proxy.place} answered 407 Proxy Authentication Required`,
      },
    });
  });

  test("a password with a percent sign that stands for itself", async () => {
    const own = await startTestProxy({ hosts: { "mcp.example": site.port }, login: "me:100%z" });
    cleanups.push(() => own[Symbol.asyncDispose]());
    const { status } = await ask("http://mcp.example/mcp", { HTTP_PROXY: `http://me:100%z@${own.place}` });
    expect(status).not.toBe(407);
  });

  test("who gives up while a silent proxy makes the connection leaves none behind", async () => {
    manner = () => "silent";
    const stop = new AbortController();
    const asking = ask("https://mcp.example/", { HTTPS_PROXY: login() }, stop.signal);
    asking.catch(() => undefined);
    await waitUntil(() => proxy.seen.length > 0);
    stop.abort();
    await expect(asking).rejects.toMatchObject({ name: "AbortError" });
    await waitUntil(() => proxy.open() === 0);
  });

  test("nothing of an address but what is asked for goes to the proxy", async () => {
    await ask("http://user:key@mcp.example/mcp?a=1#b", { HTTP_PROXY: login() });
    expect(proxy.seen.map(({ target }) => target)).toEqual(["http://mcp.example/mcp?a=1"]);
  });
});
