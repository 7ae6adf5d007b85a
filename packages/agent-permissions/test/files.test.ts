import { afterAll, describe, expect, test } from "vitest";
import { credentialName, protectedName } from "../src/index.ts";
import { decide, file, type Setting, shell } from "./support/judge.ts";
import { diskFacts, makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);
const { root, outside, home } = workspace;

const read = (path: string, setting?: Setting) => file(workspace, "read", path, setting);
const write = (path: string, setting?: Setting) => file(workspace, "write", path, setting);

describe("reading", () => {
  test.each(["a.ts", "src/x.ts", "src", "link-in/x.ts", "not/there.txt", ".env.example", ".git/config", "."])(
    "W15: inside the workspace %s is read without a question",
    async (path) => {
      expect(await read(path)).toMatchObject({ type: "allow" });
    },
  );

  test.each([
    "/etc/passwd",
    "../ws-sibling/secret.txt",
    `${outside}/secret.txt`,
    `${root}-sibling/secret.txt`,
    `${root}/../ws-sibling/secret.txt`,
    `${root}//..//ws-sibling/./secret.txt`,
    "/proc/self/root/etc/passwd",
    "/proc/self/cwd/package.json",
    "/dev/mem",
    "/",
  ])("path_outside_workspace, class 15: %s is asked about", async (path) => {
    expect(await read(path)).toMatchObject({ type: "ask" });
  });

  test.each([
    "linked.md",
    "link-out/secret.txt",
    "link-out/inner/new.txt",
    "link-out",
    "dangling",
    "link-in/../../ws-sibling",
  ])("symlink_escape, class 16: %s is judged by where it leads", async (path) => {
    const decision = await read(path);
    expect(decision).toMatchObject({ type: "ask" });
    expect(decision.reason).toContain("ws-sibling");
  });

  test("class 16: `..` after a link is taken both ways", async () => {
    // By name this is ws/a.ts; the kernel goes to the parent of what the link leads to.
    expect(await read("link-out/../a.ts")).toMatchObject({ type: "ask" });
    expect(await read("link-out/../a.ts", { rules: ["deny Read(./a.ts)"] })).toMatchObject({ type: "deny" });
    const elsewhere = `deny Read(/${root.slice(0, -3)}/a.ts)`;
    expect(await read("link-out/../a.ts", { rules: [elsewhere] })).toMatchObject({ type: "deny" });
  });

  test.each([".env", "sub/.env.local", ".ssh/config", ".npmrc", "deep/id_rsa", ".AWS/credentials"])(
    "secrets in %s are asked about, unless a rule names them",
    async (path) => {
      expect(await read(path)).toMatchObject({ type: "ask" });
      expect(await read(path, { rules: ["allow Read(./**)"] })).toMatchObject({ type: "ask" });
      expect(await read(path, { rules: [`allow Read(./${path})`] })).toMatchObject({ type: "allow" });
    },
  );

  test("extra folders can be made readable, and stay unwritable", async () => {
    const setting = { readable: () => [outside], mode: "acceptEdits" } as const;
    expect(await read(`${outside}/secret.txt`, setting)).toMatchObject({ type: "allow" });
    expect(await write(`${outside}/secret.txt`, setting)).toMatchObject({ type: "ask" });
  });

  test("class 25: without workspace folders nothing is inside", async () => {
    expect(await read("a.ts", { directories: () => [] })).toMatchObject({ type: "ask" });
  });

  test("class 24: the folder of a call does not widen the workspace", async () => {
    const setting = { cwd: `${root}/sub`, directories: () => [`${root}/sub`] };
    expect(await read("a.ts", setting)).toMatchObject({ type: "ask" });
  });

  test("a workspace that is a link is the workspace under both names", async () => {
    const linked = `${root}-link`;
    const setting = { cwd: linked, directories: () => [linked], rules: ["allow Edit(src/**)"] };
    expect(await read(`${linked}/a.ts`, setting)).toMatchObject({ type: "allow" });
    expect(await read("a.ts", setting)).toMatchObject({ type: "allow" });
    expect(await write(`${linked}/src/x.ts`, setting)).toMatchObject({ type: "allow" });
    expect(await write("src/x.ts", setting)).toMatchObject({ type: "allow" });
    expect(await read(`${linked}/linked.md`, setting)).toMatchObject({ type: "ask" });
  });

  test("a fact that cannot be found out asks, whatever allows the path", async () => {
    const paths = { realpath: () => Promise.reject(new Error("EACCES")) };
    const decision = await read("a.ts", { paths, rules: ["allow Read", "allow Read(//**)"] });
    expect(decision).toMatchObject({ type: "ask" });
    expect(decision.reason).toContain("EACCES");
    expect(await read("a.ts", { paths, rules: ["deny Read(a.ts)"] })).toMatchObject({ type: "deny" });
  });

  test.each(["relative/path", "\\\\host\\share\\x", "/a\u0000b", "/a\nb", `/${"x".repeat(5000)}`])(
    "class 17: %j is never allowed by being inside",
    async (path) => {
      const effect = { type: "read", path } as const;
      expect(
        await decide(workspace, { tool: "Read", effects: [effect] }, { directories: () => ["/"] }),
      ).toMatchObject({ type: "ask" });
    },
  );
});

describe("writing", () => {
  test("asks, and says which rule would allow it", async () => {
    expect(await write("src/x.ts")).toMatchObject({ type: "ask", suggestions: ["Edit(./src/x.ts)"] });
    expect(await write("src/x.ts", { rules: ["allow Edit(./src/x.ts)"] })).toMatchObject({ type: "allow" });
    expect(await write(`${outside}/x`)).toMatchObject({ suggestions: [`Edit(/${outside}/x)`] });
  });

  test("acceptEdits allows it inside the workspace and nowhere else", async () => {
    const setting = { mode: "acceptEdits" } as const;
    expect(await write("src/new.ts", setting)).toMatchObject({ type: "allow" });
    expect(await write("link-in/new.ts", setting)).toMatchObject({ type: "allow" });
    for (const path of ["../x", "link-out/x", "linked.md", "dangling", "/tmp/x", "~/x"]) {
      const target = path === "~/x" ? `${home}/x` : path;
      expect(await write(target, setting)).toMatchObject({ type: "ask" });
    }
  });

  const protectedFiles = [
    ".git/hooks/pre-commit",
    ".git/config",
    ".git",
    "sub/.git/hooks/post-checkout",
    ".GIT/config",
    ".g\u200cit/config",
    ".git./config",
    "GIT~1/config",
    ".git::$INDEX_ALLOCATION/x",
    ".claw/settings.json",
    ".claude/settings.local.json",
    "new/.mcp.json",
    ".vscode/tasks.json",
    ".idea/workspace.xml",
    ".husky/pre-commit",
    ".bashrc",
    "sub/.zshenv",
    ".profile",
    ".npmrc",
    ".ssh/authorized_keys",
    ".aws/config",
    ".envrc",
  ];
  test.each(protectedFiles)("class 18: %s is asked about in every mode", async (path) => {
    for (const mode of ["default", "acceptEdits", "bypassPermissions"] as const) {
      const decision = await write(path, { mode });
      expect(decision).toMatchObject({ type: "ask" });
      expect(decision.reason).toContain("always asked about");
    }
    expect(await write(path, { rules: ["allow Write", "allow Edit(./**)"] })).toMatchObject({ type: "ask" });
  });

  test("class 18: a rule that names the protected file allows it", async () => {
    expect(await write(".claude/settings.json", { rules: ["allow Edit(./.claude/**)"] })).toMatchObject({
      type: "allow",
    });
    expect(await write(".git/config", { rules: ["allow Edit(./.claude/**)"] })).toMatchObject({
      type: "ask",
    });
    expect(await write(".mcp.json", { rules: ["allow Edit(.mcp.json)"] })).toMatchObject({ type: "allow" });
  });

  test("class 18: a workspace below a protected name is an ordinary workspace", async () => {
    const inner = `${root}/.claude`;
    const setting = { cwd: inner, directories: () => [inner], mode: "acceptEdits" } as const;
    expect(await write(`${inner}/notes.md`, setting)).toMatchObject({ type: "allow" });
    expect(await write(`${inner}/.git/config`, setting)).toMatchObject({ type: "ask" });
  });

  test.each([".gitignore", ".github/x.yml", "git/x", "src/.eslintrc", "bashrc", ".gitkeep"])(
    "%s is an ordinary file",
    async (path) => {
      expect(protectedName(path)).toBeUndefined();
      expect(await write(path, { mode: "acceptEdits" })).toMatchObject({ type: "allow" });
    },
  );

  test("names are recognised alone, too", () => {
    expect(protectedName("/x/.Git/hooks/y")).toBe(".git");
    expect(credentialName("/home/u/.ssh/id_rsa")).toBe(".ssh");
    expect(credentialName("/x/.env.example")).toBeUndefined();
    expect(credentialName("/x/environment.ts")).toBeUndefined();
  });
});

describe("path rules", () => {
  const cases: readonly (readonly [rule: string, path: string, hits: boolean])[] = [
    ["deny Read(.env)", ".env", true],
    ["deny Read(.env)", "deep/er/.env", true],
    ["deny Read(.env)", `${outside}/.env`, true],
    ["deny Read(.env)", "x.env", false],
    ["deny Read(./.env)", ".env", true],
    ["deny Read(./.env)", "sub/.env", false],
    ["deny Read(/.env)", ".env", true],
    ["deny Read(secrets/**)", "secrets/key.txt", true],
    ["deny Read(secrets/**)", "secrets", true],
    ["deny Read(secrets/**)", "src/secrets/key.txt", true],
    ["deny Read(secrets/)", "sub/secrets/a/b", true],
    ["deny Read(./secrets/**)", "secrets/a/b", true],
    ["deny Read(./secrets/**)", "src/secrets/a", false],
    ["deny Read(secrets/**)", "secrets2/key.txt", false],
    ["deny Read(src/*.ts)", "src/x.ts", true],
    ["deny Read(src/*.ts)", "src/deep/x.ts", false],
    ["deny Read(src/**/*.ts)", "src/deep/x.ts", true],
    ["deny Read(**/*.pem)", "a/b/c.pem", true],
    ["deny Read(*.pem)", "a/b/c.pem", true],
    ["deny Read(//etc/**)", "/etc/passwd", true],
    ["deny Read(//etc/**)", "/etc", true],
    ["deny Read(//etc/**)", "/etcetera", false],
    ["deny Read(~/.ssh/**)", `${home}/.ssh/id_rsa`, true],
    ["deny Read(~/**)", `${home}/x`, true],
    ["deny Read(../ws-sibling/**)", `${outside}/secret.txt`, true],
    ["deny Read(link-in/**)", "src/x.ts", false],
    ["deny Read(./src/**)", "link-in/x.ts", true],
    ["deny Read(./link-in/**)", "link-in/x.ts", true],
    ["deny Read(//**)", "a.ts", true],
    ["deny Read", "a.ts", true],
    ["deny Edit(a.ts)", "a.ts", false],
  ];
  test.each(cases)("%s on %s: %s", async (rule, path, hits) => {
    const decision = await read(path, { rules: [rule], mode: "bypassPermissions" });
    expect(decision.type).toBe(hits ? "deny" : "allow");
  });

  const allows: readonly (readonly [rule: string, path: string, hits: boolean])[] = [
    ["allow Edit(src/**)", "src/deep/x.ts", true],
    ["allow Edit(src/**)", "sub/src/x.ts", false],
    ["allow Edit(src/)", "src/x.ts", true],
    ["allow Edit(src/)", "sub/src/x.ts", false],
    ["allow Edit(src/**)", "src", false],
    ["allow Edit(*.md)", "deep/x.md", true],
    ["allow Edit(*.md)", `${outside}/x.md`, false],
    ["allow Edit(*.md)", "linked.md", false],
    ["allow Edit(//**/secret.txt)", "linked.md", false],
    ["allow Edit(./link-out/**)", "link-out/x", false],
    ["allow Edit(./**)", "a.ts", true],
    ["allow Edit(./**)", `${root}-sibling/a.ts`, false],
    ["allow Edit", "a.ts", true],
    ["allow Write", "a.ts", true],
    ["allow Read(./**)", "a.ts", false],
  ];
  test.each(allows)("%s on %s: %s", async (rule, path, hits) => {
    expect((await write(path, { rules: [rule] })).type).toBe(hits ? "allow" : "ask");
  });

  test("class 16: an allow needs the link and its target", async () => {
    const both = ["allow Edit(./link-out/**)", `allow Edit(/${outside}/**)`];
    expect(await write("link-out/x", { rules: both })).toMatchObject({ type: "allow" });
    expect(await write("link-out/x", { rules: both.slice(1) })).toMatchObject({ type: "ask" });
  });

  test("what must not be read must not be written", async () => {
    expect(await write("a.ts", { rules: ["deny Read(a.ts)"], mode: "bypassPermissions" })).toMatchObject({
      type: "deny",
      rule: "Read(a.ts)",
    });
  });

  test("class 17: case counts where the file system says so", async () => {
    const rules = ["deny Read(Secret.TXT)"];
    const setting = { rules, mode: "bypassPermissions" } as const;
    expect(await read("secret.txt", setting)).toMatchObject({ type: "allow" });
    expect(await read("secret.txt", { ...setting, caseInsensitive: true })).toMatchObject({ type: "deny" });
    const facts = { ...diskFacts, realpath: (path: string) => Promise.resolve(path) };
    const insensitive = { caseInsensitive: true, paths: facts };
    expect(await read(`${root.toUpperCase()}/A.TS`, insensitive)).toMatchObject({ type: "allow" });
    expect(await read(`${root.toUpperCase()}/A.TS`, { paths: facts })).toMatchObject({ type: "ask" });
  });

  test("class 15: /proc/self/root does not get around a rule", async () => {
    const setting = { rules: ["deny Read(//etc/**)"], mode: "bypassPermissions" } as const;
    const blind = { ...setting, paths: { realpath: (path: string) => Promise.resolve(path) } };
    expect(await read("/proc/self/root/etc/passwd", setting)).toMatchObject({ type: "deny" });
    expect(await read("/proc/123/root/etc/passwd", blind)).toMatchObject({ type: "deny" });
    expect(await read("/proc/self/task/1/root/etc/passwd", blind)).toMatchObject({ type: "deny" });
  });
});

describe("class 20: what the agent itself starts from, wherever that is kept", () => {
  const agentFolders = [`${root}/src/state`];
  const modes = ["acceptEdits", "bypassPermissions", "default"] as const;
  test.each(modes)(
    "writing there is asked about in %s, also by commands and under wide rules",
    async (mode) => {
      const setting: Setting = {
        mode,
        agentFolders,
        rules: ["allow Edit", "allow Edit(/src/**)", "allow Bash"],
      };
      for (const path of [
        "src/state/settings.json",
        "src/state",
        "link-in/state/new/x.js",
        "src/x/../state/y",
      ]) {
        const decision = await write(path, setting);
        expect(decision, path).toMatchObject({ type: "ask" });
        expect(decision.reason).toContain("always asked about: `state` decides what runs later");
      }
      expect(await shell(workspace, "echo x > src/state/settings.json", setting)).toMatchObject({
        type: "ask",
      });
      expect(await shell(workspace, "cp a.ts src/state/x", setting)).toMatchObject({ type: "ask" });
      expect(await write("src/other.ts", setting)).toMatchObject({ type: "allow" });
      expect(await write("src/states", setting)).toMatchObject({ type: "allow" });
    },
  );

  test("a folder of the workspace that lies in it, such as the checkout of a sub-agent, is work", async () => {
    const directories = () => [root, `${root}/src/state/worktrees/a`];
    const setting: Setting = { mode: "acceptEdits", agentFolders, directories };
    expect(await write("src/state/worktrees/a/x.ts", setting)).toMatchObject({ type: "allow" });
    expect(await write("src/state/worktrees/b/x.ts", setting)).toMatchObject({ type: "ask" });
  });
});
