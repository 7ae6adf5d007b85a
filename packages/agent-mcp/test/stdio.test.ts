import { readFile } from "node:fs/promises";
import { processesWithMarker, temporaryFolder, waitUntil } from "@claw/testkit";
import { describe, expect, test } from "vitest";
import {
  call,
  changeOf,
  codeOf,
  fake,
  fakeServer,
  quick,
  said,
  serverOf,
  startMcp,
  stateOf,
} from "./support.ts";

describe("a server that misbehaves", () => {
  // These wait for limits of time, so they do it together.
  test.concurrent("M1, M2, rank 4: a bad, a silent and a loud one change nothing for a good one", async () => {
    await using mcp = await startMcp(
      {
        bad: { type: "stdio", command: "/no/such/program" },
        silent: fake("silent"),
        loud: fake("loud"),
        good: fake("good"),
      },
      { limits: { ...quick, startMs: 4_000 } },
    );
    await stateOf(mcp, "good", "ready");
    expect(serverOf(mcp, "silent").state().type).toBe("connecting");
    expect(said(await call(mcp, "good", "read", { text: "x" }))).toBe("did read: x");
    expect(await stateOf(mcp, "bad", "failed")).toMatchObject({
      fault: { code: "mcp-cannot-start", message: 'The program "/no/such/program" is not there.' },
    });
    await stateOf(mcp, "loud", "ready");
    expect(said(await call(mcp, "loud", "read", { text: "y" }))).toBe("did read: y");
    expect(serverOf(mcp, "loud").errors().length).toBeLessThanOrEqual(64 * 1024);
    expect(await stateOf(mcp, "silent", "waiting")).toMatchObject({ fault: { code: "mcp-timed-out" } });
  });

  test.concurrent("M1, rank 5: close ends the whole process group of a server that ignores it", async () => {
    await using folder = await temporaryFolder();
    const notes = `${folder.path}/notes`;
    const mcp = await startMcp({ fake: fake("stubborn", notes) });
    await stateOf(mcp, "fake", "ready");
    expect((await readFile(notes, "utf8")).match(/child \d+/)).not.toBeNull();
    await mcp.close();
    const pids = [...(await readFile(notes, "utf8")).matchAll(/(?:start|child) (\d+)/g)].map(([, pid]) =>
      Number(pid),
    );
    expect(pids.length).toBeGreaterThanOrEqual(2);
    for (const pid of pids) await waitUntil(() => isGone(pid));
    expect(await processesWithMarker(notes)).toEqual([]);
  });

  test.concurrent("M2: what a server started ends with it when it crashes", async () => {
    await using folder = await temporaryFolder();
    const notes = `${folder.path}/notes`;
    await using mcp = await startMcp({ fake: fake("stubborn", notes) });
    await stateOf(mcp, "fake", "ready");
    const child = Number(/child (\d+)/.exec(await readFile(notes, "utf8"))?.[1]);
    const again = changeOf(mcp, "state");
    await call(mcp, "fake", "read", { text: "die" });
    await again;
    await waitUntil(() => isGone(child));
  });

  test("M1: a call that hangs ends at its limit, the server is told, and the outcome says what is known", async () => {
    await using folder = await temporaryFolder();
    const notes = `${folder.path}/notes`;
    await using mcp = await startMcp({ fake: { ...fake("good", notes), timeoutMs: 100 } });
    await stateOf(mcp, "fake", "ready");
    const outcome = await call(mcp, "fake", "write", { text: "hang" });
    expect(codeOf(outcome)).toBe("timed-out");
    expect(said(outcome)).toContain("Whether it took effect is not known");
    await waitUntil(async () => (await readFile(notes, "utf8")).includes("cancelled"));
  });

  test("M1: a cancelled call settles at once and the server is told", async () => {
    await using folder = await temporaryFolder();
    const notes = `${folder.path}/notes`;
    await using mcp = await startMcp({ fake: fake("good", notes) });
    await stateOf(mcp, "fake", "ready");
    const abort = new AbortController();
    const outcome = call(mcp, "fake", "write", { text: "hang" }, { signal: abort.signal });
    await waitUntil(async () => (await readFile(notes, "utf8")).includes("call write"));
    abort.abort();
    expect(codeOf(await outcome)).toBe("cancelled");
    await waitUntil(async () => (await readFile(notes, "utf8")).includes("cancelled"));
  });

  test("M2: a call that the server crashes on has an unknown outcome, unless it may be repeated", async () => {
    await using folder = await temporaryFolder();
    for (const [tool, expected] of [
      ["write", "outcome-unknown"],
      ["idempotent", "ok"],
      ["read", "ok"],
    ] as const) {
      const notes = `${folder.path}/${tool}`;
      await using mcp = await startMcp({ fake: fake("good", notes) });
      await stateOf(mcp, "fake", "ready");
      const outcome = await call(mcp, "fake", tool, { text: "die once" });
      expect(codeOf(outcome)).toBe(expected);
      const calls = (await readFile(notes, "utf8")).split("\n").filter((line) => line.startsWith("call"));
      expect(calls).toHaveLength(expected === "ok" ? 2 : 1);
      if (expected !== "ok") expect(said(outcome)).toContain("check before you repeat it");
      await stateOf(mcp, "fake", "ready");
      expect(codeOf(await call(mcp, "fake", "write", { text: "again" }))).toBe("ok");
    }
  });

  test("M2: a line without an end costs the connection, not the memory, and it comes back", async () => {
    await using mcp = await startMcp({ fake: fake("good") });
    await stateOf(mcp, "fake", "ready");
    const outcome = await call(mcp, "fake", "write", { text: "huge" });
    expect(codeOf(outcome)).toBe("outcome-unknown");
    await stateOf(mcp, "fake", "ready");
    expect(codeOf(await call(mcp, "fake", "read", {}))).toBe("ok");
  });

  test("M4: a server that ends after each start is given up, and its state says why", async () => {
    await using mcp = await startMcp({ fake: fake("drops") });
    const state = await stateOf(mcp, "fake", "failed");
    expect(state).toMatchObject({ fault: { code: "mcp-connection-lost" } });
    expect(mcp.status()[0]).toMatchObject({ name: "fake", state: "failed", tools: 5 });
  });

  test("M4: of one that never comes up, the last that it said is told, each line of it once", async () => {
    await using mcp = await startMcp({
      ends: {
        type: "stdio",
        command: process.execPath,
        args: ["-e", "console.error('no key'); process.exit(3)"],
      },
    });
    const state = await stateOf(mcp, "ends", "failed");
    const { message } = "fault" in state ? state.fault : { message: "" };
    expect(message).toMatch(/^The MCP server "ends" cannot be connected to: [^.]+\. It said: /);
    expect(message).toMatch(/no key \| \[ended with exit code 3\]/);
    expect(message).not.toMatch(/\| *\|/);
  });

  test("M4: why a server cannot be reached is told down to the reason of the system", async () => {
    await using mcp = await startMcp({ web: { type: "http", url: "http://127.0.0.1:9/mcp" } });
    const state = await stateOf(mcp, "web", "failed");
    expect("fault" in state ? state.fault.message : "").toMatch(
      /fetch failed \((?:bad port|.*ECONNREFUSED.*)\)\.$/,
    );
  });

  test("a program of the older kind that dies of the newer protocol's question is asked in the older way", async () => {
    await using mcp = await startMcp({ fake: fake("old") });
    await stateOf(mcp, "fake", "ready");
    expect(serverOf(mcp, "fake").protocol()).toBe("2025-11-25");
  });

  test("its environment holds what it was given, and nothing else of ours", async () => {
    process.env["SECRET_OF_OURS"] = "x";
    const marker = `M${process.pid}`;
    await using mcp = await startMcp({
      fake: { type: "stdio", command: process.execPath, args: [fakeServer, "good"], env: { MARK: marker } },
    });
    await stateOf(mcp, "fake", "ready");
    const [found] = await processesWithMarker(`MARK=${marker}`);
    const environment = await readFile(`/proc/${found?.pid}/environ`, "utf8");
    expect(environment).not.toContain("SECRET_OF_OURS");
    delete process.env["SECRET_OF_OURS"];
  });
});

describe("what changes", () => {
  test("M3, mcp_tool_list_changed: list_changed brings the new tools, progress comes through", async () => {
    await using mcp = await startMcp({ fake: fake("good") });
    await stateOf(mcp, "fake", "ready");
    const progress: string[] = [];
    await call(mcp, "fake", "read", { text: "progress" }, { progress: (text) => progress.push(text) });
    expect(progress).toEqual(["half"]);
    const changed = changeOf(mcp, "catalog");
    await call(mcp, "fake", "write", { text: "change" });
    await changed;
    expect(mcp.tool("mcp__fake__extra")).toBeDefined();
  });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
