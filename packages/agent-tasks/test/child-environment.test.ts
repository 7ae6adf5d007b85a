import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childEnvironment } from "@claw/agent-tasks";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

describe("credentials", () => {
  test.each([
    "ANTHROPIC_API_KEY",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "NPM_TOKEN",
    "npm_config__auth",
    "npm_config__authToken",
    "CI_JOB_TOKEN",
    "GITHUB_PAT",
    "DB_PASSWORD",
    "MYSQL_PWD",
    "PGPASSWORD",
    "SECRET_KEY_BASE",
    "CLIENT_SECRET",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "STRIPE_KEY",
    "ssh_private_key",
    "REGISTRY_AUTH",
  ])("a variable named %s is dropped", (name) => {
    expect(childEnvironment({ [name]: "value" })).not.toHaveProperty(name);
  });

  test.each([
    ["a key", "sk-example-0123456789abcdef"],
    ["a token", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
    ["a URL with a token", "https://ghp_abcdefghijklmnopqrstuvwxyz0123456789@example.com/me/repository"],
    ["an access key", "AKIAIOSFODNN7EXAMPLE"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb"],
    ["a URL with a password", "postgres://me:hunter2@db.example/app"],
    ["a header", "Bearer abcdefgh12345678"],
  ])("a value that looks like %s is dropped whatever its name", (_, value) => {
    expect(childEnvironment({ HARMLESS: value })).not.toHaveProperty("HARMLESS");
  });

  test.each([
    ["HOME", "/home/me"],
    ["LANG", "de_DE.UTF-8"],
    ["SSH_AUTH_SOCK", "/tmp/agent"],
    ["TOKENIZERS_PARALLELISM", "false"],
    ["KEYBOARD", "qwerty"],
    ["MONKEY", "banana"],
    ["AUTHOR", "me"],
    ["PATHOLOGY", "x"],
    ["LD_LIBRARY_PATH", "/opt/lib"],
    ["HTTPS_PROXY", "http://me:pw@proxy:3128"],
    ["DATABASE_URL", "postgres://localhost/app"],
    ["CLAW_JOB", "outer"],
  ])("%s=%s is passed on", (name, value) => {
    expect(childEnvironment({ [name]: value })).toHaveProperty(name, value);
  });

  test("what is named in `keep` is passed on", () => {
    const environment = {
      GITHUB_TOKEN: "ghp_x",
      NPM_TOKEN: "npm_x",
      NODE_OPTIONS: "--max-old-space-size=8000",
    };
    const child = childEnvironment(environment, { keep: ["GITHUB_TOKEN", "NODE_OPTIONS"] });
    expect(child).toMatchObject({ GITHUB_TOKEN: "ghp_x", NODE_OPTIONS: "--max-old-space-size=8000" });
    expect(child).not.toHaveProperty("NPM_TOKEN");
  });

  test("no secret of ours is printed by a child", async () => {
    const secret = "correct-horse-battery";
    process.env["SOME_SERVICE_API_KEY"] = secret;
    const { stdout } = await runCommand("printenv; cat /proc/$$/environ");
    delete process.env["SOME_SERVICE_API_KEY"];
    expect(stdout).toContain("NO_COLOR=1");
    expect(stdout).not.toContain(secret);
  });
});

describe("what would run first, or change what runs", () => {
  test.each([
    "BASH_ENV",
    "ENV",
    "BASH_FUNC_ls%%",
    "SHELLOPTS",
    "PROMPT_COMMAND",
    "PS4",
    "CDPATH",
    "LD_PRELOAD",
    "NODE_OPTIONS",
    "NODE_CHANNEL_FD",
    "GIT_CONFIG_PARAMETERS",
    "GIT_EXTERNAL_DIFF",
  ])("%s is dropped", (name) => {
    expect(childEnvironment({ [name]: "value" })).not.toHaveProperty(name);
  });

  test("folders of PATH that depend on the working folder are left out", () => {
    expect(childEnvironment({ PATH: "/bin::.:node_modules/.bin:/usr/bin" })["PATH"]).toBe("/bin:/usr/bin");
    expect(childEnvironment({ PATH: "." })["PATH"]).toBe("/usr/local/bin:/usr/bin:/bin");
  });

  test("a function exported under the name of a program does not replace it", async () => {
    const environment = childEnvironment({
      PATH: process.env["PATH"],
      "BASH_FUNC_true%%": "() { echo hijacked; }",
    });
    const { stdout } = await runCommand("true", {}, { environment });
    expect(stdout).toBe("");
  });
});

describe("P9: nobody is waited for", () => {
  test.each([
    ["git log pages through cat", "git log -1 --format=%s", 0],
    ["git commit without a message", "git commit --allow-empty", 1],
    ["git rebase -i", "git rebase -i --root", 1],
    ["an editor", "$EDITOR file", 1],
    ["a pager", "git --paginate log -1 --format=%s", 0],
    ["a password for git", "git ls-remote http://127.0.0.1:1/x", 128],
    ["a read", "read -r line", 1],
    ["cat", "cat", 0],
    ["less", "less /etc/passwd >/dev/null", 0],
    ["python's prompt", "command -v python3 >/dev/null || exit 0; python3", 0],
  ])("%s ends by itself", async (_, command, code) => {
    const folder = await mkdtemp(join(tmpdir(), "claw-"));
    const git = "git -c user.name=Me -c user.email=me@example.com -c commit.gpgsign=false";
    const setUp = `git init -q && ${git} commit -q --allow-empty -m first`;
    execFileSync("bash", ["-c", setUp], { cwd: folder, env: childEnvironment(process.env) });
    const { exit } = await runCommand(command, {
      cwd: folder,
      env: {
        GIT_AUTHOR_NAME: "Me",
        GIT_AUTHOR_EMAIL: "me@example.com",
        GIT_COMMITTER_NAME: "Me",
        GIT_COMMITTER_EMAIL: "me@example.com",
      },
      timeoutMs: 20_000,
    });
    expect(exit).toEqual({ type: "exited", code, survivors: [] });
    await rm(folder, { recursive: true });
  });

  test.each([
    "sudo -k -S true",
    "sudo -n true",
    "ssh -o BatchMode=no -o StrictHostKeyChecking=ask 127.0.0.1 true",
    "su nobody -c true",
  ])("a password prompt ends by itself: %s", async (command) => {
    const { exit } = await runCommand(
      `command -v ${command.split(" ")[0]} >/dev/null || exit 1; ${command}`,
      {
        timeoutMs: 20_000,
      },
    );
    expect(exit.type).toBe("exited");
  });
});

describe("git settings", () => {
  test.each([
    [
      "with them, a repository that names programs runs none of them on a read",
      childEnvironment(process.env),
      false,
    ],
    ["without them it does", { PATH: process.env["PATH"] ?? "" }, true],
  ])("%s", async (_, environment, runs) => {
    const folder = await mkdtemp(join(tmpdir(), "claw-"));
    const script = join(folder, "script");
    await writeFile(script, `#!/bin/sh\necho ran >> ${folder}/ran\n`, { mode: 0o755 });
    await writeFile(join(folder, "file"), "one\n");
    const setUp = `set -e; git init -q; git config user.name Me; git config user.email me@example.com; git add file
      git commit -qm first --no-gpg-sign; echo two > file
      sign='/^committer/a gpgsig -----BEGIN PGP SIGNATURE-----\\n abc\\n -----END PGP SIGNATURE-----'
      git update-ref HEAD $(git cat-file commit HEAD | sed "$sign" | git hash-object -t commit -w --stdin)
      git config core.fsmonitor ${script}; git config log.showSignature true; git config gpg.program ${script}`;
    expect((await runCommand(setUp, { cwd: folder })).exit).toMatchObject({ type: "exited", code: 0 });
    await rm(join(folder, "ran"), { force: true });
    const read = "git status; git log; git ls-files; git diff";
    const { stdout } = await runCommand(
      `${read}; test -e ran && echo a program ran`,
      { cwd: folder },
      { environment },
    );
    expect(stdout).toContain("modified:");
    expect(stdout).toContain("+two");
    expect(stdout.includes("a program ran")).toBe(runs);
    await rm(folder, { recursive: true });
  });

  test("settings that were there are kept, ours come after them", async () => {
    const environment = childEnvironment({
      PATH: process.env["PATH"],
      GIT_CONFIG_COUNT: "3",
      GIT_CONFIG_KEY_0: "user.name",
      GIT_CONFIG_VALUE_0: "Somebody",
      GIT_CONFIG_KEY_1: "http.https://example.com/.extraheader",
      GIT_CONFIG_VALUE_1: "AUTHORIZATION: basic abcdef",
      GIT_CONFIG_KEY_2: "core.pager",
      GIT_CONFIG_VALUE_2: "less",
    });
    expect(JSON.stringify(environment)).not.toContain("abcdef");
    const { stdout } = await runCommand(
      "git config user.name; git config core.pager",
      { cwd: "/" },
      { environment },
    );
    expect(stdout).toBe("Somebody\ncat\n");
  });

  test("any count that is there gives a list that git reads", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.constantFrom("0", "1", "2"), fc.string()),
        (count, values) => {
          const given: Record<string, string> = { GIT_CONFIG_COUNT: count };
          for (const [index, value] of Object.entries(values)) {
            given[`GIT_CONFIG_KEY_${index}`] = `a.k${index}`;
            given[`GIT_CONFIG_VALUE_${index}`] = value;
          }
          const environment = childEnvironment(given);
          const total = Number(environment["GIT_CONFIG_COUNT"]);
          expect(total).toBeGreaterThanOrEqual(3);
          for (let index = 0; index < total; index += 1) {
            expect(environment).toHaveProperty(`GIT_CONFIG_KEY_${index}`);
            expect(environment).toHaveProperty(`GIT_CONFIG_VALUE_${index}`);
          }
          expect(environment).not.toHaveProperty(`GIT_CONFIG_KEY_${total}`);
        },
      ),
    );
  });

  test("`extra` has the last word", () => {
    expect(childEnvironment({ PAGER: "less" }, { extra: { PAGER: "more" } })["PAGER"]).toBe("more");
  });
});
