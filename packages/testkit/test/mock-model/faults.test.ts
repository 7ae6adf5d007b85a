import type { CutPoint, MockFault, MockModel, MockReply } from "@claw/testkit";
import { startMockModel } from "@claw/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Vendor } from "./client.ts";
import { events, open, send, smallest, vendors } from "./client.ts";

const reply: MockReply = {
  text: "one two three four",
  toolCalls: [{ name: "Glob", input: { pattern: "**/*.md" } }],
  format: { chunkSize: 10 },
};

interface Received {
  readonly text: string;
  /** How the body ended: properly, or broken off. */
  readonly end: "end" | "broken";
}

/** Everything that arrives until the body ends or breaks. */
async function receive(mock: MockModel, vendor: Vendor): Promise<Received> {
  const response = await open(mock, vendor, smallest(vendor));
  const chunks: Uint8Array[] = [];
  let end: Received["end"] = "end";
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk);
  } catch {
    end = "broken";
  }
  return { text: Buffer.concat(chunks).toString("utf8"), end };
}

async function receiveOne(vendor: Vendor, scripted: MockReply): Promise<Received> {
  await using mock = await startMockModel({ script: [scripted] });
  const received = await receive(mock, vendor);
  mock.assertClean();
  return received;
}

const withFault = (fault: MockFault): MockReply => ({ ...reply, fault });
const terminals: Readonly<Record<Vendor, string>> = {
  anthropic: "message_stop",
  chat: "[DONE]",
  responses: "response.completed",
  ollama: '"done":true',
};

describe.each(vendors)("%s", (vendor) => {
  test("error_429_retry_after: a status comes with its headers, in the vendor's shape", async () => {
    await using mock = await startMockModel({
      script: [
        { fault: { type: "status", status: 429, headers: { "retry-after": "7" }, message: "slow down" } },
        { fault: { type: "status", status: 500 } },
      ],
    });
    const limited = await send(mock, vendor, smallest(vendor));
    expect(limited.status).toBe(429);
    expect(limited.headers.get("retry-after")).toBe("7");
    const shapes: Readonly<Record<Vendor, unknown>> = {
      anthropic: { type: "error", error: { type: "rate_limit_error", message: "slow down" } },
      chat: { error: { message: "slow down", type: "requests", param: null, code: "rate_limit_exceeded" } },
      responses: {
        error: { message: "slow down", type: "requests", param: null, code: "rate_limit_exceeded" },
      },
      ollama: { error: "slow down" },
    };
    expect(JSON.parse(limited.text)).toEqual(shapes[vendor]);
    expect((await send(mock, vendor, smallest(vendor))).status).toBe(500);
    mock.assertClean();
  });

  test("L12: a prompt that is too long is refused as the vendor does it", async () => {
    await using mock = await startMockModel({ script: [{ fault: { type: "context-overflow" } }] });
    const answer = await send(mock, vendor, smallest(vendor));
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/too long|context/);
    mock.assertClean();
  });

  test("L8: any body can be sent in place of a reply", async () => {
    const html = { "content-type": "text/html" };
    await using mock = await startMockModel({
      script: [
        { fault: { type: "raw", status: 502, headers: html, body: "<html>login</html>" } },
        { fault: { type: "raw", body: "" } },
      ],
    });
    const page = await send(mock, vendor, smallest(vendor));
    expect(page).toMatchObject({ status: 502, text: "<html>login</html>" });
    expect(page.headers.get("content-type")).toBe("text/html");
    expect(await send(mock, vendor, smallest(vendor))).toMatchObject({ status: 200, text: "" });
  });

  test("L8: a whole answer can be given to a request for a stream", async () => {
    await using mock = await startMockModel({ script: [withFault({ type: "plain-json" })] });
    const answer = await send(mock, vendor, smallest(vendor));
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(answer.text)).toBeTypeOf("object");
  });

  test("a redirect names its target", async () => {
    await using mock = await startMockModel({
      script: [{ fault: { type: "redirect", location: "http://127.0.0.1:1/" } }],
    });
    const answer = await send(mock, vendor, smallest(vendor));
    expect(answer.status).toBe(307);
    expect(answer.headers.get("location")).toBe("http://127.0.0.1:1/");
  });

  test("L4: a reset before the answer is no answer at all, and is not the client leaving", async () => {
    await using mock = await startMockModel({ script: [{ fault: { type: "reset" } }] });
    await expect(open(mock, vendor, smallest(vendor))).rejects.toThrow("fetch failed");
    expect(mock.requests).toHaveLength(1);
    expect(mock.closedEarly).toBe(0);
  });

  test.each(["headers", "before-text", "after-text", "in-tool-json", "before-terminal"] as const)(
    "L4: a stream that breaks at %s has all before it and nothing after",
    async (at) => {
      const { text, end } = await receiveOne(vendor, withFault({ type: "cut", at }));
      expect(end).toBe("broken");
      const order: readonly CutPoint[] = [
        "headers",
        "before-text",
        "after-text",
        "in-tool-json",
        "before-terminal",
      ];
      const reached = order.indexOf(at);
      expect(text.includes("one two")).toBe(reached >= 2);
      expect(text.includes("ree four")).toBe(reached >= 3);
      expect(text.includes("mock0000010")).toBe(reached >= 3);
      expect(text.includes("*.md")).toBe(reached >= 4);
      expect(text).not.toContain(terminals[vendor]);
      if (at === "headers") expect(text).toBe("");
    },
  );

  test.each([
    ["before-terminal", false],
    ["before-stop", true],
  ] as const)("L5: a clean end %s looks like an end", async (at, withoutStop) => {
    const { text, end } = await receiveOne(vendor, withFault({ type: "cut", at, how: "clean" }));
    expect(end).toBe("end");
    expect(text).toContain("*.md");
    expect(text).not.toContain(terminals[vendor]);
    const saysWhy = /"stop_reason":"tool_use"|"finish_reason":"tool_calls"/.test(text);
    expect(saysWhy).toBe((vendor === "anthropic" || vendor === "chat") && !withoutStop);
  });

  test("L4: a stream can be broken after any event", async () => {
    const whole = events((await receiveOne(vendor, reply)).text);
    for (let frames = 0; frames < whole.length; frames += 1) {
      const { text, end } = await receiveOne(vendor, withFault({ type: "cut", at: { frames } }));
      expect(end).toBe("broken");
      expect(events(text)).toEqual(whole.slice(0, frames));
    }
  });

  test("L7: a stream can be broken after any byte", async () => {
    const whole = Buffer.from((await receiveOne(vendor, { ...reply, text: "你好 👋" })).text);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (bytes) => {
        const fault: MockFault = { type: "cut", at: { bytes } };
        const { text, end } = await receiveOne(vendor, { ...reply, text: "你好 👋", fault });
        expect(end).toBe("broken");
        expect(text).toBe(whole.subarray(0, bytes).toString("utf8"));
      }),
      { numRuns: 20 },
    );
  });

  test("error_sse_event: an error can come in the middle of a stream, in the vendor's shape", async () => {
    const fault: MockFault = { type: "error-event", at: "after-text", status: 529, message: "too busy" };
    const { text, end } = await receiveOne(vendor, withFault(fault));
    expect(end).toBe("end");
    expect(text).toContain("one two");
    const shapes: Readonly<Record<Vendor, object>> = {
      anthropic: { type: "error", error: { type: "overloaded_error", message: "too busy" } },
      chat: { error: { message: "too busy", type: "server_error" } },
      responses: { type: "error", message: "too busy", sequence_number: 5 },
      ollama: { error: "too busy" },
    };
    expect(events(text).at(-1)).toMatchObject(shapes[vendor]);
  });

  test("L6: a stalled stream stays open until the client leaves", async () => {
    await using mock = await startMockModel({ script: [withFault({ type: "stall", at: "after-text" })] });
    const leave = new AbortController();
    const response = await open(mock, vendor, smallest(vendor), {}, leave.signal);
    let text = "";
    await expect(async () => {
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString("utf8");
        if (text.includes("one two")) leave.abort();
      }
    }).rejects.toThrow();
    expect(text).not.toContain("ree four");
    await mock.nextClosedEarly();
  });

  test("L6: a server may not even send headers", async () => {
    await using mock = await startMockModel({ script: [withFault({ type: "stall", at: "request" })] });
    const leave = new AbortController();
    const answer = open(mock, vendor, smallest(vendor), {}, leave.signal);
    await mock.nextRequest();
    leave.abort();
    await expect(answer).rejects.toThrow(/abort/);
    await mock.nextClosedEarly();
  });

  test("L6: keep-alives can come for ever", async () => {
    await using mock = await startMockModel({
      script: [withFault({ type: "pings", at: "before-text", everyMs: 1 })],
    });
    const leave = new AbortController();
    const response = await open(mock, vendor, smallest(vendor), {}, leave.signal);
    const ping = {
      anthropic: "event: ping",
      chat: ": PROCESSING",
      responses: ": keepalive",
      ollama: '"content":""',
    };
    let text = "";
    await expect(async () => {
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString("utf8");
        if (text.split(ping[vendor]).length > 20) leave.abort();
      }
    }).rejects.toThrow();
    expect(text).not.toContain("one two");
  });

  test("L7: an event can be larger than 16 MB", async () => {
    const { text, end } = await receiveOne(vendor, withFault({ type: "huge-event" }));
    expect(end).toBe("end");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeGreaterThan(16_000_000);
  });

  test("L7: nonsense can stand between events, and the stream goes on", async () => {
    const { text, end } = await receiveOne(
      vendor,
      withFault({ type: "malformed", at: "after-text", data: "{nonsense" }),
    );
    expect(end).toBe("end");
    expect(text).toContain(vendor === "ollama" ? "\n{nonsense\n" : "\ndata: {nonsense\n\n");
    expect(text.indexOf("{nonsense")).toBeGreaterThan(text.indexOf("one two"));
    expect(text).toContain(terminals[vendor]);
  });

  test("a plain answer can be broken, too", async () => {
    await using mock = await startMockModel({ script: [withFault({ type: "cut", at: { bytes: 10 } })] });
    const response = await open(mock, vendor, { ...smallest(vendor), stream: false });
    await expect(response.text()).rejects.toThrow("terminated");
  });

  test("a fault that the reply has no place for is a violation", async () => {
    await using mock = await startMockModel({
      script: [
        { text: "x", fault: { type: "cut", at: "in-tool-json" } },
        withFault({ type: "pings", at: "headers", everyMs: 1 }),
      ],
    });
    expect((await receive(mock, vendor)).end).toBe("end");
    expect(mock.violations[0]).toMatch(/no place "in-tool-json" for its fault/);
    await send(mock, vendor, { ...smallest(vendor), stream: false });
    expect(mock.violations[1]).toMatch(/the fault pings needs a stream/);
  });
});

test("closing the server ends whatever still runs", async () => {
  const never = new Promise<never>(() => {});
  const replies: readonly (MockReply | Promise<MockReply>)[] = [
    withFault({ type: "stall", at: "request" }),
    { text: "x", format: { gate: () => never } },
    { fault: { type: "endless" } },
    never,
  ];
  const mock = await startMockModel({ script: (_, index) => replies[index] ?? {} });
  const answers = vendors.map((vendor) => receive(mock, vendor).catch(() => "failed"));
  for (const _ of answers) await mock.nextRequest();
  await mock.close();
  expect(await Promise.all(answers)).toHaveLength(4);
  await expect(fetch(mock.url)).rejects.toThrow("fetch failed");
  mock.assertClean();
});
