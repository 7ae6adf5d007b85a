import { appendFileSync, writeSync } from "node:fs";
import { stdin } from "node:process";
import { createInterface } from "node:readline";
import { FaultError, type Lease, runId, sessionId, toolCallId } from "@claw/agent-core";
import { fileJournal, fileSpillStore } from "@claw/agent-journal";

/** What another process does with a journal: `node worker.mjs <command> <root> <session> …`. */
const [command = "", root = "", session = "", ...rest] = process.argv.slice(2);
const journal = fileJournal({ root });
const input = createInterface({ input: stdin })[Symbol.asyncIterator]();

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function record(lease: Lease, seq: number, size: number): void {
  void lease.append([
    {
      seq,
      run: runId("run-1"),
      at: seq,
      type: "message",
      message: { role: "user", origin: "human", content: [{ type: "text", text: "x".repeat(size) }] },
    },
  ]);
}

/** Takes the lease, says so, and keeps it until it is told to go. */
async function hold(): Promise<void> {
  try {
    const lease = await journal.lease(sessionId(session));
    say(`held ${lease.token}`);
    await input.next();
    await lease.release();
  } catch (error) {
    if (!FaultError.isInstance(error)) throw error;
    say(error.fault.code);
  }
}

/** Begins a session that nobody is to find before it is whole, and never finishes it. */
async function draft(): Promise<void> {
  const lease = await journal.lease(sessionId(session), { draft: true });
  record(lease, 1, 100);
  say("drafted");
  await input.next();
}

/** Appends for ever and acknowledges each record. */
async function append(): Promise<void> {
  const lease = await journal.lease(sessionId(session));
  for (let seq = Number(rest[0]); ; seq++) {
    record(lease, seq, (seq * 7919) % 200_000);
    say(String(seq));
  }
}

/** Takes and gives back the lease many times, and logs each holding. */
async function contend(): Promise<void> {
  const [log = "", rounds = ""] = rest;
  for (let round = 0; round < Number(rounds); ) {
    try {
      const lease = await journal.lease(sessionId(session));
      appendFileSync(log, `enter ${process.pid} ${lease.token}\n`);
      record(lease, lease.token, 100);
      appendFileSync(log, `leave ${process.pid} ${lease.token}\n`);
      await lease.release();
      round += 1;
    } catch (error) {
      if (!FaultError.isInstance(error) || error.fault.code !== "session-busy") throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Appends until the disk is full, and once more when it is told that there is room. */
async function fill(): Promise<void> {
  const lease = await journal.lease(sessionId(session));
  let seq = 1;
  try {
    for (; ; seq++) record(lease, seq, 3_000);
  } catch (error) {
    if (!FaultError.isInstance(error)) throw error;
    say(`${error.fault.code} ${seq}`);
  }
  await input.next();
  record(lease, seq, 3_000);
  await lease.release();
  say("appended");
}

/** Writes more output than the disk takes, and says what was kept. */
async function spill(): Promise<void> {
  const file = await fileSpillStore({ root }).open(toolCallId("call-1"), "stdout");
  for (let chunk = 0; chunk < 100; chunk++) await file.write(Buffer.alloc(3_000, 120));
  say(JSON.stringify(await file.close()));
}

const commands: Readonly<Record<string, () => Promise<void>>> = { hold, draft, append, contend, fill, spill };
await commands[command]?.();
stdin.destroy();
