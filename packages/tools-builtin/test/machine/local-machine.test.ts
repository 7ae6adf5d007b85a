import { execFileSync } from "node:child_process";
import { constants, mkdtempSync, rmSync } from "node:fs";
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FaultError, type Machine } from "@claw/agent-core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localMachine } from "../../src/machine/local-machine.ts";
import { openChecked } from "../../src/machine/open-checked.ts";

const machine: Machine = localMachine();
const signal = new AbortController().signal;
const isRoot = process.getuid?.() === 0;
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-"));
  file = join(folder, "file.txt");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function readAll(path: string, range = {}): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of machine.read(path, range, signal)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );
  return FaultError.isInstance(thrown) ? thrown.fault.code : String(thrown);
}

describe("stat", () => {
  test("tells type, size and mode of what a link leads to", async () => {
    await writeFile(file, "four");
    await chmod(file, 0o640);
    await symlink(file, join(folder, "link"));
    const seen = await machine.stat(join(folder, "link"), signal);
    expect(seen).toMatchObject({ type: "file", size: 4, mode: 0o640 });
    expect(await machine.stat(folder, signal)).toMatchObject({ type: "directory" });
    expect(await machine.stat("/dev/null", signal)).toMatchObject({ type: "other" });
  });

  test("of nothing is undefined: a missing name, a file as a folder, a link to nowhere, a name too long", async () => {
    await writeFile(file, "");
    await symlink(join(folder, "nowhere"), join(folder, "dangling"));
    for (const path of [
      join(folder, "no"),
      join(file, "below"),
      join(folder, "dangling"),
      join(folder, "x".repeat(300)),
    ]) {
      expect(await machine.stat(path, signal)).toBeUndefined();
    }
  });

  test("the version changes with the content, also when size and time stay", async () => {
    await writeFile(file, "one");
    const first = await machine.stat(file, signal);
    expect((await machine.stat(file, signal))?.version).toBe(first?.version);
    await writeFile(join(folder, "other"), "two");
    execFileSync("touch", ["-r", file, join(folder, "other")]);
    await rename(join(folder, "other"), file);
    expect((await machine.stat(file, signal))?.version).not.toBe(first?.version);
  });

  test("a path with a NUL is a fault, not a crash", async () => {
    expect(await faultOf(machine.stat("/tmp/a\0b", signal))).toBe("io");
  });
});

describe("realpath", () => {
  test("resolves every link, and of what does not exist the part that does", async () => {
    await mkdir(join(folder, "real"));
    await symlink(join(folder, "real"), join(folder, "link"));
    expect(await machine.realpath(join(folder, "link"), signal)).toBe(join(folder, "real"));
    expect(await machine.realpath(join(folder, "link", "new", "file"), signal)).toBe(
      join(folder, "real", "new", "file"),
    );
  });

  test("a link to what does not exist leads there, not to itself", async () => {
    await mkdir(join(folder, "in"));
    await symlink("../out/new.txt", join(folder, "in", "innocent"));
    expect(await machine.realpath(join(folder, "in", "innocent"), signal)).toBe(
      join(folder, "out", "new.txt"),
    );
    await symlink("innocent", join(folder, "in", "chain"));
    expect(await machine.realpath(join(folder, "in", "chain", "below"), signal)).toBe(
      join(folder, "out", "new.txt", "below"),
    );
  });

  test("links in a circle are a fault", async () => {
    await symlink("b", join(folder, "a"));
    await symlink("a", join(folder, "b"));
    expect(await faultOf(machine.realpath(join(folder, "a"), signal))).toBe("io");
  });
});

describe("read", () => {
  test("gives the bytes of a range, whatever its edges", async () => {
    const content = "0123456789".repeat(20_000);
    await writeFile(file, content);
    expect(await readAll(file)).toBe(content);
    await fc.assert(
      fc.asyncProperty(fc.nat(250_000), fc.nat(250_000), async (from, to) => {
        expect(await readAll(file, { from, to })).toBe(content.slice(from, to));
      }),
      { numRuns: 20 },
    );
  });

  test("a file that states no size is read to its end", async () => {
    expect(await readAll("/proc/self/status")).toContain("Pid:");
  });

  test("pieces stay as they were given", async () => {
    await writeFile(file, "a".repeat(65_536) + "b".repeat(65_536));
    const pieces: Uint8Array[] = [];
    for await (const piece of machine.read(file, {}, signal)) pieces.push(piece);
    expect(pieces.map((piece) => piece[0])).toEqual([97, 98]);
  });

  test("refuses a pipe without waiting, a device, a socket and a folder", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, "socket"), resolve));
    for (const path of [join(folder, "pipe"), "/dev/zero", join(folder, "socket"), folder]) {
      expect(await faultOf(readAll(path))).toBe("not-a-file");
    }
    await new Promise((resolve) => server.close(resolve));
  });

  test("says that there is nothing", async () => {
    expect(await faultOf(readAll(file))).toBe("not-found");
  });

  test("stops when its signal fires, and closes the file when it is left", async () => {
    await writeFile(file, "x".repeat(300_000));
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of machine.read(file, {}, stop.signal)) stop.abort();
    };
    await expect(read()).rejects.toHaveProperty("name", "AbortError");
    for await (const _ of machine.read(file, {}, signal)) break;
    const open = await Promise.all(
      (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
    );
    expect(open).not.toContain(file);
  });

  test("reads through a link", async () => {
    await mkdir(join(folder, "in"));
    await writeFile(join(folder, "in", "data"), "inside");
    await symlink(join(folder, "in"), join(folder, "link"));
    expect(await readAll(join(folder, "link", "data"))).toBe("inside");
  });

  test("what was judged is what is opened: not through a link that came into the path since", async () => {
    await mkdir(join(folder, "in"));
    const data = join(folder, "in", "data");
    await writeFile(data, "inside");
    await symlink(join(folder, "in"), join(folder, "swapped"));
    await symlink(data, join(folder, "alias"));
    const opened = await openChecked(data, constants.O_RDONLY);
    expect(opened).toBeDefined();
    await opened?.close();
    expect(await openChecked(join(folder, "swapped", "data"), constants.O_RDONLY)).toBeUndefined();
    expect(await openChecked(join(folder, "alias"), constants.O_RDONLY)).toBeUndefined();
  });
});

describe("write", () => {
  test("makes a file and its folders, with the mode that the umask gives", async () => {
    const path = join(folder, "a", "b", "new.txt");
    const umask = process.umask();
    const seen = await machine.write(path, bytes("content"), {}, signal);
    expect(await readFile(path, "utf8")).toBe("content");
    expect((await stat(path)).mode & 0o777).toBe(0o666 & ~umask);
    expect(seen).toEqual(await machine.stat(path, signal));
  });

  test("replaces: mode and owner stay, a reader sees the old or the new", async () => {
    await writeFile(file, "o".repeat(100_000));
    await chmod(file, 0o751);
    if (isRoot) await chown(file, 1234, 1234);
    const reader = machine.read(file, {}, signal)[Symbol.asyncIterator]();
    await reader.next();
    await machine.write(file, bytes("new"), {}, signal);
    expect((await reader.next()).value?.[0]).toBe("o".charCodeAt(0));
    await reader.return?.();
    expect(await readFile(file, "utf8")).toBe("new");
    const after = await stat(file);
    expect(after.mode & 0o7777).toBe(0o751);
    if (isRoot) expect([after.uid, after.gid]).toEqual([1234, 1234]);
    expect(await readdir(folder)).toEqual(["file.txt"]);
  });

  test("writes through a link, which stays one", async () => {
    await writeFile(file, "old");
    const alias = join(folder, "alias");
    await symlink("file.txt", alias);
    await machine.write(alias, bytes("new"), {}, signal);
    expect((await lstat(alias)).isSymbolicLink()).toBe(true);
    expect(await readFile(file, "utf8")).toBe("new");
  });

  test("writes where a link to nowhere leads", async () => {
    const alias = join(folder, "alias");
    await symlink(join(folder, "sub", "target"), alias);
    await machine.write(alias, bytes("new"), {}, signal);
    expect(await readFile(join(folder, "sub", "target"), "utf8")).toBe("new");
    expect((await lstat(alias)).isSymbolicLink()).toBe(true);
  });

  test("a hard link elsewhere keeps the old content", async () => {
    await writeFile(file, "old");
    await link(file, join(folder, "store"));
    await machine.write(file, bytes("new"), {}, signal);
    expect(await readFile(join(folder, "store"), "utf8")).toBe("old");
  });

  test("with a version: writes that version only", async () => {
    const first = await machine.write(file, bytes("one"), { expect: null }, signal);
    const second = await machine.write(file, bytes("two"), { expect: first.version }, signal);
    await writeFile(file, "somebody else's");
    expect(await faultOf(machine.write(file, bytes("three"), { expect: second.version }, signal))).toBe(
      "stale",
    );
    await rm(file);
    expect(await faultOf(machine.write(file, bytes("three"), { expect: second.version }, signal))).toBe(
      "stale",
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("with null: only where there is nothing; of many at once exactly one writes", async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        faultOf(machine.write(file, bytes(`writer ${index}`), { expect: null }, signal)),
      ),
    );
    expect(results.filter((result) => result === "nothing was thrown")).toHaveLength(1);
    expect(results.filter((result) => result === "stale")).toHaveLength(7);
    expect(await readdir(folder)).toEqual(["file.txt"]);
  });

  test("refuses a folder, a device, and a file in the place of a folder", async () => {
    await writeFile(file, "");
    expect(await faultOf(machine.write(folder, bytes("x"), {}, signal))).toBe("not-a-file");
    expect(await faultOf(machine.write("/dev/null", bytes("x"), {}, signal))).toBe("not-a-file");
    expect(await faultOf(machine.write(join(file, "below"), bytes("x"), {}, signal))).toBe("not-a-directory");
    expect(await faultOf(machine.write(join(file, "below", "more"), bytes("x"), {}, signal))).toBe(
      "not-a-directory",
    );
  });

  test("a cancelled write changes nothing and leaves nothing", async () => {
    await writeFile(file, "old");
    expect(await faultOf(machine.write(file, bytes("new"), {}, AbortSignal.abort()))).toContain("AbortError");
    expect(await readFile(file, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["file.txt"]);
  });

  test.skipIf(isRoot)("a file that is not ours to write is refused although its folder is ours", async () => {
    await writeFile(file, "old", { mode: 0o444 });
    expect(await faultOf(machine.write(file, bytes("new"), {}, signal))).toBe("access-denied");
  });

  test.runIf(canMount())("a full disk and a read-only one are said so, and the old file stays", async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
    try {
      await writeFile(file, "old");
      expect(await faultOf(machine.write(file, new Uint8Array(200_000), {}, signal))).toBe("disk-full");
      expect(await readFile(file, "utf8")).toBe("old");
      expect(await readdir(folder)).toEqual(["file.txt"]);
      execFileSync("mount", ["-o", "remount,ro", folder]);
      expect(await faultOf(machine.write(file, bytes("new"), {}, signal))).toBe("read-only");
    } finally {
      execFileSync("umount", [folder]);
    }
  });
});

describe("list", () => {
  test("gives each entry with its own type, links not followed", async () => {
    await writeFile(file, "");
    await mkdir(join(folder, "sub"));
    await symlink(folder, join(folder, "link"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const entries: string[] = [];
    for await (const entry of machine.list(folder, signal)) entries.push(`${entry.name} ${entry.type}`);
    const expected = ["file.txt file", "link link", "pipe other", "sub directory"];
    expect(new Set(entries)).toEqual(new Set(expected));
    expect(entries).toHaveLength(expected.length);
  });

  test("says what it cannot list", async () => {
    const list = async (path: string): Promise<void> => {
      for await (const _ of machine.list(path, signal));
    };
    await writeFile(file, "");
    expect(await faultOf(list(join(folder, "no")))).toBe("not-found");
    expect(await faultOf(list(file))).toBe("not-a-directory");
  });
});

describe("unlinked", () => {
  test("class 16: a link in the path or at its end is `moved`, in every verb; without one all is as ever", async () => {
    const { unlinked } = machine;
    if (unlinked === undefined) throw new Error("this computer can refuse links");
    await mkdir(join(folder, "in"));
    await symlink(join(folder, "in"), join(folder, "link"));
    const names = async (path: string): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const { name } of unlinked.list(path, signal)) found.push(name);
      return found;
    };
    const read = async (path: string): Promise<void> => {
      for await (const _ of unlinked.read(path, {}, signal));
    };
    await unlinked.write(join(folder, "in", "new", "data"), bytes("x"), { expect: null }, signal);
    await symlink(join(folder, "in", "new", "data"), join(folder, "in", "alias"));
    expect(await names(join(folder, "in", "new"))).toEqual(["data"]);
    await read(join(folder, "in", "new", "data"));
    for (const path of [join(folder, "link", "new", "data"), join(folder, "in", "alias")]) {
      expect(await faultOf(unlinked.stat(path, signal))).toBe("moved");
      expect(await faultOf(read(path))).toBe("moved");
      expect(await faultOf(unlinked.write(path, bytes("y"), {}, signal))).toBe("moved");
    }
    expect(await faultOf(names(join(folder, "link")))).toBe("moved");
    expect(await faultOf(unlinked.write(join(folder, "link", "other"), bytes("y"), {}, signal))).toBe(
      "moved",
    );
    expect(await readdir(join(folder, "in"))).toEqual(["alias", "new"]);
  });
});

describe("exec", () => {
  test("runs a program in the scrubbed environment, added to by the request", async () => {
    process.env["EXAMPLE_API_KEY"] = "correct-horse";
    const own = localMachine();
    const execution = await own.exec(
      { argv: ["bash", "-c", "printenv"], cwd: folder, env: { ADDED: "yes" } },
      signal,
    );
    delete process.env["EXAMPLE_API_KEY"];
    let output = "";
    for await (const piece of execution.output) output += Buffer.from(piece.bytes).toString();
    expect(output).toContain("ADDED=yes");
    expect(output).toContain("PAGER=cat");
    expect(output).not.toContain("correct-horse");
    expect(await execution.exit).toEqual({ type: "exited", code: 0, survivors: [] });
  });

  test("P11: rejects with cannot-start", async () => {
    expect(await faultOf(machine.exec({ argv: ["no-such-program"], cwd: folder }, signal))).toBe(
      "cannot-start",
    );
  });
});

function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), "claw-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", place], { stdio: "ignore" });
    execFileSync("umount", [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true });
  }
}
