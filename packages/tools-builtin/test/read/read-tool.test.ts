import { FaultError } from "@claw/agent-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFileLedger } from "../../src/files/file-ledger.ts";
import { readTool } from "../../src/read/read-tool.ts";
import { callTool } from "../call-tool.ts";
import { type MemoryMachine, memoryMachine } from "../memory-machine.ts";

const read = (machine: MemoryMachine, input: Readonly<Record<string, string | number>>) =>
  callTool(readTool({ machine, ledger: createFileLedger() }), input);

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");

describe("Read shows text", () => {
  test("with numbers as cat -n has them", async () => {
    const { text, outcome } = await read(memoryMachine({ "/work/a.txt": "one\n\ttwo\n" }), {
      file_path: "a.txt",
    });
    expect(text).toBe("     1\tone\n     2\t\ttwo");
    expect(outcome.status).toBe("ok");
  });

  test("one page of it, saying how to go on", async () => {
    const machine = memoryMachine({ "/work/a.txt": lines(2_001) });
    const first = await read(machine, { file_path: "/work/a.txt" });
    expect(first.text).toMatch(
      / {2}2000\tline 2000\n\n\[Lines 1-2000\. The file goes on: read it with offset 2001\.\]$/,
    );
    const second = await read(machine, { file_path: "/work/a.txt", offset: 2001 });
    expect(second.text).toBe("  2001\tline 2001\n\n[Lines 2001-2001 of 2001.]");
  });

  test("the page that offset and limit name", async () => {
    const { text } = await read(memoryMachine({ "/work/a": lines(9) }), {
      file_path: "a",
      offset: 3,
      limit: 2,
    });
    expect(text).toBe(
      "     3\tline 3\n     4\tline 4\n\n[Lines 3-4. The file goes on: read it with offset 5.]",
    );
  });

  test("from the first line when offset is 0", async () => {
    expect((await read(memoryMachine({ "/work/a": "x" }), { file_path: "a", offset: 0 })).text).toBe(
      "     1\tx",
    );
  });

  test("W14: an offset past the end is answered with the number of lines", async () => {
    const { text, outcome } = await read(memoryMachine({ "/work/a": lines(3) }), {
      file_path: "a",
      offset: 9,
    });
    expect(outcome.status).toBe("failed");
    expect(text).toBe("Offset 9 is past the end: /work/a has 3 lines.");
  });

  test("an empty file is called empty", async () => {
    expect((await read(memoryMachine({ "/work/a": "" }), { file_path: "a" })).text).toBe(
      "[/work/a is empty.]",
    );
    expect((await read(memoryMachine({ "/work/a": "" }), { file_path: "a", offset: 5 })).text).toBe(
      "[/work/a is empty.]",
    );
  });

  test("rank 17: without byte-order mark and carriage returns", async () => {
    const machine = memoryMachine({ "/work/a": "\ufeffone\r\ntwo\rthree\n" });
    expect((await read(machine, { file_path: "a" })).text).toBe("     1\tone\n     2\ttwo\n     3\tthree");
  });

  test.each([
    ["UTF-16 little-endian", [0xff, 0xfe, 0xe9, 0, 0x0a, 0, 0x62, 0], "UTF-16"],
    ["UTF-16 big-endian", [0xfe, 0xff, 0, 0xe9, 0, 0x0a, 0, 0x62], "UTF-16"],
    ["Latin-1", [0xe9, 0x0a, 0x62], "Windows-1252"],
  ])("rank 17: in %s, naming the encoding", async (_, bytes, name) => {
    const { text } = await read(memoryMachine({ "/work/a": Uint8Array.from(bytes) }), { file_path: "a" });
    expect(text).toContain("     1\té\n     2\tb\n\n[");
    expect(text).toContain(name);
  });

  test("P7: no more of a large file is read than the page needs", async () => {
    const machine = memoryMachine({ "/work/a": lines(2_000_000) });
    await read(machine, { file_path: "a", limit: 10 });
    expect(machine.bytesRead()).toBeLessThan(200_000);
  });

  test("a page is never so large that a toolbox cuts it", async () => {
    const machine = memoryMachine({ "/work/a": `${"漢".repeat(1_000)}\n`.repeat(200) });
    const { text } = await read(machine, { file_path: "a" });
    expect(text).not.toContain("cut here");
    expect(Buffer.byteLength(text)).toBeGreaterThan(90_000);
    expect(text).toMatch(/read it with offset \d+\.\]$/);
    const short = memoryMachine({ "/work/a": "\n".repeat(50_000) });
    expect((await read(short, { file_path: "a", limit: 50_000 })).text).not.toContain("cut here");
  });

  test("a page fits the smaller results that a host may ask for", async () => {
    const tool = readTool({
      machine: memoryMachine({ "/work/a": lines(2_000) }),
      ledger: createFileLedger(),
      maxResultTokens: 3_000,
    });
    const { text } = await callTool(tool, { file_path: "a" });
    expect(Buffer.byteLength(text)).toBeLessThan(12_000);
    expect(text).toMatch(/read it with offset \d+\.\]$/);
  });
});

describe("Read says what it cannot show", () => {
  test("a folder", async () => {
    const { text, outcome } = await read(memoryMachine({ "/work/src/a": "" }), { file_path: "src" });
    expect(outcome.status).toBe("failed");
    expect(text).toContain("/work/src is a folder. List it with Glob");
  });

  test("a missing file, with the names that are near", async () => {
    const machine = memoryMachine({ "/work/config.json": "", "/work/Readme.md": "", "/work/zzz": "" });
    expect((await read(machine, { file_path: "README.md" })).text).toBe(
      "/work/README.md does not exist. Did you mean /work/Readme.md?",
    );
    expect((await read(machine, { file_path: "config.yaml" })).text).toContain(
      "Did you mean /work/config.json?",
    );
    expect((await read(machine, { file_path: "nothing-like-it" })).text).toBe(
      "/work/nothing-like-it does not exist.",
    );
  });

  test("a missing folder, with the deepest that exists", async () => {
    const { text } = await read(memoryMachine({ "/work/src/a": "" }), { file_path: "src/lib/deep/a.ts" });
    expect(text).toBe(
      "/work/src/lib/deep/a.ts does not exist: of its folders, /work/src is the deepest that does.",
    );
  });

  test("P8: binary data, with its kind and size", async () => {
    const zip = Uint8Array.from([...Buffer.from("PK\x03\x04"), ...new Uint8Array(2_000)]);
    const { text, outcome } = await read(memoryMachine({ "/work/a": zip, "/work/b": new Uint8Array(9) }), {
      file_path: "a",
    });
    expect(outcome.status).toBe("failed");
    expect(text).toContain("ZIP archive (also docx, xlsx, jar), 2 kB");
    expect((await read(memoryMachine({ "/work/b": new Uint8Array(9) }), { file_path: "b" })).text).toContain(
      "binary data, 9 bytes",
    );
  });

  test("what the machine refuses", async () => {
    const tool = readTool({
      machine: {
        ...memoryMachine(),
        stat: () => Promise.reject(new FaultError({ code: "access-denied", message: "No.", hint: "Ask." })),
      },
      ledger: createFileLedger(),
    });
    const { outcome, text } = await callTool(tool, { file_path: "a" });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "tool-failed" } });
    expect(text).toBe("No. Ask.");
  });
});

describe("Read hands over pictures", () => {
  const png = Buffer.from("89504e470d0a1a0a0000", "hex");
  test.each([
    ["image/png", png],
    ["image/jpeg", Buffer.from("ffd8ffe000104a46", "hex")],
    ["image/gif", Buffer.from("GIF89a\0\0")],
    ["image/webp", Buffer.from("RIFF\0\0\0\0WEBPVP8 ")],
  ])("%s, told by its first bytes, whatever its name", async (mediaType, bytes) => {
    const { outcome } = await read(memoryMachine({ "/work/picture.txt": bytes }), {
      file_path: "picture.txt",
    });
    expect(outcome).toMatchObject({
      status: "ok",
      content: [{ type: "text" }, { type: "image", mediaType, data: bytes.toString("base64") }],
    });
  });

  test("up to 5 MB", async () => {
    const large = new Uint8Array(5_000_001);
    large.set(png);
    const { outcome, text } = await read(memoryMachine({ "/work/a.png": large }), { file_path: "a.png" });
    expect(outcome.status).toBe("failed");
    expect(text).toContain("at most 5 MB");
  });
});

describe("Read declares what it touches", () => {
  test("the file, by its absolute path", async () => {
    const { effects } = await read(memoryMachine(), { file_path: "../etc/./passwd" });
    expect(effects).toStrictEqual([{ type: "read", path: "/etc/passwd" }]);
  });

  test("a file at home only where home is known", async () => {
    const tool = readTool({ machine: memoryMachine(), ledger: createFileLedger(), home: "/home/me" });
    expect((await callTool(tool, { file_path: "~/.ssh/id" })).effects).toStrictEqual([
      { type: "read", path: "/home/me/.ssh/id" },
    ]);
    expect((await read(memoryMachine(), { file_path: "~/a" })).effects).toStrictEqual([
      { type: "read", path: "/work/~/a" },
    ]);
  });
});

test("W14: any bytes under any name, at any offset, give an outcome", async () => {
  const magic = fc.constantFrom(
    "",
    "%PDF-1.7\n",
    "\x89PNG\r\n\x1a\n",
    '{"cells":[',
    "\xff\xfe",
    "\xef\xbb\xbf",
    "PK\x03\x04",
  );
  await fc.assert(
    fc.asyncProperty(
      magic,
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom("a", "a.ipynb", "a.pdf", "..", "/", "\0", "~", "", "a/b", "__proto__"),
      fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
      fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      async (start, rest, name, offset, limit) => {
        const bytes = Buffer.concat([Buffer.from(start, "latin1"), rest]);
        const input = {
          file_path: name,
          ...(offset === undefined ? {} : { offset }),
          ...(limit === undefined ? {} : { limit }),
        };
        const { outcome } = await read(memoryMachine({ [`/work/${name}`]: bytes }), input);
        expect(outcome).not.toMatchObject({ error: { code: "tool-broken" } });
      },
    ),
  );
});
