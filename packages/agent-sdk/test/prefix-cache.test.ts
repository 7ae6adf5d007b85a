import { type JsonObject, type JsonValue, memoryJournal } from "@claw/agent-core";
import { createAgent } from "@claw/agent-sdk";
import { type MockReply, type MockRequest, type MockToolCall, startMockModel } from "@claw/testkit";
import { expect, test } from "vitest";

const turns = 200;

/** A session of 200 requests as they come in real ones: questions, calls one by one and many at once, thoughts. */
const script = (_request: MockRequest, index: number): MockReply => {
  const reads = (count: number): readonly MockToolCall[] =>
    Array.from({ length: count }, (_, at) => ({ name: "Glob", input: { pattern: `*.${index}-${at}` } }));
  switch (index % 5) {
    case 0:
      return { reasoning: "Let me look.", text: "Looking.", toolCalls: reads(1) };
    case 1:
      // More blocks than a vendor looks back for what it kept.
      return { toolCalls: reads(index % 25 === 1 ? 24 : 2) };
    case 2:
      return { text: "日本語 👋", toolCalls: reads(1) };
    case 3:
      return { text: "Half of an answer that", stop: "length" };
    default:
      return { text: ` was long: number ${index}.` };
  }
};

const names: Readonly<Record<string, string>> = {
  "anthropic-messages": "anthropic:claude-sonnet-4-5",
  "openai-chat": "openai:gpt-5",
  "openai-responses": "openai-responses:gpt-5",
  "ollama-chat": "ollama:qwen3.5:9b",
};

test.each(Object.keys(names))(
  "law 13, rank 13: over 200 requests on %s, a resume and a change of models and back, each begins with the bytes before",
  { timeout: 120_000 },
  async (wire) => {
    await using mock = await startMockModel({ script, models: ["claude-sonnet-4-5", "gpt-5", "qwen3.5:9b"] });
    const [provider = "", ...id] = (names[wire] ?? "").split(":");
    const other = wire === "anthropic-messages" ? "openai:gpt-5" : "anthropic:claude-sonnet-4-5";
    const journal = memoryJournal();
    const env = {
      ...mock.env,
      HOME: "/nowhere",
      CLAW_HOME: "/nowhere/claw",
      PATH: process.env["PATH"],
    };
    const same = {
      provider,
      model: id.join(":"),
      journal,
      env,
      permission: "auto",
      compaction: false,
    } as const;
    let agent = await createAgent({ ...same, session: "s" });
    const until = async (count: number): Promise<void> => {
      while (mock.requests.length < count)
        expect((await agent.run("Go on.").result).end.reason).toBe("completed");
    };
    await until(turns * 0.4);
    await agent.close();
    agent = await createAgent({ ...same, resume: "s" });
    await until(turns * 0.6);
    await agent.setModel(other);
    await until(turns * 0.7);
    await agent.setModel(names[wire] ?? "");
    await until(turns);
    await agent.close();
    mock.assertClean();

    const own = mock.requests.filter((request) => request.wire === wire);
    expect(own.length).toBeGreaterThan(turns * 0.85);
    for (const requests of [own, mock.requests.filter((request) => request.wire !== wire)]) {
      for (const [index, request] of requests.entries()) {
        const before = requests[index - 1];
        if (before !== undefined) expect(startsWith(request, before), `request ${request.index}`).toBe(true);
      }
    }
    if (wire === "anthropic-messages") expectCacheReads(own);
  },
);

/** Whether all that one request says comes first in the next, byte for byte, the marks for the cache left aside. */
function startsWith(next: MockRequest, before: MockRequest): boolean {
  const plain = ({ raw }: MockRequest): string =>
    raw.replaceAll(`,"cache_control":{"type":"ephemeral"}`, "").replace(/[\]}]+$/, "");
  return plain(next).startsWith(plain(before));
}

/** How far back from a mark the vendor looks for a beginning that it kept. */
const lookBack = 20;

/**
 * Anthropic's cache, as it is documented: each mark keeps the beginning up to its block; a request reads the longest
 * beginning kept before that ends at one of its marks or at most 20 blocks before one.
 */
function expectCacheReads(requests: readonly MockRequest[]): void {
  const kept = new Set<string>();
  let last = 0;
  for (const { body, index } of requests) {
    const { prefixes, marks } = readingOrder(body);
    const reach = marks.flatMap((mark) => Array.from({ length: lookBack + 1 }, (_, back) => mark - back));
    const read = Math.max(-1, ...reach.filter((at) => kept.has(prefixes[at] ?? "none")));
    // All that the request before had is read again, but for a change of models in between.
    if (index > 0 && requests.some((request) => request.index === index - 1))
      expect(read, `request ${index}`).toBe(last);
    // And all that it has is kept for the next one.
    expect(marks).toContain(prefixes.length - 1);
    for (const mark of marks) kept.add(prefixes[mark] ?? "");
    last = Math.max(...marks);
  }
}

/** The beginnings of a prompt, block by block in the order in which the vendor reads it, and which blocks are marked. */
function readingOrder(body: JsonObject): { prefixes: readonly string[]; marks: readonly number[] } {
  const list = (value: JsonValue | undefined): readonly JsonObject[] => value as JsonObject[]; // the mock has checked it
  const blocks = [
    ...list(body["tools"]),
    ...list(body["system"]),
    ...list(body["messages"]).flatMap((message) => list(message["content"])),
  ];
  const prefixes: string[] = [];
  const marks: number[] = [];
  let prefix = "";
  for (const [index, { cache_control: mark, ...block }] of blocks.entries()) {
    prefix = `${digest(prefix)}${JSON.stringify(block)}`;
    prefixes.push(prefix);
    if (mark !== undefined) marks.push(index);
  }
  return { prefixes, marks };
}

/** Stands for all that came before, so that beginnings do not grow. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `${text.length}:${hash >>> 0};`;
}
