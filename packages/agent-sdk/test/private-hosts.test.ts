import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgent } from "@claw/agent-sdk";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder = "";
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  if (request.url === "/away") response.writeHead(302, { location: `http://127.0.0.2:${port()}/inner` });
  response.end("hello from inside");
});
const port = (): number => (server.address() as AddressInfo).port; // a TCP server's address is always this

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-private-"));
  asked.length = 0;
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function fetched(url: string, allowedTools: readonly string[]): Promise<string> {
  const replies = [{ toolCalls: [{ name: "WebFetch", input: { url, prompt: "x" } }] }, { text: "done" }];
  await using agent = await createAgent({
    provider: "stub",
    stubScript: replies.map((reply) => JSON.stringify(reply)).join("\n"),
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") },
    permission: "auto",
    allowedTools,
  });
  const { messages } = await agent.run("go").result;
  return JSON.stringify(messages.filter((message) => message.role === "tool"));
}

test("class 23: a server on this computer is reached when a rule names it, and refused in every mode when none does", async () => {
  expect(await fetched(`http://127.0.0.1:${port()}/a`, [])).toContain("not on the public Internet");
  expect(await fetched(`http://127.0.0.1:${port()}/a`, ["WebFetch"])).toContain("not on the public Internet");
  expect(asked).toEqual([]);
  expect(await fetched(`http://127.0.0.1:${port()}/a`, ["WebFetch(domain:127.0.0.1)"])).toContain("hello");
  expect(await fetched(`http://localhost:${port()}/b`, ["WebFetch(domain:localhost)"])).toContain("hello");
  expect(asked).toEqual(["/a", "/b"]);
});

test("class 23: a redirect to a place that no rule names is not followed but has to be asked for", async () => {
  const rules = ["WebFetch(domain:127.0.0.1)"];
  const said = await fetched(`http://127.0.0.1:${port()}/away`, rules);
  expect(said).toContain("redirects to another host");
  expect(asked).toEqual(["/away"]);
  expect(await fetched(`http://127.0.0.2:${port()}/inner`, rules)).toContain("not on the public Internet");
  expect(asked).toEqual(["/away"]);
});
