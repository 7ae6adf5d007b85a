import { execFileSync } from "node:child_process";
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { type DurableEvent, type SessionId, sessionId } from "@claw/agent-core";
import { exportSession, fileJournal, sessionFile, sessionsInUse } from "@claw/agent-journal";
import { describe, expect, test } from "vitest";
import { unwritable } from "../src/journal-fault.ts";
import { faultOf, id, read, temporaryFolder, thrownBy, transcript, words, write } from "./support.ts";

const folder = temporaryFolder();
let count = 0;
const fresh = (): string => folder.path(`root-${++count}`);

test("a session is lines of JSON: a header, then the events with their version", async () => {
  const root = fresh();
  const journal = fileJournal({ root, now: () => 1 });
  await write(journal, transcript());
  const lines: string[] = [];
  for await (const line of exportSession(journal, id)) lines.push(line);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { claw: "session", v: 1, id, createdAt: transcript()[0]?.at },
    ...transcript().map((event) => ({ v: 1, ...event })),
  ]);
  const copy = sessionId("imported");
  await writeFile(sessionFile(root, copy), lines.join(""));
  expect(await read(journal, copy)).toEqual(transcript());
});

test("that too many files are open is no matter of the folder", () => {
  const thrown = Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
  expect(unwritable("/sessions", thrown).fault).toMatchObject({
    code: "journal-unwritable",
    hint: expect.stringContaining("ulimit -n"),
  });
});

test("files are 0600 in folders of 0700", async () => {
  const root = folder.path("deep", "er", "root");
  const journal = fileJournal({ root });
  const lease = await journal.lease(id);
  await lease.append([words(1)]);
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  for (const path of [folder.path("deep"), root, `${sessionFile(root, id)}.lock`]) {
    expect(await modeOf(path)).toBe("700");
  }
  expect(await modeOf(sessionFile(root, id))).toBe("600");
  await lease.flush();
  await lease.release();
  await lease.release();
  expect(await faultOf(() => lease.append([words(2)]))).toBe("lease-lost");
});

test("an append is all or nothing: an event that is not JSON takes the others with it", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  const lease = await journal.lease(id);
  const circular: { self?: unknown } = {};
  circular.self = circular;
  // What a careless caller can pass.
  const bad = { ...words(2), extra: circular } as unknown as DurableEvent;
  expect(await faultOf(() => lease.append([words(1), bad]))).toBe("journal-unwritable");
  await lease.append([]);
  await lease.append([words(1), words(2)]);
  await lease.release();
  expect(await read(journal)).toEqual([words(1), words(2)]);
});

test("S5, rank 3: a writer sees that its file was removed or written by somebody else", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  const lease = await journal.lease(id);
  await lease.append([words(1)]);
  await writeFile(sessionFile(root, id), "from an editor\n", { flag: "a" });
  expect(await faultOf(() => lease.append([words(2)]))).toBe("lease-lost");
  await lease.release();

  const next = await journal.lease(id);
  await rm(sessionFile(root, id));
  expect(await faultOf(() => next.append([words(3)]))).toBe("journal-unwritable");
  await next.release();
});

test("a removed session leaves nothing behind, and its name can be used again", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  await write(journal, [words(1)]);
  await journal.remove(id);
  expect(await readdir(root)).toEqual([]);
  expect(await faultOf(() => read(journal))).toBe("session-unknown");
  await write(journal, [words(2)]);
  expect(await read(journal)).toEqual([words(2)]);
});

describe("S7: a folder that cannot be written is a fault that names it and CLAW_HOME", () => {
  test.each(["file/below", "/proc/nonexistent/claw", "/proc/self/status"])("%s", async (path) => {
    await writeFile(folder.path("file"), "");
    const root = path.startsWith("/") ? path : folder.path(path);
    const journal = fileJournal({ root });
    const { fault } = await thrownBy(() => journal.lease(id));
    expect(fault.code).toBe("journal-unwritable");
    expect(fault.hint).toContain(root);
    expect(fault.hint).toContain("CLAW_HOME");
    expect(await faultOf(() => read(journal))).toBe("session-unknown");
    expect(await faultOf(() => journal.remove(id))).toBe("session-unknown");
  });

  test("a folder that is not there yet has no sessions", async () => {
    expect(await fileJournal({ root: folder.path("nowhere") }).list()).toEqual([]);
  });
});

test("the list is newest first, with title, folder and size, whatever else lies there", async () => {
  const root = fresh();
  const journal = fileJournal({ root, now: () => 42 });
  await write(journal, transcript(), sessionId("older"));
  const long = `  first\n\nwords ${"\u{1f600}".repeat(200)}`;
  const system = "s".repeat(300_000);
  await write(
    journal,
    [
      { ...words(101), type: "run-start", schema: 1, config: "c", model: { provider: "p", id: "m" }, system },
      words(102, long),
      words(103, "x".repeat(200_000)),
    ] as readonly DurableEvent[],
    sessionId("newer"),
  );
  await write(journal, [], sessionId("empty"));
  await mkdir(`${root}/folder.jsonl`);
  await writeFile(`${root}/.hidden.jsonl`, "");
  await writeFile(`${root}/notes.txt`, "");
  execFileSync("mkfifo", [`${root}/pipe.jsonl`]);
  const [empty, newer, older, ...rest] = await journal.list();
  expect(rest).toEqual([]);
  expect(older).toEqual({
    session: "older",
    createdAt: 42,
    updatedAt: transcript().at(-1)?.at,
    title: "What is in README.md? \u{1f600}",
    cwd: "/work",
    bytes: (await stat(sessionFile(root, sessionId("older")))).size,
  });
  expect(newer?.title).toBe(`first words ${"\u{1f600}".repeat(88)}`);
  expect(empty).toMatchObject({ session: "empty", title: "", createdAt: 42 });
  await utimes(sessionFile(root, sessionId("empty")), 1_000_000.5, 1_000_000.0005);
  const times = (await journal.list()).map(({ updatedAt }) => updatedAt);
  expect(times).toContain(1_000_000_000);
});

test("those in use are the ones that somebody has open, whatever else lies there", async () => {
  const root = fresh();
  expect(await sessionsInUse(root)).toEqual([]);
  const journal = fileJournal({ root });
  await write(journal, [words(1)], sessionId("closed"));
  execFileSync("mkfifo", [`${root}/pipe.jsonl`]);
  const lease = await journal.lease(sessionId("open"));
  expect(await sessionsInUse(root)).toEqual(["open"]);
  await lease.release();
  expect(await sessionsInUse(root)).toEqual([]);
});

test("an id cannot lead out of the folder", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  // What a cast makes of untrusted text.
  const evil = "../evil" as SessionId;
  expect(await faultOf(() => journal.lease(evil))).toBe("invalid-id");
  expect(await faultOf(() => read(journal, evil))).toBe("invalid-id");
  expect(await faultOf(() => journal.remove(evil))).toBe("invalid-id");
});
