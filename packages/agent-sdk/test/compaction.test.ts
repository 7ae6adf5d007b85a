import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCarried } from "@claw/agent-compact";
import {
  type AssistantMessage,
  type DurableEvent,
  type Message,
  type Model,
  type ModelRequest,
  memoryJournal,
  plainText,
  sessionId,
  text,
  toolCallId,
} from "@claw/agent-core";
import { type Agent, createAgent, defineTool, jsonSchema } from "@claw/agent-sdk";
import { temporaryFolder } from "@claw/testkit";
import { describe, expect, test } from "vitest";

/** A source of chance that gives the same again. */
function dice(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return state % below;
  };
}

/** The vendor counts in its own way: not the four bytes a token that an estimate begins with. */
function tokensOf({ system, tools, messages }: ModelRequest): number {
  const characters = (system?.length ?? 0) + JSON.stringify(tools).length + JSON.stringify(messages).length;
  return Math.ceil(characters / 3.7);
}

const ref = { provider: "synthetic", id: "long-runner" };

/** What one synthetic life of a session asks for, and what must be true of it. */
interface Life {
  readonly roll: (below: number) => number;
  readonly window: number;
  readonly pins: string[];
  readonly requests: ModelRequest[];
  /** Requests that did not fit, were they sent. */
  readonly tooLarge: number[];
  readonly lost: string[];
  turnsLeft: number;
}

function modelOf(life: Life): Model {
  return async function* (request) {
    const tokens = tokensOf(request);
    if (tokens > life.window) life.tooLarge.push(tokens);
    if (request.system?.startsWith("You keep the record") === true) return summary(life);
    life.requests.push(request);
    const sent = JSON.stringify(request.messages);
    for (const pin of life.pins) if (!sent.includes(pin)) life.lost.push(pin);
    const usage = life.roll(10) === 0 ? {} : { input: tokens, output: 20 };
    if (life.turnsLeft <= 0)
      return reply({ content: [text("That is done.")], stop: { reason: "end" }, usage });
    life.turnsLeft -= 1;
    const calls = Array.from({ length: 1 + life.roll(3) }, (_, index) => ({
      type: "tool-call" as const,
      id: toolCallId(`t${life.requests.length}-${index}`),
      name: "Look",
      input: { size: life.roll(life.window / 2), at: life.roll(1_000_000) },
    }));
    return reply({ content: [text("I look further."), ...calls], stop: { reason: "tool-calls" }, usage });
  };
}

/** The summariser is of little use: it never tells a constraint, sometimes fails, and sometimes says too much. */
function summary({ roll }: Life): AssistantMessage {
  const usage = { input: 50, output: 10 };
  switch (roll(5)) {
    case 0:
      return reply({
        content: [],
        stop: { reason: "error", error: { code: "server", message: "no", retryable: false } },
        usage,
      });
    case 1:
      return reply({ content: [text("They talked. ".repeat(400))], stop: { reason: "length" }, usage });
    default:
      return reply({ content: [text("They looked at several things.")], stop: { reason: "end" }, usage });
  }
}

function reply(parts: Pick<AssistantMessage, "content" | "stop" | "usage">): AssistantMessage {
  return { role: "assistant", model: ref, ...parts };
}

const look = defineTool({
  name: "Look",
  description: "Looks at something.",
  input: jsonSchema<{ readonly size: number; readonly at: number }>({
    type: "object",
    properties: { size: { type: "integer" }, at: { type: "integer" } },
    required: ["size", "at"],
  }),
  effects: () => [],
  run: ({ size, at }) => `at ${at}: ${"lorem ipsum ".repeat(Math.ceil(size / 12))}`,
});

async function agentOf(
  life: Life,
  journal: ReturnType<typeof memoryJournal>,
  resume: boolean,
): Promise<Agent> {
  return createAgent({
    connection: { model: modelOf(life), ref, contextWindow: life.window },
    preset: "minimal",
    system: "You look at things.",
    tools: [look],
    journal,
    permission: "auto",
    ...(resume ? { resume: "life" } : { session: "life" }),
  });
}

async function eventsOf(journal: ReturnType<typeof memoryJournal>): Promise<readonly DurableEvent[]> {
  const events: DurableEvent[] = [];
  for await (const event of journal.read(sessionId("life"))) events.push(event);
  return events;
}

/** The next request begins with the bytes of the one before, unless the conversation was made shorter in between. */
function expectSameBeginning(before: readonly Message[], after: readonly Message[]): void {
  expect(JSON.stringify(after.slice(0, before.length))).toBe(JSON.stringify(before));
}

async function liveThrough(seed: number, window: number): Promise<void> {
  const roll = dice(seed);
  const life: Life = { roll, window, pins: [], requests: [], tooLarge: [], lost: [], turnsLeft: 0 };
  const journal = memoryJournal();
  let agent = await agentOf(life, journal, false);
  for (let prompt = 0; prompt < 4; prompt++) {
    const pin = `You must never open door ${seed}-${prompt}.`;
    life.pins.push(pin);
    life.turnsLeft = 3 + roll(9);
    const { end } = await agent.run(
      `Please look around, part ${prompt}. ${pin} ${"Take your time. ".repeat(roll(8))}`,
    ).result;
    expect(end).toMatchObject({ reason: "completed" });
    if (roll(3) > 0) continue;
    await agent.close();
    const last = life.requests.at(-1)?.messages ?? [];
    const compactions = agent.messages.length;
    agent = await agentOf(life, journal, true);
    expect(agent.messages).toHaveLength(compactions);
    expectSameBeginning(last, agent.messages);
  }
  await agent.close();
  expect(life.tooLarge).toEqual([]);
  expect(life.lost).toEqual([]);
  const events = await eventsOf(journal);
  const compactions = events.filter((event) => event.type === "compaction");
  expect(compactions.length).toBeLessThanOrEqual(life.requests.length);
  for (const { before, after } of compactions) expect(after).toBeLessThan(before);
}

describe("rank 2, R8, compact_auto: 300 long runs with a summariser that forgets", () => {
  test.each([4_096, 8_192, 32_768])(
    "window of %i: no request exceeds it, every constraint stays, compaction is bounded, resume goes on with the same bytes",
    async (window) => {
      for (let seed = 0; seed < 100; seed++) await liveThrough(seed + window, window);
    },
    240_000,
  );
});

describe("compaction of an agent", () => {
  const sized = (content: string) => ({ text: content });
  const answers = (...said: readonly object[]): string => said.map((each) => JSON.stringify(each)).join("\n");

  test("by hand: agent.compact asks for a summary, and what was left out can be recalled", async () => {
    const script = answers(
      sized("The port is 4711. ".repeat(40)),
      sized("Nothing more. ".repeat(40)),
      sized("They found the port."),
      { toolCalls: [{ name: "Recall", input: { reference: "c1" } }] },
      sized("It was 4711."),
    );
    await using agent = await createAgent({
      provider: "stub",
      stubScript: script,
      journal: memoryJournal(),
      permission: "auto",
    });
    await agent.run("Which port? Never use 80.").result;
    await agent.run("Anything else?").result;
    const { end } = await agent.compact("keep the port").result;
    expect(end).toMatchObject({ reason: "completed", turns: 0 });
    const [first] = agent.messages;
    expect(first).toMatchObject({ role: "user", origin: "compaction" });
    const carried = first?.role === "user" ? plainText(first.content) : "";
    expect(carried).toContain("They found the port.");
    expect(carried).toContain("Never use 80.");
    await agent.run("So which port was it?").result;
    const recalled = agent.messages.find((message) => message.role === "tool");
    expect(recalled).toMatchObject({ outcome: { status: "ok" } });
    expect(JSON.stringify(recalled)).toContain("The port is 4711.");
  });

  test("rank 2: hashes of files that were read go from one compaction to the next, and what changed since says so", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "a.txt"), "one\n");
    await writeFile(join(folder.path, "b.txt"), "two\n");
    const read = (file: string) => ({ toolCalls: [{ name: "Read", input: { file_path: file } }] });
    const long = sized("And then there was more to say. ".repeat(60));
    const script = answers(
      ...[read("a.txt"), long, long, sized("First summary.")],
      ...[read("b.txt"), long, long, sized("Second summary.")],
    );
    await using agent = await createAgent({
      provider: "stub",
      stubScript: script,
      cwd: folder.path,
      journal: memoryJournal(),
      permission: "auto",
    });
    const carriedFiles = () => {
      const carried = agent.messages.find(
        (message) => message.role === "user" && message.origin === "compaction",
      );
      return carried?.role === "user" ? readCarried(carried)?.facts["files_read_or_written"] : undefined;
    };
    const [a, b] = ["a.txt", "b.txt"].map((name) => join(folder.path, name));
    const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
    await agent.run("Read the first.").result;
    await agent.run("Go on.").result;
    await agent.compact().result;
    expect(carriedFiles()).toEqual([{ path: a, sha256: hash("one\n") }]);
    await agent.run("Read the second.").result;
    await writeFile(join(folder.path, "b.txt"), "two and a half\n");
    await agent.run("Go on.").result;
    await agent.compact().result;
    expect(carriedFiles()).toEqual([
      { path: b, changed_since: true },
      { path: a, sha256: hash("one\n") },
    ]);
  });

  test("a reference to nothing is a clear failure, and a result is recalled by its call", async () => {
    const script = answers(
      { toolCalls: [{ name: "TodoWrite", input: { todos: [] } }] },
      { toolCalls: [{ name: "Recall", input: { reference: "c9" } }] },
      sized("ok"),
    );
    const journal = memoryJournal();
    const first = await createAgent({ provider: "stub", stubScript: script, journal });
    await first.run("go").result;
    const [list, nothing] = first.messages.filter((message) => message.role === "tool");
    expect(nothing).toMatchObject({ outcome: { status: "failed" } });
    expect(JSON.stringify(nothing)).toContain("Nothing is kept under");
    await first.close();
    const again = answers(
      { toolCalls: [{ name: "Recall", input: { reference: list?.call ?? "" } }] },
      sized("ok"),
    );
    await using agent = await createAgent({ provider: "stub", stubScript: again, journal, resume: "latest" });
    await agent.run("go on").result;
    const recalled = agent.messages.findLast((message) => message.role === "tool");
    expect(recalled).toMatchObject({ outcome: { status: "ok", content: list?.outcome.content } });
  });

  test("L12: a conversation that nothing makes fit ends with a hand-over, and no request is sent for it", async () => {
    let requests = 0;
    // biome-ignore lint/correctness/useYield: a model that says all at once
    const model: Model = async function* () {
      requests += 1;
      return reply({ content: [text("ok")], stop: { reason: "end" }, usage: {} });
    };
    await using agent = await createAgent({
      connection: { model, ref, contextWindow: 4_000 },
      preset: "minimal",
      journal: memoryJournal(),
    });
    const { end } = await agent.run(`Never give up. ${"word ".repeat(8_000)}`).result;
    expect(end).toMatchObject({
      reason: "context-exhausted",
      error: { code: "context-overflow" },
      handOver: expect.stringContaining("Never give up."),
    });
    expect(requests).toBe(0);
  });

  test("large_result_spilled: in a small window one result fills a sixth at most, and the rest can be read", async () => {
    await using agent = await createAgent({
      provider: "stub",
      contextWindow: 12_000,
      stubScript: answers({ toolCalls: [{ name: "Bash", input: { command: "seq 1 9000" } }] }, sized("ok")),
      permission: "auto",
      journal: memoryJournal(),
    });
    await agent.run("count").result;
    const counted = agent.messages.find((message) => message.role === "tool");
    const said = counted?.role === "tool" ? plainText(counted.outcome.content) : "";
    expect(said.length).toBeLessThan((12_000 / 6) * 4 * 1.2);
    expect(said).toMatch(/^1\n2\n/);
    expect(said).toContain("9000");
  });

  test("compaction: false leaves the conversation to itself, and offers no Recall", async () => {
    await using agent = await createAgent({ provider: "stub", compaction: false });
    expect(agent.tools.map(({ name }) => name)).not.toContain("Recall");
    await using other = await createAgent({ provider: "stub" });
    expect(other.tools.map(({ name }) => name)).toContain("Recall");
  });

  test("what fills the context is told in parts that add up", async () => {
    await using agent = await createAgent({
      provider: "stub",
      stubScript: answers(sized("Hello there.")),
      journal: memoryJournal(),
    });
    await agent.run("hello").result;
    const { tokens, parts } = await agent.context();
    expect(parts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["Tools", "System prompt", "What you said", "Replies"]),
    );
    const sum = parts.reduce((total, part) => total + part.tokens, 0);
    expect(Math.abs(sum - tokens)).toBeLessThan(Math.max(50, tokens * 0.1));
  });
});
