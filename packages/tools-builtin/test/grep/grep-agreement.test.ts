import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { JsonObject, Machine } from "@claw/agent-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grepTool } from "../../src/grep/grep-tool.ts";
import { ripgrepPrograms } from "../../src/grep/ripgrep-programs.ts";
import { isInRepository } from "../../src/search/is-in-repository.ts";
import { walk } from "../../src/search/walk.ts";
import { callTool } from "../search/call-tool.ts";
import { testMachine } from "../search/test-machine.ts";
import { fillTree, testTree } from "../search/test-tree.ts";

const runs = Number(process.env["CLAW_PROPERTY_RUNS"] ?? 60);
const never = new AbortController().signal;
const [packaged = ""] = await ripgrepPrograms();
let ripgrepRuns = 0;
const countingMachine: Machine = {
  ...testMachine,
  exec: (request, signal) => {
    ripgrepRuns += 1;
    return testMachine.exec(request, signal);
  },
};
const withRipgrep = grepTool({ machine: countingMachine, programs: [packaged] });
const inProcess = grepTool({ machine: testMachine, programs: [] });

async function bothSay(input: JsonObject, cwd: string): Promise<readonly [string, string]> {
  const [one, other] = await Promise.all([
    callTool(withRipgrep, input, cwd),
    callTool(inProcess, input, cwd),
  ]);
  return [`${one.status}\n${one.text}`, `${other.status}\n${other.text}`];
}

const folder = fc.constantFrom(
  "",
  "src/",
  "src/deep/",
  "lib/",
  ".hidden/",
  "node_modules/",
  "a b/",
  "build/",
);
const file = fc.constantFrom(
  "a.ts",
  "b.ts",
  "A.TS",
  "c.js",
  ".env",
  ".dot.ts",
  "x.min.js",
  "log.txt",
  "we:ird",
  "[x].ts",
);
const word = fc.constantFrom(
  "foo",
  "Foo",
  "bar",
  "foo bar",
  "",
  "  foo",
  "fo",
  "naïve",
  "x\r",
  "foo()",
  "日本 foo",
);
const content = fc
  .tuple(fc.array(word, { maxLength: 9 }), fc.boolean())
  .map(([lines, ends]) => lines.join("\n") + (ends && lines.length > 0 ? "\n" : ""));
const rule = fc.constantFrom(
  "*.js",
  "!c.js",
  "build",
  "build/",
  "/src",
  "src/deep",
  "deep/",
  "!deep/",
  "*.min.*",
  "node_modules/",
  "# note",
  "",
  "**/a.ts",
  "src/**",
  "!.env",
  "!.hidden/",
  ".hidden",
  "a b",
  "/a.ts",
  "lib/*.ts",
  "!lib/b.ts",
  "[ab].ts",
  "\\[x].ts",
  "*",
  "!*/",
  "!b.ts",
  "*.ts",
  "log.txt ",
  "?.ts",
  "**/deep",
  "src/**/a.ts",
  "deep/**",
);
const rules = fc.array(rule, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
const ruleFile = fc.tuple(
  fc.constantFrom("", "src/", "lib/", "src/deep/"),
  fc.constantFrom(".gitignore", ".ignore", ".rgignore", ".git/info/exclude", ".git/HEAD"),
);

const tree = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.tuple(folder, file).map((names) => names.join("")),
        content,
      ),
      { minLength: 1, maxLength: 12 },
    ),
    fc.array(
      fc.tuple(
        ruleFile.map((names) => names.join("")),
        rules,
      ),
      { maxLength: 3 },
    ),
  )
  .map(([files, ignoreFiles]) => Object.fromEntries([...files, ...ignoreFiles]));

/** Mostly absent: a query with all options at once finds nothing. */
const sometimes = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const few = fc.integer({ min: 0, max: 2 });
const query = fc
  .record({
    pattern: fc.constantFrom(
      ...[
        "foo",
        "foo",
        "^foo",
        "foo$",
        "^$",
        "f(o|x)o?",
        "\\bfoo\\b",
        "[[:upper:]]oo",
        "\\w+",
        "ï",
        "o{2}",
        "\\s",
      ],
      ...[
        "foo\\(\\)",
        "(?i)FOO",
        "^\\s*f",
        ".",
        "bar|日",
        "[^a-z\\s]",
        "[[:nope:]]oo",
        "\\x{66}oo",
        "\\p{Han}",
        "fo\\b",
        "(?P<n>b)ar",
      ],
    ),
    path: sometimes(fc.constantFrom("src", "src/deep", "a.ts", ".hidden", "build", "node_modules")),
    glob: sometimes(
      fc.constantFrom(
        ...[
          "*.ts",
          "!*.ts",
          "*.{ts,js}",
          "src/**",
          "**/a.ts",
          "/a.ts",
          "src/*.ts",
          "!src",
          ".*",
          "deep/",
          "!deep/**",
        ],
        ...[
          "[ab].*",
          ".hidden/**",
          "build/**",
          "**",
          "!*/",
          "{src,lib}/*",
          "*.{ts}",
          "[!a]*.ts",
          "src",
          "**/deep/*",
        ],
      ),
    ),
    type: sometimes(fc.constantFrom("ts", "js", "txt", "sh")),
    output_mode: fc.constantFrom("content", "files_with_matches", "count"),
    "-i": fc.boolean(),
    "-n": fc.boolean(),
    "-A": sometimes(few),
    "-B": sometimes(few),
    "-C": sometimes(few),
    head_limit: sometimes(fc.integer({ min: 0, max: 5 })),
    offset: sometimes(fc.integer({ min: 0, max: 3 })),
    multiline: sometimes(fc.boolean()),
  })
  // Across lines, ripgrep 15 shows the context of an empty match after the last line, where there is no line.
  .filter((input) => input.pattern !== "^$" || input.multiline !== true)
  // Absent, not undefined: inputs are JSON.
  .map((input): JsonObject => JSON.parse(JSON.stringify(input)));

async function inTree<T>(
  files: Readonly<Record<string, string>>,
  act: (root: string) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "claw-agree-"));
  try {
    await fillTree(root, files);
    return await act(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

describe("ripgrep and the search in this process", () => {
  it(
    "give the same answers on any tree of files and ignore rules",
    async () => {
      await fc.assert(
        fc.asyncProperty(tree, fc.array(query, { minLength: 1, maxLength: 4 }), (files, queries) =>
          inTree(files, async (root) => {
            for (const input of queries) {
              const [one, other] = await bothSay(input, root);
              expect(other).toBe(one);
            }
          }),
        ),
        { numRuns: runs },
      );
      expect(ripgrepRuns).toBeGreaterThan(0);
    },
    60_000 + runs * 400,
  );

  const files = {
    "a.ts": "one foo\ntwo\nfoo three\nfour {\n  five\n}\n",
    "b/c.ts": "foo\nfoo\n",
    "d.txt": "x\r\nfoo\r\n",
  };
  it.each<[string, JsonObject]>([
    ["a match over several lines", { pattern: "four \\{.*?\\}", multiline: true, output_mode: "content" }],
    ["counts of matches over lines", { pattern: "foo\\n", multiline: true, output_mode: "count" }],
    ["a line end in a pattern for single lines", { pattern: "a\\nb" }],
    ["windows line ends", { pattern: "foo", path: "d.txt", output_mode: "content", "-B": 1 }],
    ["an anchor before a carriage return", { pattern: "foo$", path: "d.txt" }],
    ["a context that joins two matches", { pattern: "foo", output_mode: "content", "-C": 1 }],
    ["an absolute path", { pattern: "foo", path: "/", glob: "/nothing-here" }],
  ])("agree on %s", async (_, input) => {
    const root = await testTree(files);
    const path = input["path"] === "/" ? root : input["path"];
    const [one, other] = await bothSay(path === undefined ? input : { ...input, path }, root);
    const withoutWords = (said: string) => (said.startsWith("failed") ? "failed" : said);
    expect(withoutWords(other)).toBe(withoutWords(one));
  });

  it("agree on broken bytes, byte order marks, binary files and very long lines", async () => {
    const root = await testTree({
      "latin.txt": Uint8Array.from([0x66, 0x6f, 0x6f, 0xe9, 0x0a]),
      "utf16.txt": Uint8Array.from(Buffer.from("\ufefffoo bar\nsecond\n", "utf16le")),
      "bom.txt": "\ufefffoo at the start\n",
      "binary.bin": "foo\n\0foo\n",
      "long.txt": `${"x".repeat(600)}foo${"y".repeat(100_000)}\nshort foo\n`,
    });
    for (const output_mode of ["content", "files_with_matches", "count"]) {
      const [one, other] = await bothSay({ pattern: "^foo|foo", output_mode }, root);
      expect(other).toBe(one);
      expect(one).toContain("utf16.txt");
      expect(one).not.toContain("binary.bin");
    }
  });

  it("both refuse what is not a regular expression of ripgrep's", async () => {
    const root = await testTree({ "a.ts": "foo" });
    const faulty = ["foo(", "[a", "a{", "(?=x)", "\\1", "\\q", "[z-a]", "*a", "\\p{Nope}", "a)", "(?<!b)c"];
    for (const pattern of faulty) {
      const [one, other] = await bothSay({ pattern }, root);
      expect([pattern, one.split("\n")[0], other.split("\n")[0]]).toEqual([pattern, "failed", "failed"]);
    }
  });

  it("both refuse a file type and a glob that they do not know", async () => {
    const root = await testTree({ "a.ts": "foo" });
    for (const input of [
      { pattern: "x", type: "nope" },
      { pattern: "x", glob: "{a" },
      { pattern: "x", glob: "[a" },
    ]) {
      const [one, other] = await bothSay(input, root);
      expect(one).toMatch(/^failed/);
      expect(other).toMatch(/^failed/);
    }
  });
});

describe("walk", () => {
  it("lists the files that rg --files lists", async () => {
    await fc.assert(
      fc.asyncProperty(tree, (files) =>
        inTree(files, async (root) => {
          const listed: string[] = [];
          for await (const entry of walk(testMachine, root, {}, never)) {
            if (entry.type === "file") listed.push(entry.relative);
          }
          const argv = [
            "--no-config",
            "--files",
            ...((await isInRepository(testMachine, root, never)) ? [] : ["--no-require-git"]),
            "--no-ignore-global",
            "--sort=path",
            "--null",
            "--glob=!.git",
            ".",
          ];
          const { stdout } = await promisify(execFile)(packaged, argv, { cwd: root }).catch(() => ({
            stdout: "",
          }));
          expect(listed.map((path) => `./${path}\0`).join("")).toBe(stdout);
        }),
      ),
      { numRuns: 60 },
    );
  });
});
