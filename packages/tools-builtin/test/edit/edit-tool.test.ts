import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editTool } from "../../src/edit/edit-tool.ts";
import { createFileLedger } from "../../src/files/file-ledger.ts";
import { readTool } from "../../src/read/read-tool.ts";
import { callTool } from "../call-tool.ts";
import { type MemoryMachine, memoryMachine } from "../memory-machine.ts";

type EditArguments = {
  readonly file_path?: string;
  readonly old_string: string;
  readonly new_string: string;
  readonly replace_all?: boolean;
};

/** A session that can read and edit `/work/a`. */
function session(content: string | Uint8Array | undefined) {
  const machine: MemoryMachine = memoryMachine(
    content === undefined ? { "/work/other": "" } : { "/work/a": content },
  );
  const ledger = createFileLedger();
  return {
    machine,
    read: (input: object = {}) => callTool(readTool({ machine, ledger }), { file_path: "a", ...input }),
    edit: (input: EditArguments) => callTool(editTool({ machine, ledger }), { file_path: "a", ...input }),
    file: () => Buffer.from(machine.files.get("/work/a") ?? []).toString("latin1"),
  };
}

describe("Edit", () => {
  test("changes the one place and shows the lines around it", async () => {
    const { read, edit, file } = session("one\ntwo\nthree\n");
    await read();
    const { text, outcome } = await edit({ old_string: "two", new_string: "2" });
    expect(file()).toBe("one\n2\nthree\n");
    expect(text).toBe("Changed /work/a. It is now:\n     1\tone\n     2\t2\n     3\tthree");
    expect(outcome).toMatchObject({ status: "ok", details: { added: 1, removed: 1, created: false } });
  });

  test("changes every place with replace_all", async () => {
    const { read, edit, file } = session("a a\na\n");
    await read();
    const { text } = await edit({ old_string: "a", new_string: "b", replace_all: true });
    expect(file()).toBe("b b\nb\n");
    expect(text).toContain("3 places (before: lines 1, 1, 2)");
  });

  test("changes nothing where more than one place matches, and says where", async () => {
    const { read, edit, file } = session("a\nb\na\n");
    await read();
    const { text, outcome } = await edit({ old_string: "a", new_string: "x", replace_all: false });
    expect(outcome.status).toBe("failed");
    expect(text).toContain("old_string is in it 2 times (lines 1, 3)");
    expect(file()).toBe("a\nb\na\n");
  });

  test("says what is most like a text that is not there", async () => {
    const { read, edit } = session("\tone = 1;\n");
    await read();
    const { text } = await edit({ old_string: "  one = 1;", new_string: "x" });
    expect(text).toContain("It differs only in white space (mind tabs and spaces) from:\n     1\t\tone = 1;");
  });

  test("can change a file again without reading it again", async () => {
    const { read, edit, file } = session("a");
    await read();
    await edit({ old_string: "a", new_string: "b" });
    expect((await edit({ old_string: "b", new_string: "c" })).outcome.status).toBe("ok");
    expect(file()).toBe("c");
  });

  test("works on a page of a file, not only on one that was read whole", async () => {
    const { read, edit, file } = session("a\nb\n");
    await read({ offset: 1, limit: 1 });
    await edit({ old_string: "b", new_string: "c" });
    expect(file()).toBe("a\nc\n");
  });

  test("makes a new file of an empty old_string", async () => {
    const { edit, file } = session(undefined);
    const { text, effects } = await edit({ old_string: "", new_string: "new\n" });
    expect(text).toBe("Created /work/a.");
    expect(file()).toBe("new\n");
    expect(effects).toStrictEqual([
      { type: "read", path: "/work/a" },
      { type: "write", path: "/work/a" },
    ]);
  });

  test("fills an empty file", async () => {
    const { edit, file } = session("");
    expect((await edit({ old_string: "", new_string: "new\n" })).text).toBe("Filled /work/a.");
    expect(file()).toBe("new\n");
  });

  test("finds a file at home only where home is known", async () => {
    const options = { machine: memoryMachine(), ledger: createFileLedger() };
    const input = { file_path: "~/a", old_string: "", new_string: "x" };
    expect((await callTool(editTool({ ...options, home: "/home/me" }), input)).text).toBe(
      "Created /home/me/a.",
    );
    expect((await callTool(editTool(options), input)).text).toBe("Created /work/~/a.");
  });
});

describe("Edit refuses", () => {
  const refusals: readonly (readonly [
    name: string,
    content: string | undefined,
    input: EditArguments,
    says: string,
  ])[] = [
    ["equal strings", "a", { old_string: "a", new_string: "a" }, "are the same"],
    [
      "strings that differ in line endings only",
      "a\r\nb",
      { old_string: "a\nb", new_string: "a\r\nb" },
      "line endings are kept",
    ],
    [
      "an empty old_string for a file with content",
      "a",
      { old_string: "", new_string: "b" },
      "old_string is empty, but /work/a is not",
    ],
    [
      "a missing file",
      undefined,
      { file_path: "othr", old_string: "a", new_string: "b" },
      "Did you mean /work/other?",
    ],
    [
      "a folder",
      "a",
      { file_path: "/work", old_string: "a", new_string: "b" },
      "/work is not a regular file",
    ],
  ];
  test.each(refusals)("%s", async (_, content, input, says) => {
    const { read, edit, file } = session(content);
    await read();
    const { text, outcome } = await edit(input);
    expect(outcome.status).toBe("failed");
    expect(text).toContain(says);
    expect(file()).toBe(content ?? "");
  });

  test("a file that was not read", async () => {
    const { edit, file } = session("a");
    const { text, outcome } = await edit({ old_string: "a", new_string: "b" });
    expect(outcome.status).toBe("failed");
    expect(text).toContain("has not been read in this session");
    expect(file()).toBe("a");
  });

  test("stale file refused: somebody else changed it after it was read", async () => {
    const { machine, read, edit, file } = session("a");
    await read();
    machine.files.set("/work/a", Buffer.from("a, changed"));
    const { text, outcome } = await edit({ old_string: "a", new_string: "b" });
    expect(outcome.status).toBe("failed");
    expect(text).toContain("has changed since it was read. Read it again");
    expect(file()).toBe("a, changed");
    await read();
    expect((await edit({ old_string: "a,", new_string: "b," })).outcome.status).toBe("ok");
  });

  test("stale file refused: somebody else changes it while it is edited", async () => {
    const { machine, read } = session("a");
    const ledger = createFileLedger();
    const racing = {
      ...machine,
      write: (...call: Parameters<MemoryMachine["write"]>) => {
        machine.files.set("/work/a", Buffer.from("theirs"));
        return machine.write(...call);
      },
    };
    await read();
    await callTool(readTool({ machine, ledger }), { file_path: "a" });
    const edited = await callTool(editTool({ machine: racing, ledger }), {
      file_path: "a",
      old_string: "a",
      new_string: "b",
    });
    expect(edited.text).toContain("has changed since it was read");
    expect(Buffer.from(machine.files.get("/work/a") ?? []).toString()).toBe("theirs");
  });

  test("P8: a file that is not text", async () => {
    const png = Buffer.from("89504e470d0a1a0a00", "hex");
    const { read, edit } = session(png);
    await read();
    expect((await edit({ old_string: "P", new_string: "Q" })).text).toContain(
      "cannot be edited: it is not text (image)",
    );
  });

  test("a character that the file's encoding does not have", async () => {
    const { read, edit, file } = session(Buffer.from("caf\xe9\n", "latin1"));
    await read();
    const { text, outcome } = await edit({ old_string: "café", new_string: "→" });
    expect(outcome.status).toBe("failed");
    expect(text).toContain('windows-1252, which does not have "→"');
    expect(file()).toBe("caf\xe9\n");
  });
});

describe("rank 17: Edit keeps what it does not change", () => {
  const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");
  const table: readonly (readonly [name: string, before: Buffer, after: Buffer])[] = [
    ["CR LF", Buffer.from("one\r\ntwo\r\n"), Buffer.from("one\r\n2\r\nand\r\n")],
    ["lone CR", Buffer.from("one\rtwo\r"), Buffer.from("one\r2\rand\r")],
    ["mixed endings", Buffer.from("one\ntwo\r\nend\r"), Buffer.from("one\n2\r\nand\r\nend\r")],
    ["a byte-order mark", Buffer.from("\ufeffone\ntwo\n"), Buffer.from("\ufeffone\n2\nand\n")],
    ["tabs", Buffer.from("\tone\ntwo\n\t\n"), Buffer.from("\tone\n2\nand\n\t\n")],
    ["no final line ending", Buffer.from("one\r\ntwo"), Buffer.from("one\r\n2\r\nand")],
    ["UTF-16 little-endian", utf16("oné\r\ntwo\r\n"), utf16("oné\r\n2\r\nand\r\n")],
    ["UTF-16 big-endian", utf16("oné\ntwo\n").swap16(), utf16("oné\n2\nand\n").swap16()],
    [
      "Latin-1",
      Buffer.from("on\xe9\ntwo\n\x80\x81", "latin1"),
      Buffer.from("on\xe9\n2\nand\n\x80\x81", "latin1"),
    ],
    [
      "broken UTF-8",
      Buffer.from("\xc3\xa9\xc3\xa9\xff\ntwo\n", "latin1"),
      Buffer.from("\xc3\xa9\xc3\xa9\xff\n2\nand\n", "latin1"),
    ],
  ];
  test.each(table)("rank 17: %s", async (_, before, after) => {
    const { read, edit, file } = session(before);
    await read();
    await edit({ old_string: "two", new_string: "2\nand" });
    expect(file()).toBe(after.toString("latin1"));
  });
});

test("W14: any strings on any file give an outcome", async () => {
  const piece = fc.string({ unit: "binary", maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      piece,
      piece,
      fc.boolean(),
      async (bytes, old, replacement, all) => {
        const { read, edit } = session(bytes);
        await read();
        const { outcome } = await edit({ old_string: old, new_string: replacement, replace_all: all });
        expect(outcome).not.toMatchObject({ error: { code: "tool-broken" } });
      },
    ),
  );
});
