import { chmod, symlink } from "node:fs/promises";
import { join } from "node:path";
import { FaultError, type Machine } from "@claw/agent-core";
import { describe, expect, it } from "vitest";
import { grepTool } from "../../src/grep/grep-tool.ts";
import { callTool } from "../search/call-tool.ts";
import { testMachine } from "../search/test-machine.ts";
import { testTree } from "../search/test-tree.ts";

const grep = grepTool({ machine: testMachine });
const grepInProcess = grepTool({ machine: testMachine, programs: [] });
const each = [
  ["ripgrep", grep],
  ["the search in this process", grepInProcess],
] as const;

describe.each(each)("Grep with %s", (_, tool) => {
  it("names the files that match by default, in path order", async () => {
    const root = await testTree({ "b.ts": "foo", "a.ts": "foo", "c.ts": "bar" });
    expect((await callTool(tool, { pattern: "foo" }, root)).text).toBe("a.ts\nb.ts");
  });

  it("1.7: a path that names one file finds what is in it", async () => {
    const root = await testTree({ "src/a.ts": "one\nfoo\n", "src/b.ts": "foo\n" });
    const called = await callTool(tool, { pattern: "foo", path: "src/a.ts", output_mode: "content" }, root);
    expect(called.text).toBe("src/a.ts:2:foo");
    expect(called.effects).toEqual([{ type: "read", path: join(root, "src/a.ts") }]);
  });

  it("shows matches with context, and without line numbers when asked", async () => {
    const root = await testTree({ "a.txt": "1\n2\nfoo\n4\n5\n6\n7\nfoo\n" });
    const content = { pattern: "foo", output_mode: "content" };
    expect((await callTool(tool, { ...content, "-C": 1 }, root)).text).toBe(
      "a.txt-2-2\na.txt:3:foo\na.txt-4-4\n--\na.txt-7-7\na.txt:8:foo",
    );
    expect((await callTool(tool, { ...content, "-n": false }, root)).text).toBe("a.txt:foo\na.txt:foo");
  });

  it("1.7: stops at head_limit, stops the search with it, and says how to go on", async () => {
    const root = await testTree({ "a.txt": "foo\n".repeat(300_000) });
    const content = { pattern: "foo", output_mode: "content" };
    const first = (await callTool(tool, { ...content, head_limit: 2 }, root)).text;
    expect(first).toMatch(
      /^a\.txt:1:foo\na\.txt:2:foo\n\(there are more than these 2 lines: go on with offset 2/,
    );
    const next = (await callTool(tool, { ...content, head_limit: 1, offset: 2 }, root)).text;
    expect(next).toMatch(/^a\.txt:3:foo\n/);
    const whole = (await callTool(tool, content, root)).text.split("\n");
    expect(whole).toHaveLength(251);
  });

  it("keeps paths with colons, line breaks and leading hyphens whole", async () => {
    const root = await testTree({
      "we:3:ird": "foo\n",
      "two\nlines": "foo\n",
      "-v": "foo\n",
      "--pre=x": "foo\n",
    });
    const called = await callTool(tool, { pattern: "foo", output_mode: "count" }, root);
    expect(called.text).toBe("--pre=x:1\n-v:1\ntwo\nlines:1\nwe:3:ird:1");
    expect((await callTool(tool, { pattern: "foo", path: "-v" }, root)).text).toBe("-v");
  });

  it("takes a pattern that looks like an option as a pattern", async () => {
    const root = await testTree({ a: "--pre=sh\n", b: "x\n" });
    expect((await callTool(tool, { pattern: "--pre=sh" }, root)).text).toBe("a");
    expect((await callTool(tool, { pattern: "-e" }, root)).text).toContain("No matches");
  });

  it("does not follow links, and ends in a folder that links to itself", async () => {
    const root = await testTree({ "in/a.txt": "foo" });
    await symlink(root, join(root, "in/loop"));
    await symlink("/etc", join(root, "etc"));
    expect((await callTool(tool, { pattern: "foo|root" }, root)).text).toBe("in/a.txt");
  });

  it("leaves out ignored, hidden and binary files and .git, unless path names their folder", async () => {
    const root = await testTree({
      ".gitignore": "dist\n",
      "dist/a.js": "foo",
      ".hidden/b": "foo",
      ".git/config": "foo",
      "c.bin": "foo\0",
      "d.ts": "foo",
    });
    expect((await callTool(tool, { pattern: "foo" }, root)).text).toBe("d.ts");
    expect((await callTool(tool, { pattern: "foo", path: "dist" }, root)).text).toBe("dist/a.js");
    expect((await callTool(tool, { pattern: "foo", path: ".hidden" }, root)).text).toBe(".hidden/b");
  });

  it("says that nothing was found, and what was not searched", async () => {
    const root = await testTree({ "a.ts": "x" });
    const called = await callTool(tool, { pattern: "foo" }, root);
    expect(called.status).toBe("ok");
    expect(called.text).toBe("No matches in . (ignored, hidden and binary files not searched).");
  });

  it("explains a faulty pattern in ripgrep's words", async () => {
    const root = await testTree({ "a.ts": "x" });
    const called = await callTool(tool, { pattern: "a(?=b)" }, root);
    expect(called.status).toBe("failed");
    expect(called.text).toContain("look-around");
  });

  it("names near paths when path does not exist", async () => {
    const root = await testTree({ "packages/a": "x" });
    const called = await callTool(tool, { pattern: "x", path: "package" }, root);
    expect(called.status).toBe("failed");
    expect(called.text).toContain("packages");
  });

  it("W1: settles when the call is cancelled", async () => {
    const root = await testTree({ "a.txt": "foo\n".repeat(200_000) });
    const stop = new AbortController();
    const pending = callTool(tool, { pattern: "nothing", output_mode: "content" }, root, stop.signal);
    stop.abort();
    expect((await pending).status).toBe("cancelled");
  });
});

describe("Grep", () => {
  it("goes on to the next program, then to this process, when one cannot be started", async () => {
    const root = await testTree({ "a.ts": "foo" });
    const tried: string[] = [];
    const machine: Machine = {
      ...testMachine,
      exec: ({ argv }) => {
        tried.push(argv[0]);
        return Promise.reject(new FaultError({ code: "cannot-start", message: "There is no such program." }));
      },
    };
    const called = await callTool(
      grepTool({ machine, programs: ["first", "second"] }),
      { pattern: "foo" },
      root,
    );
    expect(called.text).toBe("a.ts");
    expect(tried).toEqual(["first", "second"]);
  });

  it("searches on past a file that cannot be read, and says so", async () => {
    const root = await testTree({ a: "foo", b: "foo" });
    const machine: Machine = {
      ...testMachine,
      read: (path, range, signal) => {
        if (!path.endsWith("/a")) return testMachine.read(path, range, signal);
        throw new FaultError({ code: "access-denied", message: "It may not be read." });
      },
    };
    const called = await callTool(grepTool({ machine, programs: [] }), { pattern: "foo" }, root);
    expect(called.text).toBe("b\n(could not search a: It may not be read.)");
  });

  it("passes on what ripgrep says of files that it cannot read", async () => {
    const root = await testTree({
      "fake-rg": "#!/bin/sh\nprintf './b\\0'\necho 'rg: ./a: Permission denied (os error 13)' >&2\nexit 2\n",
    });
    const program = join(root, "fake-rg");
    await chmod(program, 0o755);
    const called = await callTool(
      grepTool({ machine: testMachine, programs: [program] }),
      { pattern: "foo" },
      root,
    );
    expect(called.text).toBe("b\n(could not search a: Permission denied (os error 13))");
  });

  it("ends a catastrophic pattern where ripgrep is not there, and the process lives on", async () => {
    const root = await testTree({ "a.txt": `${"a".repeat(50)}!\n` });
    const hurried = grepTool({ machine: testMachine, programs: [], deadlineMs: 300 });
    const called = await callTool(hurried, { pattern: "(a|a)*$" }, root);
    expect(called.outcome).toMatchObject({ status: "failed", error: { code: "timed-out" } });
    expect((await callTool(grepInProcess, { pattern: "a!" }, root)).text).toBe("a.txt");
  });

  it("never lets a user's configuration or a preprocessor in", async () => {
    const root = await testTree({ "a.ts": "foo" });
    let argv: readonly string[] = [];
    const machine: Machine = {
      ...testMachine,
      exec: (request, signal) => {
        argv = request.argv;
        return testMachine.exec(request, signal);
      },
    };
    await callTool(grepTool({ machine }), { pattern: "--pre=sh", glob: "--pre=sh", type: "ts" }, root);
    expect(argv[1]).toBe("--no-config");
    const end = argv.indexOf("--");
    expect(argv.slice(end)).toEqual(["--", "--pre=sh", "."]);
    expect(argv.slice(0, end).filter((argument) => argument.startsWith("--pre"))).toEqual([]);
  });

  it("P7: a search in one endless line takes no more memory than its cap", async () => {
    const root = await testTree({});
    const piece = new Uint8Array(1_000_000).fill(0x61);
    let pieces = 0;
    const machine: Machine = {
      ...testMachine,
      stat: () => Promise.resolve({ type: "file", size: 0, modifiedAt: 0, mode: 0, version: "" }),
      read: async function* () {
        for (pieces = 0; pieces < 300; pieces += 1) yield piece;
        yield new TextEncoder().encode("\nfoo\n");
      },
    };
    const before = process.memoryUsage().rss;
    const tool = grepTool({ machine, programs: [] });
    const called = await callTool(tool, { pattern: "^foo", path: "endless", output_mode: "content" }, root);
    expect(called.text).toBe("endless:2:foo");
    expect(pieces).toBe(300);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });
});
