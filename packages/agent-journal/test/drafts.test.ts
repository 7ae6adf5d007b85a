import { readdir } from "node:fs/promises";
import { sessionId } from "@claw/agent-core";
import { fileJournal, removeOrphanedDrafts } from "@claw/agent-journal";
import { expect, test } from "vitest";
import { id, read, temporaryFolder, thrownBy, words, workers, write } from "./support.ts";

const folder = temporaryFolder();
const { start } = workers(folder);
let count = 0;
const fresh = (): string => folder.path(`root-${++count}`);
const other = sessionId("another");

test("S1: a draft whose maker was killed passes for no session, and is gone with the next draft", async () => {
  const root = fresh();
  const maker = start(["draft", root, id]);
  expect(await maker.line()).toBe("drafted");
  const journal = fileJournal({ root });
  expect(await journal.list()).toEqual([]);
  expect(removeOrphanedDrafts(root)).toEqual({ files: 0, bytes: 0 });
  expect(await thrownBy(() => journal.lease(id))).toMatchObject({ fault: { code: "session-busy" } });
  await maker.kill();
  expect(await journal.list()).toEqual([]);
  const next = await journal.lease(other, { draft: true });
  expect((await readdir(root)).filter((name) => name.startsWith(id))).toEqual([]);
  await next.release();
  expect(await readdir(root)).toEqual([]);
});

test("what a killed maker left can be removed by hand, and the id is free", async () => {
  const root = fresh();
  const maker = start(["draft", root, id]);
  expect(await maker.line()).toBe("drafted");
  await maker.kill();
  expect(removeOrphanedDrafts(root)).toEqual({ files: 1, bytes: expect.any(Number) });
  expect(await readdir(root)).toEqual([]);
  expect(removeOrphanedDrafts(folder.path("nowhere"))).toEqual({ files: 0, bytes: 0 });
});

test("a session that is there is no draft: it stays as it is", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  await write(journal, [words(1)]);
  const lease = await journal.lease(id, { draft: true });
  expect(lease.publish).toBeUndefined();
  await lease.release();
  expect(await read(journal, id)).toHaveLength(1);
});
