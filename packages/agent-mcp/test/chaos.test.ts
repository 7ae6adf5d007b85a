import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { chaosProxy } from "./chaos-proxy.ts";
import { everythingOverHttp, referenceProgram } from "./reference-server.ts";
import { call, codeOf, quick, said, serverOf, startMcp, stateOf } from "./support.ts";

const pipe = fileURLToPath(new URL("fixtures/chaos-pipe.mjs", import.meta.url));
const patient = { ...quick, backoff: { ...quick.backoff, maxAttempts: 1_000 } };

// Mostly waiting, each with servers of its own: the tests run beside each other.

/** The same chance each time. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a call may end as while the connection is at the mercy of chance: the truth, and never another call's answer. */
const truths = ["ok", "outcome-unknown", "unavailable"];

test.concurrent("stdio: answers that are held back and swapped reach the calls that they belong to", async () => {
  await using mcp = await startMcp({
    everything: {
      type: "stdio",
      command: process.execPath,
      args: [pipe, "7", "0", process.execPath, referenceProgram("everything")],
    },
  });
  await stateOf(mcp, "everything", "ready");
  const words = Array.from({ length: 40 }, (_, index) => `word ${index}`);
  const answers = await Promise.all(words.map((message) => call(mcp, "everything", "echo", { message })));
  expect(answers.map(said)).toEqual(words.map((word) => `Echo: ${word}`));
});

test.concurrent("rank 4, stdio: a server that dies again and again comes back, and each call ends with the truth", async () => {
  await using mcp = await startMcp(
    {
      everything: {
        type: "stdio",
        command: process.execPath,
        args: [pipe, "11", "2500", process.execPath, referenceProgram("everything")],
      },
    },
    { limits: patient },
  );
  await stateOf(mcp, "everything", "ready");
  for (let round = 0; round < 3; round += 1) {
    await stateOf(mcp, "everything", "ready");
    const answers = await Promise.all(
      ["a", "b", "c"].map((message) => call(mcp, "everything", "echo", { message })),
    );
    for (const [index, answer] of answers.entries()) {
      expect(truths).toContain(codeOf(answer));
      if (answer.status === "ok") expect(said(answer)).toBe(`Echo: ${["a", "b", "c"][index]}`);
    }
    await stateOf(mcp, "everything", "waiting");
  }
});

describe.concurrent.each(["http", "sse"] as const)("rank 4, mcp_server_dies_reconnect: %s", (type) => {
  test("dropped, delayed, refused and restarted, it comes back, and each call ends with the truth", async () => {
    await using server = await everythingOverHttp(type === "sse" ? "sse" : "streamableHttp");
    await using proxy = await chaosProxy(server.port, seeded(3));
    const url = `http://127.0.0.1:${proxy.port}/${type === "sse" ? "sse" : "mcp"}`;
    await using mcp = await startMcp({ everything: { type, url } }, { limits: patient });
    await stateOf(mcp, "everything", "ready");
    const echo = (message: string) => call(mcp, "everything", "echo", { message });

    proxy.delay(30);
    const held = await Promise.all(["a", "b", "c", "d"].map(echo));
    expect(held.map(said)).toEqual(["Echo: a", "Echo: b", "Echo: c", "Echo: d"]);
    proxy.delay(0);

    for (let round = 0; round < 3; round += 1) {
      const long = call(
        mcp,
        "everything",
        "trigger-long-running-operation",
        { duration: 1, steps: 10 },
        {
          // The first sign of life says that it has reached the server.
          progress: () => proxy.drop(),
        },
      );
      expect(truths).toContain(codeOf(await long));
      expect(said(await repeated(() => echo(`round ${round}`)))).toBe(`Echo: round ${round}`);
    }

    await server.restart();
    expect(said(await repeated(() => echo("after the restart")))).toBe("Echo: after the restart");

    proxy.refuse(true);
    proxy.drop();
    const away = call(mcp, "everything", "get-sum", { a: 1, b: 2 }, { signal: AbortSignal.timeout(1_000) });
    expect([...truths.slice(1), "cancelled"]).toContain(codeOf(await away));
    expect(serverOf(mcp, "everything").catalog().tools.length, "its tools stay listed").toBeGreaterThan(10);
    proxy.refuse(false);
    expect(said(await repeated(() => echo("and again")))).toBe("Echo: and again");
  });
});

/** Until it is no longer one of the answers that a lost connection gives. */
async function repeated(make: () => ReturnType<typeof call>): ReturnType<typeof call> {
  for (let times = 0; times < 20; times += 1) {
    const outcome = await make();
    if (outcome.status === "ok") return outcome;
    expect(truths).toContain(codeOf(outcome));
  }
  return make();
}
