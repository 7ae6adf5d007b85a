import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFileLedger } from "../../src/files/file-ledger.ts";
import { readTool } from "../../src/read/read-tool.ts";
import { writeTool } from "../../src/write/write-tool.ts";
import { callTool } from "../call-tool.ts";
import { memoryMachine } from "../memory-machine.ts";

/** A session that can read and write `/work/a`. */
function session(content?: string | Uint8Array) {
  const machine = memoryMachine(content === undefined ? {} : { "/work/a": content });
  const ledger = createFileLedger();
  return {
    machine,
    read: (input: object = {}) => callTool(readTool({ machine, ledger }), { file_path: "a", ...input }),
    write: (text: string, path = "a") =>
      callTool(writeTool({ machine, ledger }), { file_path: path, content: text }),
    file: () => Buffer.from(machine.files.get("/work/a") ?? []).toString("latin1"),
  };
}

describe("Write", () => {
  test("creates a file", async () => {
    const { write, file } = session();
    const { text, outcome, effects } = await write("one\ntwo\n");
    expect(text).toBe("Created /work/a (2 lines).");
    expect(file()).toBe("one\ntwo\n");
    expect(outcome).toMatchObject({
      status: "ok",
      details: { path: "/work/a", created: true, added: 2, removed: 0 },
    });
    expect(effects).toStrictEqual([
      { type: "read", path: "/work/a" },
      { type: "write", path: "/work/a" },
    ]);
  });

  test("replaces a file that was read, and shows people what changed", async () => {
    const { read, write, file } = session("one\ntwo\n");
    await read();
    const { text, outcome } = await write("one\n2\n");
    expect(text).toBe("Replaced /work/a (2 lines).");
    expect(file()).toBe("one\n2\n");
    expect(outcome).toMatchObject({
      details: { added: 1, removed: 1, diff: expect.stringContaining("-two\n+2") },
    });
  });

  test("writes again what it wrote", async () => {
    const { write, file } = session();
    await write("one");
    expect((await write("two")).outcome.status).toBe("ok");
    expect(file()).toBe("two");
  });

  test("fills an empty file without its having been read", async () => {
    const { write } = session("");
    expect((await write("one")).text).toBe("Replaced /work/a (1 line).");
  });

  test("replaces a file that was read page by page", async () => {
    const { read, write } = session("1\n2\n3\n");
    await read({ limit: 2 });
    expect((await write("x")).text).toContain("Only a part of /work/a has been read");
    await read({ offset: 3 });
    expect((await write("x")).outcome.status).toBe("ok");
  });
});

describe("Write refuses", () => {
  test("a file that was not read", async () => {
    const { write, file } = session("theirs");
    const { text, outcome } = await write("mine");
    expect(outcome.status).toBe("failed");
    expect(text).toContain("has not been read in this session. Read it first.");
    expect(file()).toBe("theirs");
  });

  test("stale file refused: somebody else changed it after it was read", async () => {
    const { machine, read, write, file } = session("one");
    await read();
    machine.files.set("/work/a", Buffer.from("theirs"));
    expect((await write("mine")).text).toContain("has changed since it was read. Read it again");
    expect(file()).toBe("theirs");
  });

  test("stale file refused: somebody else made it after it was missing", async () => {
    const { machine } = session();
    const late = {
      ...machine,
      stat: (...call: Parameters<typeof machine.stat>) => {
        const before = machine.stat(...call);
        machine.files.set("/work/a", Buffer.from("theirs"));
        return before;
      },
    };
    const tool = writeTool({ machine: late, ledger: createFileLedger() });
    expect((await callTool(tool, { file_path: "a", content: "mine" })).text).toContain("has changed");
    expect(Buffer.from(machine.files.get("/work/a") ?? []).toString()).toBe("theirs");
  });

  test("a folder", async () => {
    const { write } = session("x");
    expect((await write("mine", "/work")).text).toBe("/work is a folder.");
  });
});

describe("rank 17: Write keeps the encoding of the file it replaces", () => {
  const utf16 = (text: string): string => Buffer.from(`\ufeff${text}`, "utf16le").toString("latin1");
  const table: readonly (readonly [
    name: string,
    before: string,
    content: string,
    after: string,
    says: string,
  ])[] = [
    ["a byte-order mark", "\xef\xbb\xbfone", "é\n", "\xef\xbb\xbf\xc3\xa9\n", "stays utf-8-bom"],
    ["a byte-order mark, not twice", "\xef\xbb\xbfone", "\ufeffx", "\xef\xbb\xbfx", "stays utf-8-bom"],
    ["UTF-16", utf16("one"), "é\r\n", utf16("é\r\n"), "stays utf-16le"],
    ["Latin-1", "on\xe9", "\xe9 €\n", "\xe9 \x80\n", "stays windows-1252"],
    ["Latin-1 unless the content does not fit", "on\xe9", "→\n", "\xe2\x86\x92\n", "It is UTF-8 now"],
    ["UTF-8, with line endings as they are given", "one\r\n", "a\nb\r\nc\r", "a\nb\r\nc\r", "(3 lines)."],
    ["nothing of binary data", "\x89PNG\r\n\x1a\n", "text", "text", "(1 line)."],
  ];
  test.each(table)("rank 17: %s", async (_, before, content, after, says) => {
    const { read, write, file } = session(Buffer.from(before, "latin1"));
    await read();
    expect((await write(content)).text).toContain(says);
    expect(file()).toBe(after);
  });
});

test("W14: any content over any file gives an outcome", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: "binary" }),
      async (bytes, content) => {
        const { read, write } = session(bytes);
        await read();
        expect((await write(content)).outcome).not.toMatchObject({ error: { code: "tool-broken" } });
      },
    ),
  );
});
