import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonValue } from "@claw/agent-core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { editTool } from "../../src/edit/edit-tool.ts";
import { createFileLedger } from "../../src/files/file-ledger.ts";
import { localMachine } from "../../src/machine/local-machine.ts";
import { readTool } from "../../src/read/read-tool.ts";
import { writeTool } from "../../src/write/write-tool.ts";
import { callTool } from "../call-tool.ts";

let folder: string;
let call: (name: "Read" | "Write" | "Edit", input: JsonValue) => ReturnType<typeof callTool>;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "claw-files-")));
  const options = { machine: localMachine(), ledger: createFileLedger() };
  const tools = { Read: readTool(options), Write: writeTool(options), Edit: editTool(options) };
  call = (name, input) => callTool(tools[name], input, { cwd: folder });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (name: string): Promise<number> => (await stat(join(folder, name))).mode & 0o777;

describe("files on this computer", () => {
  test("symlink and mode kept, by Write and by Edit, with nothing left behind", async () => {
    await writeFile(join(folder, "target"), "one\n");
    await chmod(join(folder, "target"), 0o750);
    await symlink("target", join(folder, "link"));
    await call("Read", { file_path: "link" });
    expect((await call("Write", { file_path: "link", content: "two\n" })).outcome.status).toBe("ok");
    expect(
      (await call("Edit", { file_path: "link", old_string: "two", new_string: "three" })).outcome.status,
    ).toBe("ok");
    expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
    expect(await readlink(join(folder, "link"))).toBe("target");
    expect(await readFile(join(folder, "target"), "utf8")).toBe("three\n");
    expect(await modeOf("target")).toBe(0o750);
    expect(await readdir(folder)).toStrictEqual(["link", "target"]);
  });

  test("a private file (0600) stays private", async () => {
    await writeFile(join(folder, "secret"), "one\n", { mode: 0o600 });
    await call("Read", { file_path: "secret" });
    await call("Edit", { file_path: "secret", old_string: "one", new_string: "two" });
    expect(await readFile(join(folder, "secret"), "utf8")).toBe("two\n");
    expect(await modeOf("secret")).toBe(0o600);
  });

  test("missing folders are made", async () => {
    expect((await call("Write", { file_path: "a/b/c.txt", content: "x" })).text).toBe(
      `Created ${folder}/a/b/c.txt (1 line).`,
    );
    expect(await readFile(join(folder, "a/b/c.txt"), "utf8")).toBe("x");
  });

  test("stale file refused: a change of the same length, by somebody else", async () => {
    await writeFile(join(folder, "a"), "one");
    await call("Read", { file_path: "a" });
    await writeFile(join(folder, "a"), "two");
    expect((await call("Edit", { file_path: "a", old_string: "two", new_string: "x" })).text).toContain(
      "has changed since",
    );
    expect((await call("Write", { file_path: "a", content: "x" })).text).toContain("has changed since");
    expect(await readFile(join(folder, "a"), "utf8")).toBe("two");
  });

  test("P7: of a file of 10 GB that is one endless line after the first, only the page is read", async () => {
    await writeFile(join(folder, "big"), `first\n${"x".repeat(200_000)}`);
    await truncate(join(folder, "big"), 10_000_000_000);
    const first = await call("Read", { file_path: "big", limit: 1 });
    expect(first.text).toBe("     1\tfirst\n\n[Lines 1-1. The file goes on: read it with offset 2.]");
    const whole = await call("Read", { file_path: "big" });
    expect(whole.text).toMatch(/… \[line cut after 2000 characters\]\n\n\[Lines 1-2\. The file goes on: /);
  });

  test("a file that the system makes up, whose size it does not know, is read", async () => {
    if (process.platform !== "linux") return;
    const { text, outcome } = await call("Read", { file_path: "/proc/self/status", limit: 1 });
    expect(outcome.status).toBe("ok");
    expect(text).toContain("     1\tName:");
  });

  test("a device is refused", async () => {
    expect((await call("Read", { file_path: "/dev/zero" })).text).toContain("not a regular file");
    expect((await call("Write", { file_path: "/dev/null", content: "x" })).text).toContain(
      "not a regular file",
    );
  });

  test("W14: any path gives an outcome", async () => {
    const path = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\0",
        "a\0b",
        "x".repeat(5_000),
        `${"d/".repeat(3_000)}f`,
        "\ud800",
        "a/../..",
        "//",
        ".",
      ),
    );
    await fc.assert(
      fc.asyncProperty(path, async (file_path) => {
        // In a folder of its own: whatever the path is, nothing outside is written.
        const inside = `in/${file_path.replaceAll("..", "__")}`;
        const outcomes = [
          await call("Read", { file_path: inside }),
          await call("Edit", { file_path: inside, old_string: "a", new_string: "b" }),
          await call("Write", { file_path: inside, content: "x" }),
        ];
        for (const { outcome } of outcomes)
          expect(outcome).not.toMatchObject({ error: { code: "tool-broken" } });
      }),
      { numRuns: 60 },
    );
  });
});
