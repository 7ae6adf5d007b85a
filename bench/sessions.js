// 500 sessions in one process, on the stub provider: what each takes of the memory, and how much slower a turn is than
// that of a session that has the process to itself. Prints one JSON object. Needs --expose-gc.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgent } from "@claw/agent-sdk";

const count = Number(process.argv[2] ?? 500);
const turnsEach = 5;
const folder = mkdtempSync(join(tmpdir(), "claw-bench-sessions-"));
const env = { HOME: folder, CLAW_HOME: join(folder, "claw"), PATH: process.env.PATH };
const stubScript = `${JSON.stringify({ text: "It is done." })}\n`.repeat(turnsEach * 60);

function open() {
  return createAgent({
    preset: "coding",
    provider: "stub",
    permission: "auto",
    cwd: folder,
    env,
    stubScript,
  });
}

async function converse(agent, turns) {
  for (let turn = 0; turn < turns; turn++) {
    const { end } = await agent.run("Do it.").result;
    if (end.reason !== "completed") throw new Error(JSON.stringify(end));
  }
}

/** Milliseconds per turn. */
async function timed(turns, perform) {
  const started = performance.now();
  await perform();
  return (performance.now() - started) / turns;
}

try {
  const warm = await open();
  await converse(warm, 50);
  await warm.close();
  const single = await open();
  const aloneMs = await timed(100, () => converse(single, 100));
  await single.close();
  gc();
  const before = process.memoryUsage.rss();
  const agents = await Promise.all(Array.from({ length: count }, open));
  const togetherMs = await timed(count * turnsEach, () =>
    Promise.all(agents.map((agent) => converse(agent, turnsEach))),
  );
  const after = process.memoryUsage.rss();
  await Promise.all(agents.map((agent) => agent.close()));
  console.log(JSON.stringify({ mbEach: (after - before) / count / 1e6, aloneMs, togetherMs }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
