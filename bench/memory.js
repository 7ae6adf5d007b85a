// What must not grow, pushed until it would have. Prints one JSON object of figures; test/memory.test.ts holds them to
// their bounds. Each scenario in a process of its own: node --expose-gc bench/memory.js <scenario>
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgent } from "@claw/agent-sdk";

const scenarios = { turns, sessions, listener, output, stream };
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
