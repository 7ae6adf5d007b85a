import type { ServerResponse } from "node:http";
import { waitUntil } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { calmly } from "../src/server/calmly.ts";
import { answers, site } from "./site.ts";
import { call, codeOf, odd, said, serverOf, startMcp, stateOf } from "./support.ts";

const count = 20_000;

/** The server floods while it is called, and answers when it has had an answer to each of its questions. */
function flooding(message: string, questions = 0): ReturnType<typeof odd> {
  return odd(`
    const answer = () => state.id !== undefined && state.flooded && (state.answers ?? 0) >= ${questions}
      && say({ id: state.id, result: { content: [{ type: "text", text: "lists: " + state.lists }] } });
    if (message.method === "tools/list") state.lists = (state.lists ?? 0) + 1;
    if (message.method === undefined) { state.answers = (state.answers ?? 0) + 1; answer(); return true; }
    if (message.method !== "tools/call") return false;
    state.id = message.id;
    const token = message.params._meta?.progressToken;
    flood(${count}, (n) => (${message}), () => { state.flooded = true; answer(); });
    return true;`);
}

/** How many there were at most between two turns of the loop of events. */
function inOneTurn(): { readonly seen: () => void; readonly most: () => number } & Disposable {
  let over = false;
  let now = 0;
  let most = 0;
  const turn = (): void => {
    now = 0;
    if (!over) setImmediate(turn);
  };
  turn();
  return {
    seen: () => {
      now += 1;
      most = Math.max(most, now);
    },
    most: () => most,
    [Symbol.dispose]: () => {
      over = true;
    },
  };
}

describe("a server that floods", () => {
  test("with words for the log: others have their turns, and each is heard", async () => {
    using turns = inOneTurn();
    let heard = 0;
    const log = (): void => {
      heard += 1;
      turns.seen();
    };
    await using mcp = await startMcp(
      { far: flooding('{ method: "notifications/message", params: { level: "info", data: "x" + n } }') },
      { host: { log } },
    );
    await stateOf(mcp, "far", "ready");
    expect(codeOf(await call(mcp, "far", "write"))).toBe("ok");
    expect(heard).toBe(count);
    expect(turns.most()).toBeLessThanOrEqual(200);
  });

  test("with progress of a call: as much is told as somebody can read, the first and what came last", async () => {
    await using mcp = await startMcp({
      far: flooding('{ method: "notifications/progress", params: { progressToken: token, progress: n } }'),
    });
    await stateOf(mcp, "far", "ready");
    const told: string[] = [];
    const since = performance.now();
    await call(mcp, "far", "write", {}, { progress: (words) => told.push(words) });
    expect(told.length).toBeLessThan(3 + (performance.now() - since) / 90);
    expect(told[0]).toBe("0");
    // The SDK lets an answer overtake the words right before it.
    expect(Number(told.at(-1))).toBeGreaterThan(count - 200);
  });

  test.each([
    [
      "progress of nothing",
      '{ method: "notifications/progress", params: { progressToken: 999999, progress: n } }',
      0,
    ],
    ["changes of its tools", '{ method: "notifications/tools/list_changed" }', 0],
    ["answers to nothing", "{ id: 100000 + n, result: { content: [] } }", 0],
    ["pings", '{ id: "p" + n, method: "ping" }', count],
    ["questions about folders", '{ id: "r" + n, method: "roots/list" }', count],
  ])("with %s: the call ends, and little is kept or asked for", async (_, message, questions) => {
    await using mcp = await startMcp({ far: flooding(message, questions) }, { host: { roots: () => ["/"] } });
    await stateOf(mcp, "far", "ready");
    const lists = Number(/^lists: (\d+)$/.exec(said(await call(mcp, "far", "write")))?.[1]);
    expect(lists).toBeLessThan(8);
    expect(serverOf(mcp, "far").errors().length).toBeLessThanOrEqual(64 * 1024);
  });

  const elicitation =
    '{ id: "e" + n, method: "elicitation/create", params: { message: "?", requestedSchema: { type: "object", properties: {} } } }';
  const sampling =
    '{ id: "s" + n, method: "sampling/createMessage", params: { maxTokens: 5, messages: [] } }';
  test.each([
    ["the person", elicitation, count],
    ["the model", sampling, 100],
  ])("with questions to %s: few wait at once, and each is answered", async (_, message, most) => {
    let open = 0;
    let mostOpen = 0;
    let asked = 0;
    const wait = async <Value>(value: Value): Promise<Value> => {
      asked += 1;
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return value;
    };
    await using mcp = await startMcp(
      { far: flooding(message, count) },
      {
        host: {
          elicit: () => wait({ action: "decline" }),
          sample: () => wait({ model: "m", text: "yes", stop: "endTurn" }),
        },
      },
    );
    await stateOf(mcp, "far", "ready");
    expect(codeOf(await call(mcp, "far", "write"))).toBe("ok");
    expect(mostOpen).toBeLessThanOrEqual(8);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(most);
  });

  test("and ends behind its answer: the answer is heard", async () => {
    await using mcp = await startMcp({
      far: odd(`
        if (message.method !== "tools/call") return false;
        flood(2_000, (n) => ({ method: "notifications/message", params: { level: "info", data: n } }), () => {
          say({ id: message.id, result: { content: [{ type: "text", text: "the last" }] } });
          process.exit(0);
        });
        return true;`),
    });
    await stateOf(mcp, "far", "ready");
    expect(said(await call(mcp, "far", "write"))).toBe("the last");
  });

  test("with more than is kept: what is not taken in yet waits with the server", async () => {
    await using mcp = await startMcp({
      far: odd(`
        if (message.method !== "tools/call") return false;
        const lines = "words that are no message and that nobody waits for\\n".repeat(1_000);
        let sent = 0;
        const more = () => {
          sent += 1;
          if (sent <= 220) process.stdout.write(lines, more);
          else say({ id: message.id, result: { content: [] } });
        };
        more();
        return true;`),
    });
    await stateOf(mcp, "far", "ready");
    expect(codeOf(await call(mcp, "far", "write"))).toBe("ok");
  });

  test("with questions whose answers it does not read: it is given up", async () => {
    await using mcp = await startMcp({
      far: odd(`
        if (message.method !== "tools/call") return false;
        process.stdin.pause();
        flood(5_000, (n) => ({ id: n + "x".repeat(10_000), method: "ping" }));
        return true;`),
    });
    await stateOf(mcp, "far", "ready");
    expect(codeOf(await call(mcp, "far", "write"))).toBe("outcome-unknown");
    expect(serverOf(mcp, "far").errors()).toContain("does not read");
  });

  test.each(["http", "sse"] as const)(
    "over HTTP (%s) with pings: their answers are a few requests at a time",
    async (type) => {
      const held: (() => void)[] = [];
      let most = 0;
      let answered = 0;
      let finish: () => void = () => undefined;
      const pings = 96;
      const release = (): void => {
        most = Math.max(most, held.length);
        answered += held.length;
        for (const answer of held.splice(0)) answer();
        if (answered === pings) finish();
      };
      const event = (value: object): string => `data: ${JSON.stringify({ jsonrpc: "2.0", ...value })}\n\n`;
      let stream: ServerResponse | undefined;
      const { url } = await site(
        ({ message, response }) => {
          if (message.method === undefined) {
            held.push(() => void response.writeHead(202).end());
            // Time for a ninth to come, if one would.
            if (held.length === 8) setTimeout(release, 100);
            return true;
          }
          const { id, method } = message;
          const out = stream ?? response;
          if (method !== "tools/call") {
            if (stream === undefined) return false;
            response.writeHead(202).end();
            const result = answers[method];
            const unknown = { error: { code: -32601, message: "Not found" } };
            if (id !== undefined)
              stream.write(event({ id, ...(result === undefined ? unknown : { result }) }));
            return true;
          }
          if (stream === undefined) response.writeHead(200, { "content-type": "text/event-stream" });
          else response.writeHead(202).end();
          out.write(Array.from({ length: pings }, (_, n) => event({ id: `p${n}`, method: "ping" })).join(""));
          finish = () => void out.end(event({ id, result: { content: [] } }));
          return true;
        },
        (response) => {
          if (type === "http") return void response.writeHead(405).end();
          stream = response.writeHead(200, { "content-type": "text/event-stream" });
          response.write("event: endpoint\ndata: /mcp\n\n");
        },
      );
      await using mcp = await startMcp({ far: { type, url } });
      await mcp.settled(20_000);
      expect(codeOf(await call(mcp, "far", "write"))).toBe("ok");
      expect(most).toBeLessThanOrEqual(8);
    },
  );

  test("with changes of its tools without a pause: they are asked for all the same", async () => {
    await using mcp = await startMcp({
      far: odd(`
        if (message.method !== "tools/call") return false;
        state.tools = ["extra"];
        setInterval(() => say({ method: "notifications/tools/list_changed" }), 20);
        return false;`),
    });
    await stateOf(mcp, "far", "ready");
    await call(mcp, "far", "write");
    await waitUntil(() => mcp.tool("mcp__far__extra") !== undefined);
  });

  test("what changes while it is asked what it offers is asked for once more", async () => {
    await using mcp = await startMcp({
      far: odd(`
        if (message.method !== "tools/list" || state.tools !== undefined) return false;
        say({ method: "notifications/tools/list_changed" });
        state.tools = ["extra"];
        // Longer than the wait for more changes.
        setTimeout(() => say({ id: message.id, result: { tools: [] } }), 500);
        return true;`),
    });
    await stateOf(mcp, "far", "ready");
    await waitUntil(() => mcp.tool("mcp__far__extra") !== undefined);
  });
});

describe("work that others ask for", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is done once for many, and ever more seldom where it is asked for without an end", async () => {
    let done = 0;
    const ask = calmly(
      async () => {
        done += 1;
        ask();
      },
      { firstMs: 300, capMs: 30_000, steadyMs: 10_000 },
    );
    for (let asked = 0; asked < 1_000; asked += 1) ask();
    await vi.advanceTimersByTimeAsync(300);
    expect(done).toBe(1);
    await vi.advanceTimersByTimeAsync(600);
    expect(done).toBe(2);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(done).toBeLessThan(10 + 120);
  });

  test("is done soon again after a time of quiet", async () => {
    let done = 0;
    const ask = calmly(
      async () => {
        done += 1;
      },
      { firstMs: 300, capMs: 30_000, steadyMs: 10_000 },
    );
    for (let round = 1; round <= 8; round += 1) {
      ask();
      await vi.advanceTimersByTimeAsync(300);
      expect(done).toBe(round);
      await vi.advanceTimersByTimeAsync(10_000);
    }
  });
});
