import { execFileSync } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import type { Fault } from "@claw/agent-core";
import { fileJournal, sessionFile } from "@claw/agent-journal";
import { expect, test } from "vitest";
import { id, read, temporaryFolder, thrownBy, type Worker, words, workers, write } from "./support.ts";

const folder = temporaryFolder();
const { start } = workers(folder);
let count = 0;
const fresh = (): string => folder.path(`root-${++count}`);

test("S5: a second process is refused with the pid of the first, and may write when that is gone", async () => {
  const root = fresh();
  const warnings: Fault[] = [];
  const journal = fileJournal({ root, onWarning: (warning) => warnings.push(warning) });
  const first = start(["hold", root, id]);
  expect(await first.line()).toBe("held 1");
  const { fault } = await thrownBy(() => journal.lease(id));
  expect(fault.code).toBe("session-busy");
  expect(fault.message).toBe(`Session "${id}" is in use by process ${first.process.pid} on this machine.`);
  expect(fault.hint).toBe("Close it there, go on in a copy of it, or start a new session.");
  expect(await thrownBy(() => journal.remove(id))).toMatchObject({ fault: { code: "session-busy" } });

  first.send("go");
  await first.ended;
  await write(journal, [words(1)]);
  expect(warnings).toEqual([]);

  const second = start(["hold", root, id]);
  expect(await second.line()).toBe("held 3");
  await second.kill();
  const lease = await journal.lease(id);
  expect(lease.token).toBe(4);
  expect(warnings).toMatchObject([{ code: "stale-lock" }]);
  expect(warnings[0]?.message).toContain(String(second.process.pid));
  await lease.release();
});

test("S5: a lock of a process whose number was given to another is stale", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  const lease = await journal.lease(id);
  const [name = ""] = await readdir(`${sessionFile(root, id)}.lock`);
  const holder = JSON.parse(await readFile(`${sessionFile(root, id)}.lock/${name}`, "utf8"));
  expect(holder).toMatchObject({ pid: process.pid, start: expect.any(String), host: expect.any(String) });
  execFileSync("bash", [
    "-c",
    `echo '${JSON.stringify({ ...holder, start: "1" })}' > ${sessionFile(root, id)}.lock/${name}`,
  ]);
  const next = await journal.lease(id);
  expect(next.token).toBe(2);
  expect(() => lease.append([words(1)])).toThrow(/another writer/);
  await next.append([words(1)]);
  // The old holder, when it goes, must not free what is no longer its own.
  await lease.release();
  expect(await thrownBy(() => journal.lease(id))).toMatchObject({ fault: { code: "session-busy" } });
  await next.release();
});

test("S5: a lock of another machine is never stale", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  await (await journal.lease(id)).release();
  execFileSync("bash", ["-c", `echo '{"pid":999999,"host":"elsewhere"}' > ${sessionFile(root, id)}.lock/1`]);
  const { fault } = await thrownBy(() => journal.lease(id));
  expect(fault.code).toBe("session-busy");
  expect(fault.message).toContain("elsewhere");
  expect(fault.hint).toContain("If that machine is gone");
});

test("S5: of many processes that find a dead writer's lock, one wins", { timeout: 60_000 }, async () => {
  for (let round = 0; round < 4; round++) {
    const root = fresh();
    const dead = start(["hold", root, id]);
    expect(await dead.line()).toBe("held 1");
    await dead.kill();
    const rivals = Array.from({ length: 6 }, () => start(["hold", root, id]));
    const said = await Promise.all(rivals.map((rival) => rival.line()));
    expect(said.filter((line) => line === "held 2")).toHaveLength(1);
    expect(said.filter((line) => line === "session-busy")).toHaveLength(5);
    await Promise.all(rivals.map((rival) => rival.kill()));
  }
});

test("S5, rank 3: processes that take turns and are killed at any moment never write at once", {
  timeout: 120_000,
}, async () => {
  const root = fresh();
  const log = folder.path("turns.log");
  const killed = new Set<number>();
  const launch = (): Worker => start(["contend", root, id, log, "120"]);
  const running = [launch(), launch(), launch(), launch()];
  for (let victim = 0; victim < 8; victim++) {
    // Until somebody has had some turns more: then one of them dies wherever it is.
    const size = await sizeOf(log);
    while ((await sizeOf(log)) < size + 600) await new Promise((resolve) => setTimeout(resolve, 2));
    const [unlucky] = running.splice(victim % running.length, 1, launch());
    killed.add(unlucky?.process.pid ?? 0);
    await unlucky?.kill();
  }
  await Promise.all(running.map((worker) => worker.ended));

  const lines = (await readFile(log, "utf8")).trim().split("\n");
  let inside: { pid: number; token: number } | undefined;
  let last = 0;
  for (const line of lines) {
    const [what, pid, token] = line.split(" ");
    if (what === "enter") {
      if (inside !== undefined) expect(killed).toContain(inside.pid);
      expect(Number(token)).toBeGreaterThan(last);
      last = Number(token);
      inside = { pid: Number(pid), token: last };
    } else {
      expect(inside).toEqual({ pid: Number(pid), token: Number(token) });
      inside = undefined;
    }
  }
  expect(lines.filter((line) => line.startsWith("leave")).length).toBeGreaterThanOrEqual(480);
  const damages: unknown[] = [];
  for await (const _ of fileJournal({ root }).read(id, { onDamage: (damage) => damages.push(damage) }));
  expect(damages).toEqual([]);
});

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

test("S1, rank 3: kill -9 at any moment loses no record that was acknowledged", {
  timeout: 60_000,
}, async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  let next = 1;
  for (let round = 0; round < 10; round++) {
    const writer = start(["append", root, id, String(next)]);
    let acknowledged = 0;
    for (let line = 0; line < 5 + round * 3; line++) acknowledged = Number(await writer.line());
    writer.process.kill("SIGKILL");
    for (let line = await writer.line(); line !== undefined; line = await writer.line()) {
      acknowledged = Number(line);
    }
    await writer.ended;
    const seqs = (await read(journal)).map((event) => event.seq);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
    expect(seqs.length).toBeGreaterThanOrEqual(acknowledged);
    expect(seqs.length).toBeLessThanOrEqual(acknowledged + 1);
    next = seqs.length + 1;
  }
});

test("S6: a full disk costs the record that did not fit; with room again the session goes on", async () => {
  const root = fresh();
  const writer = start(["fill", root, id], ["bash", "-c", 'ulimit -S -f 64; exec "$0" "$@"']);
  const [code, seq] = (await writer.line())?.split(" ") ?? [];
  expect(code).toBe("journal-unwritable");
  const file = await readFile(sessionFile(root, id), "utf8");
  expect(file.endsWith("}\n")).toBe(true);
  expect(file.length).toBeGreaterThan(60_000);
  execFileSync("prlimit", ["--pid", String(writer.process.pid), "--fsize=1000000:unlimited"]);
  writer.send("there is room");
  expect(await writer.line()).toBe("appended");
  await writer.ended;
  const events = await read(fileJournal({ root }));
  expect(events.map((event) => event.seq)).toEqual(
    Array.from({ length: Number(seq) }, (_, index) => index + 1),
  );
});

test("S6: a full disk keeps the beginning of an output and counts the rest", async () => {
  const root = fresh();
  const writer = start(["spill", root], ["bash", "-c", 'ulimit -S -f 64; exec "$0" "$@"']);
  const spilled = JSON.parse((await writer.line()) ?? "");
  expect(spilled).toEqual({ path: `${root}/call-1-stdout.txt`, kept: 65_536, dropped: 300_000 - 65_536 });
  expect(await sizeOf(spilled.path)).toBe(65_536);
});
