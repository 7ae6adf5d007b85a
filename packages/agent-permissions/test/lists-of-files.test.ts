import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shell } from "./support/judge.ts";
import { makeWorkspace, type Workspace } from "./support/workspace.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace();
  // What leads out in every test is made where it is needed.
  for (const link of ["link-out", "linked.md", "dangling"]) rmSync(path.join(workspace.root, link));
});
afterEach(() => workspace.remove());

const inRoot = (name: string) => path.join(workspace.root, name);
const decided = async (command: string) => (await shell(workspace, command)).type;

const opening = [
  "find . -name '*.ts' -exec grep -l x {} +",
  "find . -name '*.ts' | xargs grep -l x",
  "find src -name '*.ts' -print0 | xargs -0 wc -l",
  "git ls-files '*.ts' | xargs wc -l",
  "grep -rl x src | sort -u | xargs grep -n y",
  "diff -r src plain",
];

describe("class 16: programs that are given the names of files open what these lead to", () => {
  test.each(opening)("%s: nothing that leads out, nothing to ask", async (command) => {
    expect(await decided(command)).toBe("allow");
  });

  test.each(opening)(
    "%s: a link that leads out is asked about, one that stays inside is not",
    async (command) => {
      symlinkSync(inRoot("a.ts"), inRoot("src/inside.ts"));
      expect(await decided(command)).toBe("allow");
      symlinkSync(path.join(workspace.outside, "secret.txt"), inRoot("src/deep/out.ts"));
      expect(await decided(command)).toBe("ask");
    },
  );

  test("where the search leaves links out, they do not matter", async () => {
    symlinkSync(path.join(workspace.outside, "secret.txt"), inRoot("src/out.ts"));
    expect(await decided("find src -type f -name '*.ts' -exec grep -l x {} +")).toBe("allow");
    expect(await decided("find src -type f -name '*.ts' -print0 | xargs -0 grep -l x")).toBe("allow");
    expect(await decided("diff -r --no-dereference src plain")).toBe("allow");
  });
});

describe("class 10: a name that comes apart at a blank is two names to xargs", () => {
  test("a folder with a blank makes a path outside; whole names do not", async () => {
    mkdirSync(inRoot("src/x /etc"), { recursive: true });
    writeFileSync(inRoot("src/x /etc/passwd"), "");
    expect(await decided("find src -type f | xargs grep -l x")).toBe("ask");
    expect(await decided("git ls-files | xargs grep -l x")).toBe("ask");
    expect(await decided("find src -type f -print0 | xargs -0 grep -l x")).toBe("allow");
    expect(await decided("find src -type f -exec grep -l x {} +")).toBe("allow");
    renameSync(inRoot("src/x "), inRoot("src/x"));
    expect(await decided("find src -type f | xargs grep -l x")).toBe("allow");
  });

  test.each(["-f", "it's", 'a"b', "a\\b"])("a file called %j, too", async (name) => {
    writeFileSync(inRoot(`src/${name}`), "");
    expect(await decided("find src -type f | xargs grep -l x")).toBe("ask");
  });
});

test("what holds more files than an answer can wait for is asked about", async () => {
  mkdirSync(inRoot("many"));
  for (let i = 0; i < 20_001; i += 1) writeFileSync(inRoot(`many/${i}`), "");
  expect(await decided("find many -name '1*' -exec grep -l x {} +")).toBe("ask");
  expect(await decided("find many -type f -exec grep -l x {} +")).toBe("allow");
});

describe("class 16: what a search leaves out is not looked through", () => {
  const out = (folder: string) => {
    mkdirSync(inRoot(folder), { recursive: true });
    symlinkSync(path.join(workspace.outside, "secret.txt"), inRoot(`${folder}/out.ts`));
  };

  test("a folder by name, anywhere", async () => {
    out("src/node_modules/x");
    const search = "find . -name '*.ts'";
    expect(await decided(`${search} -exec grep -l x {} +`)).toBe("ask");
    expect(await decided(`${search} -not -path '*/node_modules/*' -exec grep -l x {} +`)).toBe("allow");
    expect(await decided(`find . -name node_modules -prune -o -name '*.ts' -print | xargs wc -l`)).toBe(
      "allow",
    );
    // Without an action the folder that is left out is named itself.
    expect(await decided(`find . -name node_modules -prune -o -name '*.ts' | xargs wc -l`)).toBe("ask");
  });

  test("a folder of the start is no other folder of that name", async () => {
    out("node_modules");
    const search = "find . -path ./node_modules -prune -o -name '*.ts' -print | xargs wc -l";
    const other = "find . -name '*.ts' -not -path './node_modules/*' -exec wc -l {} +";
    expect(await decided(search)).toBe("allow");
    expect(await decided(other)).toBe("allow");
    expect(await decided(search.replace("find .", "find src"))).toBe("allow");
    out("src/node_modules");
    expect(await decided(search)).toBe("ask");
    expect(await decided(other)).toBe("ask");
    expect(await decided(search.replace("find .", "find src"))).toBe("ask");
  });

  test("a pattern that fits nothing leaves nothing out", async () => {
    out("x");
    for (const pattern of ["*/./x/*", "x/*", "./y/*", "./x", "*x/*"]) {
      expect(await decided(`find . -not -path '${pattern}' -name '*.ts' -exec wc -l {} +`)).toBe("ask");
    }
    for (const pattern of ["*/./x", "./y", "*x"]) {
      expect(await decided(`find . -path '${pattern}' -prune -o -name '*.ts' -exec wc -l {} +`)).toBe("ask");
    }
    expect(await decided("find . -not -path './x/*' -name '*.ts' -exec wc -l {} +")).toBe("allow");
  });

  test("only what is asked before it is printed holds for what is printed", async () => {
    out("src/sub");
    expect(await decided("find src -type f -print | xargs grep -l x")).toBe("allow");
    expect(await decided("find src -print -type f | xargs grep -l x")).toBe("ask");
  });
});

describe("1.5: git in another folder", () => {
  const commands = ["git -C sub log -1", "cd sub && git log -1", "cd sub && git -C deeper status"];

  test.each(commands)("%s: where settings can be looked at, those of that folder decide", async (command) => {
    const asked: string[] = [];
    const clean = (folder: string) => {
      asked.push(folder);
      return Promise.resolve(undefined);
    };
    expect(await shell(workspace, command, { gitHazard: clean })).toMatchObject({ type: "allow" });
    expect(asked).toContain(inRoot(command.includes("deeper") ? "sub/deeper" : "sub"));
    const hostile = (folder: string) =>
      Promise.resolve(folder === workspace.root ? undefined : "diff.external");
    expect(await shell(workspace, command, { gitHazard: hostile })).toMatchObject({ type: "ask" });
  });

  test.each(commands)("%s: is asked about where they cannot", async (command) => {
    expect(await shell(workspace, command)).toMatchObject({ type: "ask" });
  });

  test.each(["git -C .. log", "git -C /etc log", "git -C link-out log", "cd link-out && git log"])(
    "%s: outside is outside",
    async (command) => {
      symlinkSync(workspace.outside, inRoot("link-out"));
      const gitHazard = () => Promise.resolve(undefined);
      expect(await shell(workspace, command, { gitHazard })).toMatchObject({ type: "ask" });
    },
  );
});

test("class 6: the top of the repository is looked for on disk", async () => {
  const gitHazard = () => Promise.resolve(undefined);
  const decidedAt = async (command: string) => (await shell(workspace, command, { gitHazard })).type;
  // A folder of that name that is no repository is passed over by git, which looks further up.
  expect(await decidedAt("ls $(git rev-parse --show-toplevel)")).toBe("ask");
  writeFileSync(inRoot(".git/HEAD"), "ref: refs/heads/main");
  expect(await decidedAt("ls $(git rev-parse --show-toplevel)")).toBe("allow");
  expect(await decidedAt('cat "$(git rev-parse --show-toplevel)/a.ts"')).toBe("allow");
  expect(await decidedAt('cat "$(git rev-parse --show-toplevel)/.env"')).toBe("ask");
  expect(await decidedAt('cat "$(git rev-parse --show-toplevel)/../x"')).toBe("ask");
  expect(await decidedAt("cd / && ls $(git rev-parse --show-toplevel)")).toBe("ask");
  renameSync(inRoot(".git"), path.join(workspace.root, "..", ".git"));
  expect(await decidedAt("ls $(git rev-parse --show-toplevel)")).toBe("ask");
});

test("class 6: $PWD and $(pwd) are the folder that a command runs in", async () => {
  expect(await decided('cat "$PWD/a.ts"')).toBe("allow");
  expect(await decided('cd src && cat "$(pwd)/x.ts"')).toBe("allow");
  expect(await decided('cd .. && cat "$PWD/x"')).toBe("ask");
  expect(await decided('PWD=/etc; cat "$PWD/passwd"')).toBe("ask");
  expect(await decided('cd src || cd /; cat "$PWD/x"')).toBe("ask");
});
