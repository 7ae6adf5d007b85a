import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecRequest } from "@claw/agent-core";
import {
  childEnvironment,
  createShellReserve,
  type ShellReserve,
  type StartOptions,
} from "@claw/agent-tasks";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { countRunning, type Ran, runCommand, uniqueSeconds } from "./run-command.ts";
import { startHost } from "./run-host.ts";

const environment = childEnvironment(process.env);
let shells: ShellReserve;
beforeEach(() => {
  shells = createShellReserve();
});
afterEach(async () => {
  shells.close();
  await vi.waitFor(() => expect(waiting()).toEqual([]));
});

function run(command: string, request: Partial<ExecRequest> = {}, options: StartOptions = {}): Promise<Ran> {
  return runCommand(command, request, { environment, shells, ...options });
}

/** Runs a command, so that a shell waits for the next one, and says which. */
async function oneWaits(request: Partial<ExecRequest> = {}, options: StartOptions = {}): Promise<number> {
  await run("true", request, options);
  return await vi.waitFor(() => {
    const [pid] = waiting();
    if (pid === undefined) throw new Error("None waits yet.");
    return pid;
  });
}

/** The processes of ours that wait for a command. */
function waiting(parent = process.pid): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && reads(`/proc/${pid}/cmdline`).includes("IFS= read"))
    .filter((pid) => new RegExp(`^PPid:\t${parent}$`, "m").test(reads(`/proc/${pid}/status`)))
    .filter((pid) => !/^State:\tZ/m.test(reads(`/proc/${pid}/status`)));
}

/** A whole turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

function reads(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const pidOf = async (request: Partial<ExecRequest> = {}, options: StartOptions = {}): Promise<number> =>
  Number((await run("echo $$", request, options)).stdout);

describe("the bash that waits", () => {
  test("runs the next command, and then another one waits", async () => {
    const first = await oneWaits();
    expect(await pidOf()).toBe(first);
    const second = await oneWaits();
    expect(second).not.toBe(first);
  });

  test("one of several commands at once is its; the others start theirs", async () => {
    const one = await oneWaits();
    const pids = await Promise.all([pidOf(), pidOf(), pidOf()]);
    expect(new Set(pids).size).toBe(3);
    expect(pids).toContain(one);
    await vi.waitFor(() => expect(waiting()).toHaveLength(1));
  });

  test.each<readonly [string, Partial<ExecRequest>, StartOptions]>([
    ["another folder", { cwd: "/" }, {}],
    ["another environment", {}, { environment: { ...environment } }],
    ["variables of its own", { env: { GREETING: "hello" } }, {}],
    ["a name for other processes to find it by", { label: "session/shell_1" }, {}],
    ["something to read", { input: Buffer.from("words") }, {}],
    ["limits", {}, { limits: { maxProcesses: 100_000 } }],
    ["a descriptor to read from", {}, { inputs: [Buffer.from("words")] }],
    ["another program", { argv: ["/bin/bash", "--noprofile", "--norc", "-c", "echo $$"] }, {}],
    ["arguments", { argv: ["bash", "--noprofile", "--norc", "-c", "echo $$", "name"] }, {}],
    ["other options", { argv: ["bash", "-c", "echo $$"] }, {}],
  ])("is not given a command with %s", async (_, request, options) => {
    const pid = await oneWaits();
    expect(await pidOf(request, { guardAfterMs: Number.POSITIVE_INFINITY, ...options })).not.toBe(pid);
    expect(waiting()).toContain(pid);
  });

  test("is given a command of another folder's session when it was started there", async () => {
    const request = { cwd: "/", env: { GREETING: "hello" } };
    const pid = await oneWaits(request);
    expect(await pidOf(request)).toBe(pid);
  });

  test("is not used in a folder that was put in the place of its own", async () => {
    const parent = await mkdtemp(join(tmpdir(), "claw-"));
    const cwd = join(parent, "here");
    await mkdir(cwd);
    const pid = await oneWaits({ cwd });
    await rename(cwd, join(parent, "there"));
    await mkdir(cwd);
    const { stdout } = await run("echo $$; pwd -P", { cwd });
    expect(stdout.split("\n")).toEqual([expect.not.stringMatching(`^${pid}$`), cwd, ""]);
    await rm(parent, { recursive: true });
  });

  test("a folder that is gone is told as ever", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "claw-"));
    await oneWaits({ cwd });
    await rm(cwd, { recursive: true });
    await expect(run("true", { cwd })).rejects.toMatchObject({
      fault: { code: "cannot-start", message: expect.stringContaining(cwd) },
    });
  });

  test("a folder that cannot be reached any more is told as a failed start", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "claw-"));
    await oneWaits({ cwd });
    await rm(cwd, { recursive: true });
    await symlink(cwd, cwd);
    await expect(run("true", { cwd })).rejects.toMatchObject({ fault: { code: "cannot-start" } });
    await rm(cwd);
  });

  test("when somebody ended it, another one runs the command", async () => {
    const pid = await oneWaits();
    process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(waiting()).not.toContain(pid));
    await turn(); // its end is told in one
    expect((await run("echo here")).stdout).toBe("here\n");
  });

  test("is let go when nobody comes", async () => {
    shells = createShellReserve({ patienceMs: 1 });
    const seen = await run("true").then(() => vi.waitUntil(() => waiting().length === 0));
    expect(seen).toBe(true);
  });

  test("is one of at most eight in a process: the ninth finds its place when one is taken", async () => {
    const reserves = Array.from({ length: 9 }, () => createShellReserve());
    for (const [index, each] of reserves.entries()) {
      await run("true", {}, { shells: each });
      await vi.waitFor(() => expect(waiting()).toHaveLength(Math.min(index + 1, 8)));
    }
    const [first = shells] = reserves;
    const last = reserves.at(-1) ?? shells;
    await turn();
    expect(waiting()).toHaveLength(8);
    first.close();
    await vi.waitFor(() => expect(waiting()).toHaveLength(7));
    await run("true", {}, { shells: last });
    await vi.waitFor(() => expect(waiting()).toHaveLength(8));
    for (const each of reserves) each.close();
  });

  test("is let go when its owner closes, and none follows", async () => {
    await oneWaits();
    shells.close();
    await vi.waitFor(() => expect(waiting()).toEqual([]));
    expect((await run("echo here")).stdout).toBe("here\n");
    await turn();
    expect(waiting()).toEqual([]);
  });
});

describe("our own process", () => {
  test("does not stay for one that waits, which ends with it", async () => {
    const host = await startHost("waiting");
    const said = once(host.stdout ?? host, "data").then(([line]) => JSON.parse(String(line)));
    const [code] = await once(host, "exit");
    expect(code).toBe(0);
    expect(await said).toEqual({ waiting: 1 });
    await vi.waitFor(() => expect(waiting(host.pid)).toEqual([]));
  });

  test("SIGKILL: the one that waits has run nothing, and ends", async () => {
    const host = await startHost("waiting", { arguments: ["stay"] });
    await once(host.stdout ?? host, "data");
    const [pid] = waiting(host.pid);
    host.kill("SIGKILL");
    await once(host, "exit");
    await vi.waitFor(() => expect(reads(`/proc/${pid}/cmdline`)).toBe(""));
  });
});

describe("a command that a waiting bash runs ends as any other", () => {
  test("what it leaves behind is stopped", async () => {
    const seconds = uniqueSeconds();
    const pid = await oneWaits();
    const { stdout, exit } = await run(
      `sleep ${seconds} & setsid sleep ${seconds} > /dev/null 2>&1 & until [ $(pgrep -cf "^sleep ${seconds}") = 2 ]; do :; done; echo $$`,
    );
    expect([Number(stdout), exit]).toEqual([pid, { type: "exited", code: 0, survivors: [] }]);
    expect(countRunning(seconds)).toBe(0);
  });

  test("its time is up", async () => {
    const seconds = uniqueSeconds();
    await oneWaits();
    const { exit } = await run(`sleep ${seconds} & sleep ${seconds}`, { timeoutMs: 50 });
    expect(exit).toEqual({ type: "timed-out", survivors: [] });
    expect(countRunning(seconds)).toBe(0);
  });

  test("it is cancelled", async () => {
    const seconds = uniqueSeconds();
    await oneWaits();
    const stop = new AbortController();
    const running = runCommand(`sleep ${seconds}`, {}, { environment, shells }, stop.signal);
    await vi.waitFor(() => expect(countRunning(seconds)).toBeGreaterThan(0));
    stop.abort();
    expect((await running).exit).toEqual({ type: "cancelled", survivors: [] });
    expect(countRunning(seconds)).toBe(0);
  });
});

describe("means the same as with -c", () => {
  const commands = [
    "foo",
    "echo a\necho $LINENO; foo",
    "echo out; echo err >&2; exit 7",
    `echo "$0 $# $- $BASH_SUBSHELL [$REPLY] [$IFS] $SECONDS \${FUNCNAME[*]} \${BASH_SOURCE[*]}"`,
    "cat; read word; echo $? [$word]",
    "kill -9 $$",
    "exec kill -9 $$",
    "trap 'echo bye' EXIT; false",
    "trap 'echo bad' ERR; false; true",
    "set -e; false; echo unreached",
    "set -u; echo $missing; echo unreached",
    "set -o pipefail; false | true",
    "return 4",
    "cat <<X\nhere $((1+1))\nX",
    "echo 'one\ntwo' \\\n  three; echo $LINENO",
    "# nothing but words",
    "",
    "\n\n  echo late",
    `f() { local a=1; echo $a; }; f; echo \${a-unset}`,
    "jobs; (exit 3); echo $?",
    "ulimit -n; umask; pwd; echo $PWD $OLDPWD $SHLVL",
    "export -p",
    "ls -l /proc/self/fd | awk '{print $9}' | sort | tr '\\n' ' '",
    "readlink /proc/$$/fd/0",
    "exit 300",
    `echo \${BASH_VERSION}; shopt -p; set -o`,
  ];

  test.each(commands)("%j", async (command) => {
    await oneWaits();
    expect(comparable(await run(command))).toEqual(
      comparable(await runCommand(command, {}, { environment })),
    );
  });

  test.each(["if", 'echo "a', "echo $(", "cat <<X\nunended"])(
    "what cannot be parsed: %j",
    async (command) => {
      await oneWaits();
      const held = await run(command);
      const plain = await runCommand(command, {}, { environment });
      expect(held.exit).toEqual(plain.exit);
      expect(held.stderr.replaceAll("bash: eval: ", "bash: -c: ")).toBe(
        plain.stderr.replace(/bash: -c: line \d+: `.*'\n/, ""),
      );
    },
  );

  test("any word", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 300 }), async (word) => {
        fc.pre(!word.includes("\0"));
        const { stdout } = await run(`printf %s '${word.replaceAll("'", "'\\''")}'`);
        expect(stdout).toBe(Buffer.from(word).toString());
      }),
      { numRuns: 50 },
    );
  });

  test.each([1_990, 2_100, 60_000])("a command of %d characters", async (length) => {
    await oneWaits();
    const { stdout } = await run(`echo ${"é".repeat(length - 5)}`);
    expect(stdout).toBe(`${"é".repeat(length - 5)}\n`);
  });

  test("a NUL character is refused, and nothing of the command runs", async () => {
    await oneWaits();
    await expect(run("echo one\0; echo two")).rejects.toMatchObject({ fault: { code: "cannot-start" } });
  });
});

/** Without what is of one process alone, and the last word of the command before, which each one has. */
function comparable({ stdout, stderr, exit }: Ran): unknown {
  return { stdout: stdout.replace(/^declare -x (?:CLAW_JOB|_)=.*\n/gm, ""), stderr, exit };
}
