import { createWriteStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Damage } from "@claw/agent-core";
import { fileJournal, sessionFile } from "@claw/agent-journal";
import { expect, test } from "vitest";
import { id, temporaryFolder, words, write } from "./support.ts";

const folder = temporaryFolder();

test("S9: a session of 250 MB is read, resumed and listed in bounded memory", {
  timeout: 120_000,
}, async () => {
  const root = folder.path("large");
  await mkdir(root);
  const records = 150_000;
  function* lines(): Generator<string> {
    yield '{"claw":"session","v":1,"id":"session-1","createdAt":1}\n';
    for (let seq = 1; seq <= records; seq++) {
      yield `${JSON.stringify({ v: 1, ...words(seq, "x".repeat(1_000)) })}\n`;
    }
    // One line over the cap, in pieces.
    for (let piece = 0; piece < 80; piece++) yield "y".repeat(1024 * 1024);
    yield "\n";
  }
  await pipeline(Readable.from(lines()), createWriteStream(sessionFile(root, id)));
  expect((await stat(sessionFile(root, id))).size).toBeGreaterThan(250e6);

  const journal = fileJournal({ root });
  const used = (): number => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  let peak = 0;
  let seq = 0;
  const damages: Damage[] = [];
  for await (const event of journal.read(id, { onDamage: (damage) => damages.push(damage) })) {
    seq = event.seq;
    if (seq % 1_000 === 0) peak = Math.max(peak, used());
  }
  expect(seq).toBe(records);
  expect(damages).toEqual([{ line: records + 2, reason: "longer than 67108864 bytes" }]);
  expect(peak - before).toBeLessThan(120e6);

  const beforeRest = used();
  await write(journal, [words(records + 1, "the end")]);
  expect(await journal.list()).toMatchObject([{ title: "x".repeat(100), createdAt: 1 }]);
  expect(used() - beforeRest).toBeLessThan(30e6);
});

test("a record over the cap is refused, since it could not be read again", async () => {
  const journal = fileJournal({ root: folder.path("cap") });
  const lease = await journal.lease(id);
  expect(() => lease.append([words(1, "x".repeat(64 * 1024 * 1024))])).toThrow(/longer than 67108864 bytes/);
  await lease.append([words(1)]);
  await lease.release();
});
