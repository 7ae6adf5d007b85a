import { appendFile, copyFile, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import type { Damage, Fault } from "@claw/agent-core";
import { fileJournal, sessionFile } from "@claw/agent-journal";
import fc from "fast-check";
import { expect, test } from "vitest";
import { faultOf, id, read, temporaryFolder, thrownBy, transcript, words, write } from "./support.ts";

const folder = temporaryFolder();
let count = 0;
const fresh = (): string => folder.path(`root-${++count}`);

test("S1, S2: cut at every byte of its last three records, a session keeps all whole ones and goes on", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  await write(journal, transcript());
  const file = sessionFile(root, id);
  const whole = await readFile(file);
  await copyFile(file, `${file}.whole`);
  const lines = whole.toString().split("\n").slice(0, -1);
  const start = Buffer.byteLength(lines.slice(0, -3).join("\n")) + 1;
  for (let length = start; length <= whole.length; length++) {
    await copyFile(`${file}.whole`, file);
    await truncate(file, length);
    const kept = lines.filter(
      (_, index) => Buffer.byteLength(lines.slice(0, index + 1).join("\n")) <= length,
    );
    const complete = transcript().slice(0, kept.length - 1);
    expect(await read(journal)).toEqual(complete);
    await write(journal, [words(20), words(21)]);
    expect(await read(journal)).toEqual([...complete, words(20), words(21)]);
  }
});

test("S2: what was cut off is kept beside the session and reported", async () => {
  const root = fresh();
  const warnings: Fault[] = [];
  const journal = fileJournal({ root, onWarning: (warning) => warnings.push(warning) });
  await write(journal, [words(1)]);
  const torn = `{"v":1,"seq":2,${"x".repeat(200_000)}`;
  await appendFile(sessionFile(root, id), torn);
  const damages: Damage[] = [];
  expect(await read(journal, id, damages)).toEqual([words(1)]);
  expect(damages).toEqual([{ line: 3, reason: "cut off" }]);
  await write(journal, [words(2)]);
  expect(await read(journal)).toEqual([words(1), words(2)]);
  expect(await readFile(`${sessionFile(root, id)}.torn`, "utf8")).toBe(`${torn}\n`);
  expect(warnings.map((warning) => warning.code)).toEqual(["torn-tail"]);
});

test("S2: a tail of NULs, as a loss of power leaves it, is cut off", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  await write(journal, [words(1)]);
  await appendFile(sessionFile(root, id), Buffer.alloc(4_096));
  await write(journal, [words(2)]);
  expect(await read(journal)).toEqual([words(1), words(2)]);
});

test("S2: a header that was not finished is written again", async () => {
  const root = fresh();
  const journal = fileJournal({ root, now: () => 5 });
  await write(journal, []);
  const whole = await readFile(sessionFile(root, id), "utf8");
  expect(whole).toBe('{"claw":"session","v":1,"id":"session-1","createdAt":5}\n');
  for (let length = 0; length <= whole.length; length++) {
    await writeFile(sessionFile(root, id), whole.slice(0, length));
    await write(journal, [words(1)]);
    expect(await readFile(sessionFile(root, id), "utf8")).toMatch(/^\{"claw":"session".*\}\n\{"v":1.*\}\n$/);
    expect(await read(journal)).toEqual([words(1)]);
  }
});

const at = { v: 1, seq: 2, run: "r", at: 1 };
const decision = { call: "c", tool: "Bash", decision: "allow", by: "user", reason: "", effects: [] };
const intent = { call: "c", tool: "Bash", effectClass: "unknown", idempotencyKey: "k" };
/** Records that are right but for one part, at which what reads them would break. */
const crooked: readonly object[] = [
  { ...at, seq: Number.MAX_SAFE_INTEGER, type: "permission-decision", ...decision },
  ...[
    {},
    null,
    { scope: "session" },
    { scope: "session", rules: 1 },
    { scope: "session", rules: [null] },
  ].map((remember) => ({ ...at, type: "permission-decision", ...decision, remember })),
  ...[[null], [{}], {}].flatMap((effects) => [
    { ...at, type: "tool-intent", ...intent, effects },
    { ...at, type: "permission-pending", request: { call: "c", tool: "Bash", cwd: "/", effects } },
  ]),
  ...[{ status: "odd" }, { status: "failed" }, { status: "failed", error: {} }, { status: "denied" }].map(
    (outcome) => ({
      ...at,
      type: "message",
      message: { role: "tool", call: "c", name: "Bash", outcome: { content: [], ...outcome } },
    }),
  ),
];

const garbage: readonly (readonly [string, string, string])[] = [
  ["300 NULs", `${"\0".repeat(300)}\n`, "a run of NUL bytes"],
  ["cut JSON", '{"v":1,"seq":2,"run":"r\n', "not JSON"],
  [
    "valid JSON of the wrong shape",
    '{"v":1,"seq":2,"run":"r","at":1,"type":"message"}\n',
    "not a known record",
  ],
  ["an unknown type", '{"v":1,"seq":2,"run":"r","at":1,"type":"mystery"}\n', "not a known record"],
  ...crooked.map((record): readonly [string, string, string] => [
    JSON.stringify(record),
    `${JSON.stringify(record)}\n`,
    "not a known record",
  ]),
  ["no object", "[1,2]\n", "not a record"],
  ["null", "null\n", "not a record"],
  ["invalid UTF-8 and text", "\ufffd hello\n", "not JSON"],
  ["a record again", `${JSON.stringify({ v: 1, ...words(1) })}\n`, "out of order: 1 after 1"],
];
test.each(garbage)(
  "S3: %s in the middle is skipped and reported with its line; the rest is kept",
  async (_, line, reason) => {
    const root = fresh();
    const journal = fileJournal({ root });
    await write(journal, [words(1)]);
    await appendFile(sessionFile(root, id), line);
    await write(journal, [words(2)]);
    const damages: Damage[] = [];
    expect(await read(journal, id, damages)).toEqual([words(1), words(2)]);
    expect(damages).toEqual([{ line: 3, reason }]);
  },
);

test("S3: NULs glued to the front of a record cost nothing else", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  await write(journal, [words(1)]);
  await appendFile(sessionFile(root, id), `${"\0".repeat(300)}${JSON.stringify({ v: 1, ...words(2) })}\n`);
  await write(journal, [words(3)]);
  const damages: Damage[] = [];
  expect(await read(journal, id, damages)).toEqual([words(1), words(2), words(3)]);
  expect(damages).toEqual([{ line: 3, reason: "a run of NUL bytes" }]);
});

test("S2: a last record behind NULs that lacks its newline is kept when the session goes on", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  await write(journal, [words(1)]);
  await appendFile(sessionFile(root, id), `\0\0${JSON.stringify({ v: 1, ...words(7) })}`);
  await write(journal, [words(1_000)]);
  expect(await read(journal)).toEqual([words(1), words(7), words(1_000)]);
});

test("S3: a listener that throws does not cost the session", async () => {
  const root = fresh();
  const journal = fileJournal({
    root,
    onWarning: () => {
      throw new Error("no");
    },
  });
  await write(journal, [words(1)]);
  await appendFile(sessionFile(root, id), "garbage");
  const seqs: number[] = [];
  const onDamage = (): never => {
    throw new Error("no");
  };
  for await (const event of journal.read(id, { onDamage })) seqs.push(event.seq);
  expect(seqs).toEqual([1]);
  await write(journal, [words(2)]);
});

test("S3: no bytes in a session file make reading or resuming throw anything but a fault", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  const good = JSON.stringify({ v: 1, ...words(7) });
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(good, good.slice(0, 40), "\n", "\0\0", '{"v":1}', '{"v":2}', '{"claw":"session","v":1}'),
    fc.json(),
  );
  await write(journal, []);
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      await writeFile(sessionFile(root, id), Buffer.concat(pieces.map((each) => Buffer.from(each))));
      try {
        const before = await read(journal);
        await write(journal, [words(1_000)]);
        expect(await read(journal)).toEqual([...before, words(1_000)]);
      } catch (error) {
        expect((await thrownBy(() => Promise.reject(error))).fault.code).toBe("session-corrupt");
      }
    }),
  );
});

test("a session of a newer format is neither read nor added to", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  await write(journal, [words(1)]);
  const newer = '{"claw":"session","v":3,"id":"session-1","createdAt":1}\n{"v":3,"anything":1}\n';
  await writeFile(sessionFile(root, id), newer);
  expect(await faultOf(() => read(journal))).toBe("session-corrupt");
  const refused = await thrownBy(() => journal.lease(id));
  expect(refused.fault).toMatchObject({ code: "session-corrupt", hint: expect.stringContaining("format 3") });
  expect(await readFile(sessionFile(root, id), "utf8")).toBe(newer);
  expect(await faultOf(() => journal.lease(id))).toBe("session-corrupt");
});

test("a link in place of a session is neither followed nor written", async () => {
  const root = fresh();
  const journal = fileJournal({ root });
  await write(journal, [words(1)]);
  const target = folder.path("target");
  await writeFile(target, "precious");
  const linked = "linked" as typeof id;
  await symlink(target, sessionFile(root, linked));
  expect(await faultOf(() => journal.lease(linked))).toBe("journal-unwritable");
  expect(await faultOf(() => read(journal, linked))).toBe("journal-unwritable");
  expect((await journal.list()).map((summary) => summary.session)).toEqual([id]);
  expect((await stat(target)).size).toBe(8);
});
