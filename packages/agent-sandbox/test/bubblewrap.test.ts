import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { heldNames } from "@claw/agent-sandbox";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unavailableHere, type Workspace, workspace } from "./support/workspace.ts";

const reason = await unavailableHere();

describe.skipIf(reason !== undefined)(
  `in bubblewrap${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    let work: Workspace;
    beforeEach(() => {
      work = workspace();
    });
    afterEach(() => work[Symbol.dispose]());
    const inside = (...parts: readonly string[]): string => join(work.root, ...parts);

    describe("files", () => {
      test("the workspace is written, and nothing else", async () => {
        const { code, stdout } = await work.bash(
          `echo a > file && mkdir -p sub/deep && echo b > sub/deep/file && (echo x > ${work.outside}/x; echo x > /etc/claw-x; echo x > ~/claw-x; true)`,
        );
        expect(code).toBe(0);
        expect(stdout).toBe("");
        expect(readFileSync(inside("sub/deep/file"), "utf8")).toBe("b\n");
        expect(readdirSync(work.outside)).toEqual([]);
        expect(existsSync("/etc/claw-x")).toBe(false);
      });

      test("granted folders are written too, and `readOnly` inside of them is not", async () => {
        writeFileSync(join(work.outside, "kept"), "as it was");
        const readOnly = [join(work.outside, "kept"), join(work.outside, "absent")];
        const { stderr } = await work.bash(
          `cd ${work.outside}; echo 1 > new; echo 2 > kept; echo 3 > absent; mv kept moved; rm -rf kept absent; true`,
          { writable: [work.outside], readOnly },
        );
        expect(readdirSync(work.outside).sort()).toEqual(["kept", "new"]);
        expect(readFileSync(join(work.outside, "kept"), "utf8")).toBe("as it was");
        expect(stderr).toContain("Read-only file system");
      });

      test("class 20: what the boundary hides or holds cannot be moved aside with the folders around it", async () => {
        for (const name of ["hidden", "held"]) {
          mkdirSync(inside("a", name, "state"), { recursive: true });
          writeFileSync(inside("a", name, "state", "settings.json"), "as it was");
        }
        const { stderr } = await work.bash(
          `for d in hidden held; do mv a/$d moved; mv a b; mkdir -p a/$d/state; echo x > a/$d/state/settings.json; echo x > a/$d/work; done; true`,
          { unreadable: [inside("a/hidden/state")], readOnly: [inside("a/held/state")] },
        );
        expect(stderr).toContain("Device or resource busy");
        for (const name of ["hidden", "held"]) {
          expect(readFileSync(inside("a", name, "state", "settings.json"), "utf8")).toBe("as it was");
          expect(readFileSync(inside("a", name, "work"), "utf8")).toBe("x\n");
        }
      });

      test("class 18: in granted folders, too, what decides what runs later stays, and cannot be made", async () => {
        mkdirSync(join(work.outside, ".git", "hooks"), { recursive: true });
        mkdirSync(join(work.outside, "deep"));
        writeFileSync(join(work.outside, "deep", ".envrc"), "as it was");
        const { notes } = await work.bash(
          `cd ${work.outside}; echo x > .git/hooks/y; echo x > .mcp.json; echo x > deep/.envrc; echo x > ok; echo x > deep/.mcp.json; true`,
          { writable: [work.outside] },
        );
        expect(readdirSync(work.outside).sort()).toEqual([".git", "deep", "ok"]);
        expect(readdirSync(join(work.outside, ".git", "hooks"))).toEqual([]);
        expect(readFileSync(join(work.outside, "deep", ".envrc"), "utf8")).toBe("as it was");
        expect(notes).toEqual([expect.stringContaining('deep/.mcp.json" is new')]);
      });

      test("granting a protected file does not lift its guard; a granted file is no folder to look through", async () => {
        writeFileSync(join(work.outside, "file"), "");
        const { stderr } = await work.bash(`git config a.b c; echo x > ${work.outside}/file`, {
          writable: [inside(".git"), join(work.outside, "file")],
        });
        expect(stderr).toContain("could not write config file");
        expect(readFileSync(join(work.outside, "file"), "utf8")).toBe("x\n");
      });

      test("class 25: a tree that is too large to be guarded whole is told of, once", async () => {
        for (let i = 0; i < 4100; i += 1) mkdirSync(inside(`d${i}`));
        const first = await work.bash("true");
        expect(first.notes).toEqual([expect.stringContaining("too large to be looked through")]);
        expect((await work.bash("true")).notes).toEqual([]);
      });

      test("everything can be read but what is hidden: a folder and a file", async () => {
        mkdirSync(join(work.outside, ".ssh"));
        writeFileSync(join(work.outside, ".ssh", "id_rsa"), "PRIVATE");
        writeFileSync(join(work.outside, ".netrc"), "PRIVATE");
        writeFileSync(join(work.outside, "plain"), "public");
        const { stdout } = await work.bash(
          `cd ${work.outside}; cat plain .ssh/id_rsa .netrc; ls .ssh; cat /proc/1/root${work.outside}/.netrc; true`,
          {
            unreadable: [
              join(work.outside, ".ssh"),
              join(work.outside, ".netrc"),
              join(work.outside, "absent"),
            ],
          },
        );
        expect(stdout).toBe("public");
      });

      test("what lies in something hidden can be brought back, by its name", async () => {
        mkdirSync(join(work.outside, "deep"));
        writeFileSync(join(work.outside, "deep", "file"), "shown");
        writeFileSync(join(work.outside, "other"), "PRIVATE");
        const { stdout } = await work.bash(
          `cd ${work.outside}; cat deep/file other; ls; echo x > deep/new; true`,
          {
            unreadable: [work.outside],
            readable: [join(work.outside, "deep")],
          },
        );
        expect(stdout).toBe("shown");
        expect(readdirSync(join(work.outside, "deep"))).toEqual(["file"]);
      });

      test("a folder that holds the workspace is not hidden with it", async () => {
        const { stdout } = await work.bash("echo seen", { unreadable: [join(work.root, "..")] });
        expect(stdout).toBe("seen\n");
      });

      test("the temporary folder is private, there, and kept between commands when it is given", async () => {
        const temporary = join(work.outside, "temporary");
        await work.bash('echo kept > "$TMPDIR/note"; echo kept > /tmp/other', { temporary });
        const { stdout } = await work.bash("cat $TMPDIR/note /tmp/other; mktemp", { temporary });
        expect(stdout).toMatch(/^kept\nkept\n\/tmp\/tmp\./);
        expect((await work.bash("ls /tmp", {})).stdout.trim().split("\n")).not.toContain("note");
      });
    });

    describe("class 18, protected names", () => {
      test("absent in the root: none of them can be made, as anything, and no placeholder stays", async () => {
        const attempts = heldNames
          .filter((name) => name !== ".git")
          .map(
            (name) =>
              `mkdir -p ${name}; echo evil > ${name}; echo evil > ${name}/inner; ln -sfn /etc ${name}; mv -T other ${name}`,
          );
        const { stdout } = await work.bash(
          `echo x > other; ${attempts.join("; ")}; ls -A ${heldNames.join(" ")} | grep evil; true`,
        );
        expect(stdout).toBe("");
        expect(readdirSync(work.root).sort()).toEqual([".git", "other"]);
        expect(readdirSync(work.records)).toEqual([]);
      });

      test("present: what is there stays as it is, whatever is tried", async () => {
        mkdirSync(inside(".claude"));
        writeFileSync(inside(".claude/settings.json"), "{}");
        writeFileSync(inside(".mcp.json"), "{}");
        writeFileSync(inside(".envrc"), "mine");
        const before = readFileSync(inside(".git/config"), "utf8");
        await work.bash(
          `echo x > .mcp.json; rm -f .mcp.json; mv .mcp.json m; chmod 777 .mcp.json; ln .envrc hard && echo x >> hard
         rm -rf .claude; mv .claude c; echo x > .claude/settings.json; echo x > .claude/settings.local.json
         git config core.fsmonitor evil; echo x > .git/hooks/pre-commit; rm -rf .git/hooks; mv .git g; true`,
        );
        expect(readFileSync(inside(".mcp.json"), "utf8")).toBe("{}");
        expect(readFileSync(inside(".envrc"), "utf8")).toBe("mine");
        expect(readdirSync(inside(".claude"))).toEqual(["settings.json"]);
        expect(readFileSync(inside(".claude/settings.json"), "utf8")).toBe("{}");
        expect(readFileSync(inside(".git/config"), "utf8")).toBe(before);
        expect(existsSync(inside(".git/hooks/pre-commit"))).toBe(false);
      });

      test("without a repository, none can be planted in the root", async () => {
        const { code } = await work.bash(`cd ${work.outside} && git init -q . 2>&1`, {
          workspace: [work.outside],
        });
        expect(code).not.toBe(0);
        expect(readdirSync(work.outside)).toEqual([]);
      });

      test("nested: repositories below the root, their hooks present or not, and other names", async () => {
        for (const sub of ["one", "deep/er/two"]) {
          mkdirSync(inside(sub, ".git"), { recursive: true });
          writeFileSync(inside(sub, ".git/HEAD"), "ref: refs/heads/main\n");
          writeFileSync(inside(sub, ".git/config"), "[core]\n");
        }
        mkdirSync(inside("one/.git/hooks"));
        mkdirSync(inside("pkg"));
        writeFileSync(inside("pkg/.npmrc"), "mine");
        await work.bash(
          `for d in one deep/er/two; do echo x > $d/.git/hooks/pre-commit; mkdir -p $d/.git/hooks && echo x > $d/.git/hooks/pre-push
           echo x >> $d/.git/config; mv $d/.git $d/g; echo x > $d/.mcp.json; mkdir -p $d/.claude && echo x > $d/.claude/settings.json; done
         echo x > pkg/.npmrc; true`,
        );
        for (const sub of ["one", "deep/er/two"]) {
          expect(existsSync(inside(sub, ".git/hooks/pre-commit"))).toBe(false);
          expect(existsSync(inside(sub, ".git/hooks/pre-push"))).toBe(false);
          expect(readFileSync(inside(sub, ".git/config"), "utf8")).toBe("[core]\n");
          expect(readdirSync(inside(sub))).toEqual([".git"]);
        }
        expect(readFileSync(inside("pkg/.npmrc"), "utf8")).toBe("mine");
      });

      test("the git folders of submodules and worktrees inside of `.git`", async () => {
        mkdirSync(inside(".git/modules/lib"), { recursive: true });
        writeFileSync(inside(".git/modules/lib/HEAD"), "ref: refs/heads/main\n");
        writeFileSync(inside(".git/modules/lib/config"), "[core]\n");
        await work.bash(
          "cd .git/modules/lib; echo x >> config; mkdir hooks; echo x > hooks/pre-commit; cd ..; mv lib l; true",
        );
        expect(readFileSync(inside(".git/modules/lib/config"), "utf8")).toBe("[core]\n");
        expect(readdirSync(inside(".git/modules/lib")).sort()).toEqual(["HEAD", "config"]);
      });

      test("a `commondir` that would bring in settings from elsewhere is removed, and told", async () => {
        const { notes } = await work.bash("mkdir fake && echo ../fake > .git/commondir");
        expect(existsSync(inside(".git/commondir"))).toBe(false);
        expect(notes.join()).toContain("commondir");
      });

      test("class 16: what is removed afterwards is not looked for through a link that the command planted", async () => {
        mkdirSync(inside("sub/.git"), { recursive: true });
        mkdirSync(join(work.outside, ".git"));
        writeFileSync(join(work.outside, ".git", "commondir"), "theirs");
        const { notes } = await work.bash(`mv sub gone; ln -s ${work.outside} sub`);
        expect(readFileSync(join(work.outside, ".git", "commondir"), "utf8")).toBe("theirs");
        expect(notes.join()).toContain("leads out of the workspace");
      });

      test("git works: status, add, commit, branch, log; and status shows none of the placeholders", async () => {
        const { code, stdout, stderr, notes } = await work.bash(
          `echo x > a && git add -A && git -c user.name=t -c user.email=t@t commit -qm one && git status --porcelain && git checkout -qb next && git log --oneline | wc -l`,
        );
        expect({ code, stdout: stdout.trim(), stderr, notes }).toEqual({
          code: 0,
          stdout: "1",
          stderr: "",
          notes: [],
        });
      });

      test("CVE-2026-39861: new links out of the workspace and new protected names are told", async () => {
        symlinkSync("/etc", inside("old"));
        const { notes } = await work.bash(
          `ln -s /etc/passwd out; ln -s a in; ln -s ../../x up; mkdir -p s/.git/hooks; mkdir -p t && echo x > t/.mcp.json; true`,
        );
        const told = notes.join("\n");
        expect(told).toContain(`"${inside("out")}" is a new link`);
        expect(told).toContain(`"${inside("up")}" is a new link`);
        expect(told).toContain(`"${inside("s/.git")}" is new`);
        expect(told).toContain(`"${inside("t/.mcp.json")}" is new`);
        expect(notes).toHaveLength(4);
      });

      test("a protected name that is a link, replaced, is told", async () => {
        writeFileSync(inside("servers.json"), "{}");
        symlinkSync("servers.json", inside(".mcp.json"));
        const { notes } = await work.bash("echo x > servers.json; rm .mcp.json; echo evil > .mcp.json; true");
        expect(readFileSync(inside("servers.json"), "utf8")).toBe("{}");
        expect(notes.join()).toContain(`"${inside(".mcp.json")}" was replaced`);
      });

      test("a repository moved away with its parent is told of as replaced", async () => {
        mkdirSync(inside("sub/.git"), { recursive: true });
        const { notes } = await work.bash(
          "mv sub gone && mkdir -p sub/.git/hooks && echo x > sub/.git/hooks/pre-commit",
        );
        expect(notes.join()).toContain(`"${inside("sub/.git")}" was replaced`);
      });
    });

    describe("system", () => {
      test("the network is off, or on", async () => {
        const server = createServer((socket) => socket.end("hello"));
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const address = server.address();
        const port = typeof address === "object" && address !== null ? address.port : 0;
        const script = `exec 5<>/dev/tcp/127.0.0.1/${port} && cat <&5`;
        try {
          expect((await work.bash(script)).stdout).toBe("");
          expect((await work.bash(script, { network: "on" })).stdout).toBe("hello");
        } finally {
          server.close();
        }
      });

      test("without a network nothing is tried again: npm says so at once", async () => {
        const { stdout } = await work.bash("echo $npm_config_fetch_retries");
        expect(stdout).toBe("0\n");
        expect((await work.bash("echo $npm_config_fetch_retries", { network: "on" })).stdout).toBe("\n");
      });

      test("sockets of other programs, other namespaces, tracing and io_uring are refused; pipes are not", async () => {
        const script = `
        const net = require("node:net"), { execFileSync, spawn } = require("node:child_process");
        net.connect(${JSON.stringify("/tmp/any.sock")}).on("error", (e) => console.log("unix", e.code));
        console.log("pipe", execFileSync("cat", { input: "through" }).toString());
        try { execFileSync("unshare", ["-Ur", "true"], { stdio: "pipe" }); console.log("unshare works"); } catch (e) { console.log("unshare refused"); }
      `;
        const { stdout } = await work.bash(`node -e '${script}'`);
        expect(stdout).toContain("pipe through");
        expect(stdout).toContain("unix EPERM");
        expect(stdout).toContain("unshare refused");
      });

      test("system calls by number: socket families, ptrace, io_uring, keys, bpf", async () => {
        const python = `
import ctypes, socket, errno
libc = ctypes.CDLL(None, use_errno=True)
def call(name, number, *args):
    ctypes.set_errno(0)
    r = libc.syscall(number, *args)
    print(name, errno.errorcode.get(ctypes.get_errno(), "ok") if r < 0 else "ok")
import platform
x = platform.machine() == "x86_64"
call("ptrace", 101 if x else 117, 0, 0, 0, 0)
call("io_uring", 425, 1, 0)
call("keyctl", 250 if x else 219, 0, 0)
call("bpf", 321 if x else 280, 0, 0, 0)
call("clone3", 435, 0, 0)
if x: call("x32", 0x40000000 + 39)
for family in ("AF_UNIX", "AF_PACKET", "AF_VSOCK", "AF_INET", "AF_INET6"):
    try:
        socket.socket(getattr(socket, family), socket.SOCK_STREAM); print(family, "ok")
    except OSError as e: print(family, errno.errorcode[e.errno])
a, b = socket.socketpair(); a.send(b"x"); print("socketpair", b.recv(1).decode())
`;
        writeFileSync(inside("calls.py"), python);
        const { stdout, stderr } = await work.bash(
          "command -v python3 >/dev/null || { echo none; exit; }; python3 calls.py",
        );
        if (stdout === "none\n") return;
        expect(stderr).toBe("");
        const expected = {
          ptrace: "EPERM",
          io_uring: "EPERM",
          keyctl: "EPERM",
          bpf: "EPERM",
          clone3: "ENOSYS",
          ...(process.arch === "x64" ? { x32: "EPERM" } : {}),
          AF_UNIX: "EPERM",
          AF_PACKET: "EPERM",
          AF_VSOCK: "EPERM",
          AF_INET: "ok",
          AF_INET6: "ok",
          socketpair: "x",
        };
        expect(
          Object.fromEntries(
            stdout
              .trim()
              .split("\n")
              .map((line) => line.split(" ")),
          ),
        ).toEqual(expected);
      });

      test("no capability, no way to gain one, and only its own processes", async () => {
        const { stdout } = await work.bash(
          "grep -E '^(Cap|NoNewPrivs)' /proc/self/status; ls /proc | grep -c '^[0-9]*$'",
        );
        const fields = stdout.trim().split("\n");
        expect(fields.slice(0, 5).map((line) => line.split("\t")[1])).toEqual(Array(5).fill("0".repeat(16)));
        expect(stdout).toContain("NoNewPrivs:\t1");
        expect(Number(fields.at(-1))).toBeLessThan(8);
      });

      test("exit codes, ends by a signal, input, output and arguments pass through", async () => {
        expect(await work.bash("exit 7")).toMatchObject({ code: 7 });
        expect(await work.bash("kill -TERM $$")).toMatchObject({ code: 143 });
        expect(await work.bash("sh -c 'kill -KILL $$'; exit $?")).toMatchObject({ code: 137 });
        const { stdout, stderr } = await work.bash("cat; echo err >&2", {}, { input: "given" });
        expect({ stdout, stderr }).toEqual({ stdout: "given", stderr: "err\n" });
        expect((await work.bash("pwd; echo $MINE", {}, { environment: { MINE: "1" } })).stdout).toBe(
          `${work.root}\n1\n`,
        );
      });
    });
  },
);
