import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { diagnose } from "@claw/agent-sdk";
import { type TemporaryFolder, temporaryFolder } from "@claw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, "work"));
  await mkdir(join(folder.path, "home"));
});
afterEach(() => folder[Symbol.asyncDispose]());

/** What `diagnose` says of proxies, and all that it says. */
async function proxies(
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly found: readonly string[]; readonly all: string; readonly asked: readonly string[] }> {
  const found: string[] = [];
  const asked: string[] = [];
  let all = "";
  const checks = diagnose({
    cwd: join(folder.path, "work"),
    env: {
      ...{ PATH: process.env["PATH"] ?? "", HOME: folder.path, CLAW_HOME: join(folder.path, "home") },
      ...{ ANTHROPIC_API_KEY: "key", ...variables },
    },
    mcpServers: {
      far: { type: "http", url: "http://mcp.test/mcp" },
      here: { type: "http", url: "http://127.0.0.1:9/mcp" },
      program: { type: "stdio", command: "true" },
    },
    transport: ({ url }) => {
      asked.push(new URL(url).hostname);
      return Promise.reject(new Error("Nobody is asked."));
    },
  });
  for await (const check of checks) {
    all += `${JSON.stringify(check)}\n`;
    if (check.name === "proxy") found.push(`${check.status} ${check.text}`);
  }
  return { found, all, asked };
}

test("diagnose says which proxies are on the way to models and MCP servers, by host and port", async () => {
  const password = "s3cret-of-the-proxy";
  const { found, all, asked } = await proxies({
    HTTPS_PROXY: `http://me:${password}@proxy.test:3128`,
    http_proxy: "other.test:8080",
  });
  expect(found).toEqual([
    "ok through proxy.test:3128 (HTTPS_PROXY): provider anthropic",
    "ok without a proxy: provider ollama, MCP server here",
    "ok through other.test:8080 (http_proxy): MCP server far",
  ]);
  expect(all).not.toContain(password);
  expect(new Set(asked)).toEqual(new Set(["api.anthropic.com", "localhost"]));
});

test("diagnose says that there is none", async () => {
  expect((await proxies({})).found).toEqual(["ok none on the way to models and MCP servers"]);
  expect((await proxies({ ALL_PROXY: "http://proxy.test:1", NO_PROXY: "*" })).found).toEqual([
    "ok none on the way to models and MCP servers",
  ]);
});

test("diagnose knows the proxy of the user's own settings", async () => {
  const env = { HTTPS_PROXY: "https://proxy.test:4443" };
  await writeFile(join(folder.path, "home", "settings.json"), JSON.stringify({ env }));
  expect((await proxies({})).found[0]).toBe("ok through proxy.test:4443 (HTTPS_PROXY): provider anthropic");
});

test.each([
  ["no address", "http://me:s3cret@proxy:port", "HTTPS_PROXY is not the address of a proxy"],
  ["of another kind", "socks5://me:s3cret@proxy.test:1080", "only http and https can be used"],
])("a proxy that is %s is a problem, told without its password", async (_, value, words) => {
  const { found, all } = await proxies({ HTTPS_PROXY: value });
  expect(found[0]).toMatch(/^problem /);
  expect(found[0]).toContain(words);
  expect(all).not.toContain("s3cret");
});
