import { createWriteStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Damage, type DurableEvent, maxEventBytes } from "@claw/agent-core";
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
  expect(damages).toEqual([{ line: records + 2, reason: `longer than ${maxEventBytes + 64} bytes` }]);
  expect(peak - before).toBeLessThan(120e6);

  const beforeRest = used();
  await write(journal, [words(records + 1, "the end")]);
  expect(await journal.list()).toMatchObject([{ title: "x".repeat(100), createdAt: 1 }]);
  expect(used() - beforeRest).toBeLessThan(30e6);
});

test("the largest event is kept and given back, and a record over the cap is refused, since it could not be", async () => {
  const journal = fileJournal({ root: folder.path("cap") });
  const lease = await journal.lease(id);
  const around = JSON.stringify(words(1, "")).length;
  const largest = words(1, "x".repeat(maxEventBytes - around));
  expect(JSON.stringify(largest)).toHaveLength(maxEventBytes);
  await lease.append([largest]);
  expect(() => lease.append([words(2, "x".repeat(maxEventBytes + 100))])).toThrow(/a record is longer than/);
  await lease.append([words(2)]);
  await lease.release();
  const read: DurableEvent[] = [];
  for await (const event of journal.read(id)) read.push(event);
  expect(read.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(JSON.stringify(read[0]) === JSON.stringify(largest)).toBe(true);
});
