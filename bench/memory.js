// What must not grow, pushed until it would have. Prints one JSON object of figures; test/memory.test.ts holds them to
// their bounds. Each scenario in a process of its own: node --expose-gc bench/memory.js <scenario>
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clawFolders, createAgent } from "@claw/agent-sdk";

const scenarios = { turns, sessions, listener, output, stream, resume, shrunk, compacted, hibernate };
const folder = mkdtempSync(join(tmpdir(), "claw-memory-"));
const env = { HOME: folder, CLAW_HOME: join(folder, "claw"), PATH: process.env.PATH };
const place = { preset: "coding", permission: "auto", cwd: folder, env };

try {
  console.log(JSON.stringify(await scenarios[process.argv[2]]()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** 2,000 turns of one session: a turn keeps its messages and nothing else. */
async function turns() {
  const agent = await createAgent({ ...place, ...stub(2_000) });
  await converse(agent, 500);
  const before = heap();
  await converse(agent, 1_500);
  const figures = { kbPerTurn: (heap() - before) / 1_500 / 1e3, messages: agent.messages.length };
  await agent.close();
  return figures;
}

/** 500 sessions, one after the other, opened and closed. */
async function sessions() {
  const one = async () => {
    const agent = await createAgent({ ...place, ...stub(1) });
    await converse(agent, 1);
    await agent.close();
  };
  for (let count = 0; count < 50; count++) await one();
  const before = { heap: heap(), files: openFiles() };
  for (let count = 0; count < 500; count++) await one();
  return { mbGrown: (heap() - before.heap) / 1e6, filesGrown: openFiles() - before.files };
}

/** An onlooker that never reads, beside 300,000 deltas. */
async function listener() {
  const deltas = 300_000;
  const ref = { provider: "endless", id: "words" };
  async function* model() {
    for (let index = 0; index < deltas; index++) yield { type: "text-delta", index: 0, delta: "word " };
    const content = [{ type: "text", text: "Done." }];
    return { role: "assistant", model: ref, content, stop: { reason: "end" }, usage: {} };
  }
  const agent = await createAgent({ ...place, connection: { model, ref } });
  const before = heap();
  const run = agent.run("Say much.");
  const onlooker = run.observe();
  const { end } = await run.result;
  const mbGrown = (heap() - before) / 1e6;
  let kept = 0;
  let last;
  for await (const event of onlooker) {
    kept += 1;
    last = event.type;
  }
  await agent.close();
  return { mbGrown, deltas, kept, last, reason: end.reason };
}

/** A command that prints for ever, cancelled once its whole output is no longer kept. */
async function output() {
  const call = { text: "", toolCalls: [{ name: "Bash", input: { command: "yes abcdefghi" } }] };
  const agent = await createAgent({ ...place, provider: "stub", stubScript: JSON.stringify(call) });
  gc();
  const before = process.memoryUsage.rss();
  let peak = before;
  let spilled = 0;
  const run = agent.run("Print.");
  for await (const event of run) {
    if (event.type !== "tool-progress") continue;
    peak = Math.max(peak, process.memoryUsage.rss());
    const size = spilledBytes();
    // It stands still: the file is full, and all that comes is only counted.
    if (size > 50e6 && size === spilled) run.cancel();
    spilled = size;
  }
  const { end } = await run.result;
  await agent.close();
  return { mbGrown: (peak - before) / 1e6, mbSpilled: spilled / 1e6, reason: end.reason };
}

/** A model that never stops talking. */
async function stream() {
  const start = event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
  const delta = { type: "text_delta", text: "abcdefghi ".repeat(100) };
  const piece = event({ type: "content_block_delta", index: 0, delta }).repeat(16);
  let mbSent = 0;
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(start);
    const pour = () => {
      while (!response.destroyed) {
        mbSent += piece.length / 1e6;
        if (!response.write(piece)) return void response.once("drain", pour);
      }
    };
    pour();
  });
  await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const agent = await createAgent({
    ...place,
    provider: "anthropic",
    model: "endless",
    env: {
      ...env,
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${server.address().port}`,
      ANTHROPIC_API_KEY: "none",
    },
  });
  gc();
  const before = process.memoryUsage.rss();
  let peak = before;
  const run = agent.run("Talk.");
  for await (const _ of run) peak = Math.max(peak, process.memoryUsage.rss());
  const { end } = await run.result;
  await agent.close();
  server.closeAllConnections();
  server.close();
  return { mbGrown: (peak - before) / 1e6, mbSent, reason: end.reason, code: end.error?.code };
}

/** A session of 10,000 messages and 100 MB, opened and gone on with. */
async function resume() {
  writeSession("large", { messages: 10_000, megabytes: 100 });
  return measured(async (peak) => {
    const agent = await createAgent({ ...place, ...stub(2), resume: "large" });
    peak();
    await converse(agent, 1);
    return agent;
  });
}

/** One of 2,000 messages and 20 MB, or as the arguments say, gone on with by a model that can be sent a fortieth of it. */
async function shrunk() {
  const [messages = 2_000, megabytes = 20] = process.argv.slice(3).map(Number);
  writeSession("large", { messages, megabytes });
  return measured(async () => {
    const agent = await createAgent({ ...place, ...stub(4), resume: "large", contextWindow: 200_000 });
    await converse(agent, 1);
    return agent;
  });
}

/** The same one after a compaction, which left a summary of it. */
async function compacted() {
  writeSession("large", { messages: 10_000, megabytes: 100, compacted: true });
  return measured(() => createAgent({ ...place, ...stub(2), resume: "large" }));
}

async function measured(open) {
  const before = heap();
  let mbPeak = 0;
  const watch = setInterval(() => {
    mbPeak = Math.max(mbPeak, (process.memoryUsage().heapUsed - before) / 1e6);
  }, 5);
  const agent = await open(() => undefined);
  clearInterval(watch);
  const figures = { mbHeld: (heap() - before) / 1e6, mbPeak, messages: agent.messages.length };
  await agent.close();
  return figures;
}

/** Idle agents in one process: 24, of 4 MB each, or of as many as the second argument says. Over a wire that keeps bodies. */
async function hibernate() {
  const count = 24;
  const megabytes = Number(process.argv[3] ?? 4);
  const server = await doneServer();
  const wire = {
    ...env,
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${server.address().port}`,
    ANTHROPIC_API_KEY: "none",
  };
  const first = await createAgent({ ...place, ...stub(1) });
  await first.close();
  const before = await leastHeld();
  const agents = [];
  for (let each = 0; each < count; each++) {
    writeSession(`session-${each}`, { messages: megabytes * 100, megabytes });
    const options = {
      provider: "anthropic",
      model: "any",
      env: wire,
      compaction: false,
      resume: `session-${each}`,
    };
    const agent = await createAgent({ ...place, ...options });
    if (each % 8 === 0) await converse(agent, 1);
    agents.push(agent);
    if (!agent.hibernate()) throw new Error("It stays awake.");
  }
  const mbAsleep = ((await leastHeld()) - before) / 1e6;
  await converse(agents[0], 1);
  const messages = agents[0].messages.length;
  for (const agent of agents) await agent.close();
  server.closeAllConnections();
  server.close();
  return { mbAsleep, mbOnDisk: count * megabytes, messages };
}

/** Answers each request with a word. */
async function doneServer() {
  const content = { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Done." } };
  const answer = [
    { type: "message_start", message: { usage: { input_tokens: 1 } } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    content,
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } },
    { type: "message_stop" },
  ];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(answer.map(event).join(""));
    });
  });
  await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

/** Writes the file of a session, by hand: a conversation of equal messages. */
function writeSession(id, { messages, megabytes, compacted }) {
  const { sessions } = clawFolders(folder, env);
  mkdirSync(sessions, { recursive: true, mode: 0o700 });
  const file = openSync(join(sessions, `${id}.jsonl`), "w", 0o600);
  let seq = 0;
  const write = (body) =>
    writeSync(file, `${JSON.stringify({ v: 1, seq: ++seq, run: "run", at: seq, ...body })}\n`);
  const model = { provider: "stub", id: "stub" };
  const say = (message) => write({ type: "message", message });
  const words = "word ".repeat((megabytes * 1e6) / messages / 5);
  writeSync(file, `${JSON.stringify({ claw: "session", v: 1, id, createdAt: 1 })}\n`);
  write({ type: "run-start", schema: 1, config: "-", model, cwd: folder });
  for (let each = 0; each < messages / 2; each++) {
    const content = [{ type: "text", text: `${each} ${words}` }];
    say({ role: "user", origin: "human", content });
    say({ role: "assistant", model, content, stop: { reason: "end" }, usage: {} });
  }
  if (compacted) {
    const summary = {
      role: "user",
      origin: "compaction",
      content: [{ type: "text", text: "What was said." }],
    };
    const edits = [{ from: 0, to: messages - 4, with: [summary] }];
    write({ type: "compaction", strategy: "summary", cause: "threshold", edits, before: 100e6, after: 1e3 });
  }
  write({
    type: "run-end",
    reason: "completed",
    usage: {},
    turns: 1,
    denials: [],
    parked: [],
    unfinishedTasks: [],
  });
  closeSync(file);
}

function event(data) {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function stub(turns) {
  return { provider: "stub", stubScript: `${JSON.stringify({ text: "It is done." })}\n`.repeat(turns) };
}

async function converse(agent, turns) {
  for (let turn = 0; turn < turns; turn++) {
    const { end } = await agent.run("Do it.").result;
    if (end.reason !== "completed") throw new Error(JSON.stringify(end));
  }
}

/** What is really held: what a collection has not come to yet, as it waits for a turn of the event loop, is not. */
async function leastHeld() {
  let least = held();
  for (let round = 0; round < 20; round++) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    least = Math.min(least, held());
  }
  return least;
}

/** Of bodies of requests, too. */
function held() {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function heap() {
  gc();
  return process.memoryUsage().heapUsed;
}

function openFiles() {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}

function spilledBytes() {
  const files = readdirSync(env.CLAW_HOME, { recursive: true }).filter((name) => name.includes("/spill/"));
  return Math.max(0, ...files.map((name) => statSync(join(env.CLAW_HOME, name))).map((stat) => stat.size));
}
