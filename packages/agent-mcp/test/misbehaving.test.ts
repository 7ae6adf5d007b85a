import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FaultError } from "@claw/agent-core";
import type { Fetch } from "@claw/agent-mcp";
import { temporaryFolder, waitUntil } from "@claw/testkit";
import { describe, expect, test } from "vitest";
import { flood, site } from "./site.ts";
import { call, codeOf, fake, odd, quick, said, serverOf, startMcp, stateOf } from "./support.ts";

const http = (url: string) => ({ far: { type: "http", url } as const });
const calls = (log: readonly string[], method: string): readonly string[] =>
  log.filter((line) => line.startsWith(method));

describe("over HTTP", () => {
  test.each([
    ["JSON", "application/json", '{"jsonrpc":"2.0","x":"', "x".repeat(1 << 20)],
    ["an event", "text/event-stream", "data: ", "x".repeat(1 << 20)],
    ["JSON that is read and then too long", "application/json", "", " ".repeat(1 << 20)],
  ])("M2: %s without an end costs the connection, not the memory", async (_, type, start, piece) => {
    let flooded: { readonly sent: () => number } | undefined;
    const { url } = await site(({ message, response }) => {
      if (message.method !== "tools/call" || flooded !== undefined) return false;
      response.writeHead(200, { "content-type": type });
      response.write(start);
      flooded = flood(response, piece);
      return true;
    });
    await using mcp = await startMcp(http(url));
    await mcp.settled(20_000);
    const outcome = await call(mcp, "far", "write");
    expect(codeOf(outcome)).toBe("outcome-unknown");
    expect(`${said(outcome)}${serverOf(mcp, "far").errors()}`).toContain("longer than");
    expect(flooded?.sent()).toBeLessThan(64 * (1 << 20));
    expect(said(await call(mcp, "far", "write"))).toBe("did it");
  });

  test.each(["broken off", "ended"])(
    "an answer whose stream is %s before it came is not waited for",
    async (how) => {
      let odd = true;
      const { url } = await site(({ message, response }) => {
        if (message.method !== "tools/call" || !odd) return false;
        odd = false;
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(": soon\n\n", () => (how === "ended" ? response.end() : response.destroy()));
        return true;
      });
      await using mcp = await startMcp(http(url));
      await mcp.settled(20_000);
      expect(codeOf(await call(mcp, "far", "write"))).toBe("outcome-unknown");
      odd = true;
      expect(said(await call(mcp, "far", "read")), "what only reads is repeated").toBe("did it");
    },
  );

  test("a session that the server knows no more (404) is made anew, and the call goes once", async () => {
    const forgotten = new Set<string>();
    const { url, log } = await site(({ message, session, response }) => {
      if (message.method === "initialize" || !forgotten.has(session)) return false;
      response.writeHead(404).end();
      return true;
    });
    await using mcp = await startMcp(http(url));
    await mcp.settled(20_000);
    forgotten.add("session-1");
    expect(said(await call(mcp, "far", "write"))).toBe("did it");
    expect(calls(log, "tools/call")).toEqual(["tools/call session-1", "tools/call session-2"]);
  });

  test("a call that a proxy did not let through was not seen by the server, and is made once more", async () => {
    const { url, log } = await site(() => false);
    let faults = 1;
    const fetch: Fetch = (address, init) => {
      if (!`${init?.body}`.includes("tools/call") || faults === 0) return globalThis.fetch(address, init);
      faults -= 1;
      const message = "the proxy at proxy.example does not answer";
      return Promise.reject(new FaultError({ code: "proxy-unreachable", message }));
    };
    await using mcp = await startMcp(http(url), { fetch });
    await mcp.settled(20_000);
    expect(said(await call(mcp, "far", "write"))).toBe("did it");
    expect(calls(log, "tools/call")).toEqual(["tools/call session-2"]);
  });

  test.each(["retry: 0", "retry: 3000000000"])(
    "a stream that ends at once with %s is not asked for in a ring",
    async (retry) => {
      const { url, log } = await site(
        () => false,
        (response) => {
          response.writeHead(200, { "content-type": "text/event-stream" });
          response.end(`${retry}\nid: 1\ndata:\n\n`);
        },
      );
      await using mcp = await startMcp(http(url));
      await mcp.settled(20_000);
      await waitUntil(() => calls(log, "GET").length >= 1);
      const since = performance.now();
      for (let count = 0; count < 20; count += 1) await call(mcp, "far", "read");
      // However slow the machine is: at most one in a tenth of a second.
      expect(calls(log, "GET").length).toBeLessThan(4 + (performance.now() - since) / 100);
    },
  );

  test("a stream that cannot be taken up again costs the session, which is made anew", async () => {
    let gets = 0;
    const { url, log } = await site(
      () => false,
      (response) => {
        gets += 1;
        if (gets > 1) return void response.writeHead(gets > 8 ? 405 : 500).end();
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end("retry: 1\nid: 1\ndata:\n\n");
      },
    );
    await using mcp = await startMcp(http(url));
    await waitUntil(() => calls(log, "initialize").length > 1);
    await stateOf(mcp, "far", "ready");
    expect(said(await call(mcp, "far", "write"))).toBe("did it");
  });

  test("closing ends what is asked while it connects: the lists too", async () => {
    const { url, log, open } = await site(({ message }) => message.method === "tools/list");
    const mcp = await startMcp(http(url));
    await waitUntil(() => calls(log, "tools/list").length > 0);
    await mcp.close();
    await waitUntil(() => open() === 0);
  });
});

describe("over stdio", () => {
  test.each(["silent stubborn", "listless stubborn"])(
    "closing leaves no program behind that is still starting (%s)",
    async (mode) => {
      await using folder = await temporaryFolder();
      const notes = join(folder.path, "notes");
      const mcp = await startMcp({ far: fake(mode, notes) });
      const asked = mode === "silent stubborn" ? "start" : "list";
      await waitUntil(async () => (await readFile(notes, "utf8").catch(() => "")).includes(asked));
      await mcp.close();
      const pids = [...(await readFile(notes, "utf8")).matchAll(/^start (\d+)/gm)].map(([, pid]) =>
        Number(pid),
      );
      expect(pids.filter(isAlive)).toEqual([]);
    },
  );

  test("one that has ended is lost, although what it started holds its output open", async () => {
    await using mcp = await startMcp({
      far: odd(`
        if (message.method !== "tools/call") return false;
        const { spawn } = process.getBuiltinModule("node:child_process");
        spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "inherit" });
        process.exit(0);`),
    });
    await stateOf(mcp, "far", "ready");
    expect(codeOf(await call(mcp, "far", "write"))).toBe("outcome-unknown");
  });

  test("one that never tells what it offers is let go, and its next start is not held up by it", async () => {
    await using folder = await temporaryFolder();
    const notes = join(folder.path, "notes");
    await using mcp = await startMcp(
      { far: fake("listless once", notes) },
      { limits: { ...quick, startMs: 3_000 } },
    );
    await stateOf(mcp, "far", "ready");
    const [first = 0, ...others] = await startedIn(notes);
    expect(others).toHaveLength(1);
    await waitUntil(() => !isAlive(first));
    await call(mcp, "far", "write", { text: "change" });
    await waitUntil(() =>
      serverOf(mcp, "far")
        .catalog()
        .tools.some(({ name }) => name === "extra"),
    );
  });
});

async function startedIn(notes: string): Promise<readonly number[]> {
  return [...(await readFile(notes, "utf8")).matchAll(/^start (\d+)/gm)].map(([, pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
