import { chmod, mkdir, rm, symlink } from "node:fs/promises";
import { plainText } from "@claw/agent-core";
import {
  createInstructionLoader,
  type InstructionRequest,
  type Instructions,
  instructionMessage,
  laterInstructions,
} from "@claw/agent-extensions";
import { folderForEachTest } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const folder = folderForEachTest({ beforeEach, afterEach }, ({ put }) => put("home/work/app/.git/HEAD", ""));
const { put, at } = folder;

function loader(more: Partial<InstructionRequest> = {}) {
  return createInstructionLoader({
    cwd: at("home/work/app/cli"),
    home: at("home"),
    claw: at("home/.claw"),
    managed: [at("etc/settings.json")],
    trusted: true,
    mayRead: () => true,
    holdsSecrets: (file) => file.endsWith("/.env"),
    mayImport: async () => false,
    ...more,
  });
}

const names = ({ files }: Pick<Instructions, "files">) =>
  files.map(({ file }) => file.slice(folder.root.length + 1));
const reasons = ({ skipped }: Instructions) =>
  Object.fromEntries(skipped.map(({ file, reason }) => [file.slice(folder.root.length + 1), reason]));

describe("which files speak", () => {
  test("managed, the user's, then from the root down: the nearest last, and the local one beside each", async () => {
    for (const file of [
      "etc/AGENTS.md",
      "home/.claude/CLAUDE.md",
      "home/work/CLAUDE.md",
      "home/work/app/AGENTS.md",
      "home/work/app/CLAUDE.local.md",
      "home/work/app/cli/.claude/CLAUDE.md",
      "home/work/app/below/AGENTS.md",
    ]) {
      await put(file, file);
    }
    expect(names(await loader().load())).toEqual([
      "etc/AGENTS.md",
      "home/.claude/CLAUDE.md",
      "home/work/CLAUDE.md",
      "home/work/app/AGENTS.md",
      "home/work/app/CLAUDE.local.md",
      "home/work/app/cli/.claude/CLAUDE.md",
    ]);
  });

  test("one file for each folder, ours before the others, and it is said which are not read", async () => {
    const order = [
      ".claw/AGENTS.md",
      "CLAUDE.md",
      ".claude/CLAUDE.md",
      "AGENTS.override.md",
      "AGENTS.md",
      "CONTEXT.md",
    ].map((name) => `home/work/app/cli/${name}`);
    for (const file of order) await put(file, file);
    for (const [index, file] of order.entries()) {
      const found = await loader({ fileNames: ["CONTEXT.md"] }).load();
      expect(names(found)).toEqual([file]);
      expect(Object.keys(reasons(found))).toEqual(order.slice(index + 1));
      await rm(at(file));
    }
    await put("home/.claw/AGENTS.md", "ours");
    await put("home/.claude/CLAUDE.md", "theirs");
    expect(names(await loader().load())).toEqual(["home/.claw/AGENTS.md"]);
  });

  test("what the settings exclude is left out, managed files never", async () => {
    await put("etc/CLAUDE.md", "managed");
    await put("home/work/app/AGENTS.md", "project");
    await put("home/.claw/AGENTS.md", "user");
    const found = await loader({ exclude: ["**/AGENTS.md", "**/CLAUDE.md"] }).load();
    expect(names(found)).toEqual(["etc/CLAUDE.md"]);
    expect(reasons(found)["home/work/app/AGENTS.md"]).toBe("the settings leave it out");
  });

  test.each([
    ["a folder", () => mkdir(at("home/work/app/AGENTS.md")), undefined],
    ["no text", () => put("home/work/app/AGENTS.md", "a\0b"), "it is not text"],
    [
      "a file that nobody may read",
      async () => {
        await put("home/work/app/AGENTS.md", "x");
        await chmod(at("home/work/app/AGENTS.md"), 0);
      },
      process.getuid?.() === 0 ? undefined : "it cannot be read (EACCES)",
    ],
    [
      "too much",
      () => put("home/work/app/AGENTS.md", "x".repeat(5_000_000)),
      "it is larger than 4194304 bytes",
    ],
  ])("R15: %s in place of a file hides no other", async (_, make, reason) => {
    await make();
    await put("home/work/app/cli/AGENTS.md", "good");
    const found = await loader().load();
    expect(names(found)).toContain("home/work/app/cli/AGENTS.md");
    expect(reasons(found)["home/work/app/AGENTS.md"]).toBe(reason);
  });
});

describe("imports", () => {
  const app = (name: string) => `home/work/app/${name}`;

  test("come before the file that names them, once, four files deep, and never in a circle", async () => {
    await put(
      app("AGENTS.md"),
      "See @docs/one.md and @./docs/one.md, @docs/none.md, mail a@b.md, @scope/package.",
    );
    await put(app("docs/one.md"), "@two.md");
    await put(app("docs/two.md"), "@three.md @../AGENTS.md");
    await put(app("docs/three.md"), "@four.md");
    await put(app("docs/four.md"), "@five.md");
    await put(app("docs/five.md"), "too deep");
    const found = await loader().load();
    expect(names(found)).toEqual(
      ["docs/four.md", "docs/three.md", "docs/two.md", "docs/one.md", "AGENTS.md"].map(app),
    );
    expect(reasons(found)).toEqual({
      [app("docs/five.md")]: `${at(app("docs/four.md"))} imports it, 4 files deep already`,
      [app("docs/none.md")]: `${at(app("AGENTS.md"))} imports it, and it is not there`,
    });
  });

  test("are none in code, nor in comments, which are dropped", async () => {
    await put(app("a.md"), "A");
    await put(
      app("AGENTS.md"),
      "Keep `@a.md` and ``x ` @a.md``.\n<!-- @a.md\nnot this -->\n```\n@a.md\n<!-- kept -->\n```\n    @a.md\nEnd <!-- kept too -->",
    );
    const { files } = await loader().load();
    expect(files).toHaveLength(1);
    expect(files[0]?.text).toBe(
      "Keep `@a.md` and ``x ` @a.md``.\n```\n@a.md\n<!-- kept -->\n```\n    @a.md\nEnd <!-- kept too -->",
    );
  });

  test("class 20: outside of the project they want a trusted folder and a rule; links do not get around that", async () => {
    await put("home/secret.md", "secret");
    await put(app("AGENTS.md"), "@~/secret.md\n@link.md");
    await symlink(at("home/secret.md"), at(app("link.md")));
    await mkdir(at(app("cli")));
    await symlink(at("home/secret.md"), at(app("cli/AGENTS.md")));
    const asked: string[] = [];
    const mayImport = async (file: string) => asked.push(file) > 0;
    const untrusted = await loader({ trusted: false, mayImport }).load();
    expect(names(untrusted)).toEqual([app("AGENTS.md")]);
    expect(asked).toEqual([]);
    expect(reasons(untrusted)["home/secret.md"]).toContain("not trusted");
    expect(reasons(await loader().load())["home/secret.md"]).toContain("no rule allows");
    expect(names(await loader({ mayImport }).load())).toEqual(["home/secret.md", app("AGENTS.md")]);
    expect(asked).toEqual([at("home/secret.md")]);
  });

  test("class 20: a project does not have the secrets in it read, under whatever name; the user's own files may", async () => {
    await put(app(".env"), "KEY=1");
    await put(app("AGENTS.md"), "@.env\n@notes.md");
    await symlink(".env", at(app("notes.md")));
    const found = await loader().load();
    expect(names(found)).toEqual([app("AGENTS.md")]);
    expect(reasons(found)[app(".env")]).toContain("may hold secrets");
    expect(names(await loader({ mayImport: async () => true }).load())).toEqual([
      app(".env"),
      app("AGENTS.md"),
    ]);
    await put("home/.claw/AGENTS.md", "@~/work/app/.env");
    expect(names(await loader().load())).toContain(app(".env"));
  });

  test("a rule against reading holds for instructions and imports, the user's too", async () => {
    await put("home/.claw/AGENTS.md", "@~/private.md");
    await put("home/private.md", "private");
    const found = await loader({ mayRead: (file) => !file.endsWith("private.md") }).load();
    expect(names(found)).toEqual(["home/.claw/AGENTS.md"]);
    expect(names(await loader().load())).toEqual(["home/private.md", "home/.claw/AGENTS.md"]);
  });
});

describe("rules and folders below", () => {
  test("rules for everything are told at once, those for paths and those of folders with their files", async () => {
    const app = (name: string) => `home/work/app/${name}`;
    await put(app(".claude/rules/always.md"), "Always.");
    await put(app(".claude/rules/deep/ts.md"), "---\npaths: src/**/*.{ts,tsx}, *.mts\n---\nTypes.");
    await put(app(".claw/rules/bad.md"), "---\npaths: 'x\n---\nBad.");
    await put(app(".claw/rules/half.md"), "---\npaths: [src\n---\nBad.");
    await put(app("src/AGENTS.md"), "Source.");
    await put(app("src/deep/CLAUDE.md"), "Deep.");
    const here = loader({ cwd: at("home/work/app") });
    const found = await here.load();
    expect(names(found)).toEqual([app(".claude/rules/always.md")]);
    expect(reasons(found)[app(".claude/rules/deep/ts.md")]).toContain("told when such a file is used");
    expect(reasons(found)[app(".claw/rules/bad.md")]).toMatch(/^line \d: /);
    expect(reasons(found)[app(".claw/rules/half.md")]).toBe("line 2: paths must be a list of globs");
    expect(names(await here.forFile(at(app("src/deep/a.ts"))))).toEqual([
      app(".claude/rules/deep/ts.md"),
      app("src/AGENTS.md"),
      app("src/deep/CLAUDE.md"),
    ]);
    expect(names(await here.forFile(at(app("other/b.mts"))))).toEqual([app(".claude/rules/deep/ts.md")]);
    expect(names(await here.forFile(at(app("README.md"))))).toEqual([]);
    expect(names(await here.forFile("/etc/passwd"))).toEqual([]);
  });
});

describe("rank 26: the budget", () => {
  test("a repository that says a lot takes no room of the user's own", async () => {
    await put("home/.claude/CLAUDE.md", "Mine.");
    await put("home/work/app/cli/AGENTS.md", "line\n".repeat(2_000));
    const found = await loader({ maxBytes: 3_000 }).load();
    expect(names(found)).toEqual(["home/.claude/CLAUDE.md", "home/work/app/cli/AGENTS.md"]);
    expect(found.files[0]?.text).toBe("Mine.");
  });

  test("serves the nearest first, cuts at the end of a line, and says truly what is missing", async () => {
    const line = `${"é".repeat(49)}\n`;
    await put("home/.claw/AGENTS.md", "u".repeat(4_000));
    await put("home/work/app/AGENTS.md", line.repeat(40));
    await put("home/work/app/cli/AGENTS.md", "n".repeat(1_000));
    await put("etc/AGENTS.md", "m".repeat(500));
    const found = await loader({ maxBytes: 3_000 }).load();
    expect(names(found)).toEqual(["etc/AGENTS.md", "home/work/app/AGENTS.md", "home/work/app/cli/AGENTS.md"]);
    const [, middle] = found.files;
    expect(middle).toMatchObject({ bytes: 40 * 99 - 1 });
    expect(middle?.text).toMatch(
      /é\n\[Cut: \d+ of 3959 bytes are shown\. The rest stands in .*AGENTS\.md\.\]$/,
    );
    const sent = found.files.reduce((sum, { text }) => sum + new TextEncoder().encode(text).length, 0);
    expect(sent).toBeLessThanOrEqual(3_000);
    expect(reasons(found)["home/.claw/AGENTS.md"]).toBe(
      "its 4000 bytes have no room in the budget of 3000 bytes",
    );
    const message = instructionMessage(found);
    expect(message).toMatchObject({
      origin: "instructions",
      pinned: true,
      files: found.files.map(({ file }) => file),
    });
    expect(plainText(message?.content ?? [])).toContain("no room for these");
  });

  test("nothing to say is no message", async () => {
    expect(instructionMessage(await loader().load())).toBeUndefined();
    expect(laterInstructions([])).toBeUndefined();
  });
});
