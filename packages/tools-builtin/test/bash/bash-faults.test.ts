import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { plainText } from "@claw/agent-core";
import { describe, expect, test } from "vitest";
import { bashHarness, countRunning, fileSpill, uniqueSeconds } from "./bash-harness.ts";

const { run, folder } = bashHarness();

describe("P1, W16: a time limit", () => {
  test("stops the whole tree, names itself and keeps the output until then", async () => {
    const seconds = uniqueSeconds();
    const { outcome, text } = await run({
      command: `echo before; sleep ${seconds} & sleep ${seconds} | sleep ${seconds}`,
      timeout: 500,
    });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "timed-out" } });
    expect(text).toMatch(/^Timed out after 500 ms.* were stopped\. Output until then:\nbefore\n$/);
    expect(countRunning(seconds)).toBe(0);
  });

  test("is the default one when the model names none", async () => {
    const { text } = await run("sleep 600", { defaultTimeoutMs: 150 });
    expect(text).toMatch(/^Timed out after 150 ms/);
  });
});

test("P1, W1: a cancel stops the whole tree and keeps the output until then", async () => {
  const seconds = uniqueSeconds();
  const stop = new AbortController();
  const command = `sleep ${seconds} & setsid sleep ${seconds} & echo before; touch ready; sleep ${seconds}`;
  const called = run(command, { signal: stop.signal });
  while (!existsSync(join(folder(), "ready"))) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  const { outcome, text } = await called;
  expect(outcome.status).toBe("cancelled");
  expect(text).toBe("The command was cancelled. Output until then:\nbefore\n");
  expect(countRunning(seconds)).toBe(0);
});

test("P2: a command that ignores SIGTERM is killed", async () => {
  const seconds = uniqueSeconds();
  const command = `trap '' TERM; while :; do sleep ${seconds}; done`;
  const { outcome } = await run({ command, timeout: 500 }, { graceMs: 50 });
  expect(outcome).toMatchObject({ error: { code: "timed-out" } });
  expect(countRunning(seconds)).toBe(0);
});

test.each([
  "setsid sleep S & wait",
  "(setsid sleep S &); sleep S",
  "env -i setsid sleep S & wait",
  "nohup sleep S & wait",
])("P3: what tries to escape is found: %s", async (command) => {
  const seconds = uniqueSeconds();
  await run({ command: command.replaceAll("S", seconds), timeout: 500 });
  expect(countRunning(seconds)).toBe(0);
});

test("P4: a background child that keeps the pipe open does not delay the result, and is stopped", async () => {
  const seconds = uniqueSeconds();
  const { text } = await run(`sleep ${seconds} & echo hi`);
  expect(text).toBe("hi\n");
  expect(countRunning(seconds)).toBe(0);
});

test("P5: a running command is noted for the next start, and the note names nothing once it has ended", async () => {
  const recordsFolder = join(folder(), "jobs");
  const noted = `${recordsFolder}/*.json`;
  const { text } = await run(`until ls ${noted} >/dev/null 2>&1; do :; done; ls ${noted} | wc -l`, {
    recordsFolder,
  });
  expect(text).toBe("1\n");
  const notes = await Promise.all(
    (await readdir(recordsFolder)).map((name) => readFile(join(recordsFolder, name), "utf8")),
  );
  expect(notes.filter((note) => "job" in JSON.parse(note))).toEqual([]);
});

test("P6: output after the kill is dropped", async () => {
  const command = "trap 'echo too late; exit' TERM; echo in time; while :; do sleep 0.01; done";
  const { text } = await run({ command, timeout: 500 });
  expect(text).toMatch(/in time\n$/);
});

describe("P7, W16: output without end", () => {
  test.each([
    ["lines", "yes abcdefghi | head -c 1G"],
    ["one line", "head -c 1G /dev/zero | tr '\\0' x"],
  ])(
    "a gigabyte of %s: head, notice, tail and a capped file; memory stays",
    { timeout: 120_000 },
    async (_, command) => {
      const before = process.memoryUsage.rss();
      let peak = before;
      const sampling = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage.rss());
      }, 20);
      const { text, outcome } = await run(command, { spill: fileSpill(folder(), 1_000_000) });
      clearInterval(sampling);
      expect(outcome).toMatchObject({ status: "ok", details: { outputBytes: 2 ** 30 } });
      expect(text.length).toBeLessThan(31_000);
      expect(text).toMatch(/cut here .*The first 1000000 bytes are in \/.*: use Read/);
      const path = outcome.status === "ok" && join(folder(), "bash-call-1.txt");
      expect((await stat(String(path))).size).toBe(1_000_000);
      expect((peak - before) / 2 ** 20).toBeLessThan(60);
    },
  );

  test("up to the cap nothing is cut", async () => {
    const { text } = await run("head -c 30000 /dev/zero | tr '\\0' x");
    expect(text).toBe("x".repeat(30_000));
  });
});

describe("P8: output that is not text", () => {
  test("binary is marked, and is valid JSON", async () => {
    const { outcome, text } = await run("cat /bin/ls", { spill: fileSpill(folder(), 10_000_000) });
    expect(text).toMatch(/^\[Binary output/);
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
    expect(await readFile(join(folder(), "bash-call-1.txt"))).toEqual(await readFile("/bin/ls"));
  });

  test("NULs and bytes that are not UTF-8 are replaced", async () => {
    expect((await run("printf 'a\\0b'; printf '\\377'; printf '%s' a long enough rest")).text).toBe(
      "a␀b\u{fffd}alongenoughrest",
    );
  });

  test("an emoji that comes byte by byte stays whole", async () => {
    const command = "for b in '\\360' '\\237' '\\246' '\\200'; do printf \"$b\"; sleep 0.01; done";
    expect((await run(command)).text).toBe("🦀");
  });

  test("no cut leaves half a character", async () => {
    for (let shift = 0; shift < 4; shift += 1) {
      const command = `printf '%${shift}s' ''; for ((i = 0; i < 300; i++)); do printf 🦀; done`;
      const { text } = await run(command, { maxOutputBytes: 400 });
      expect(() => encodeURIComponent(text)).not.toThrow(); // throws at half a character
      expect(text).not.toContain("\u{fffd}");
      expect(text).toContain("🦀");
    }
  });
});

describe("P9: a command that waits for somebody ends by itself", () => {
  const identity = "git -c user.name=Me -c user.email=me@example.com -c commit.gpgsign=false";

  test.each([
    ["cat", "cat"],
    ["a read", "read -r answer; echo answered: $answer"],
    ["a prompt of a program", "command -v python3 >/dev/null && python3 -c 'input()'"],
    ["an editor", "$EDITOR file; $VISUAL file"],
    ["git commit", `git init -q; ${identity} commit --allow-empty`],
    ["git rebase -i", `git init -q; ${identity} commit -qm one --allow-empty; ${identity} rebase -i --root`],
    ["git log", `git init -q; ${identity} commit -qm one --allow-empty; git --paginate log`],
    ["man", "man ls | head -1"],
    ["a git password", "git ls-remote http://127.0.0.1:1/repository"],
    ["sudo", "sudo -k -n true"],
    ["sudo with a prompt", "sudo -k -p 'password: ' true"],
    ["ssh", "ssh -o ConnectTimeout=2 -o StrictHostKeyChecking=ask 127.0.0.1 true"],
    ["a password from the terminal", "bash -c 'read -rsp password: x </dev/tty'"],
  ])("%s", async (_, command) => {
    const { text, outcome } = await run({ command, timeout: 20_000 });
    expect(text).not.toContain("Timed out");
    expect(["ok", "failed"]).toContain(outcome.status);
  });

  test("git commit without a message says so", async () => {
    const { text } = await run(`git init -q; ${identity} commit --allow-empty`);
    expect(text).toMatch(/^Exit code 1\n/);
    expect(text).toContain("editor");
  });
});

test("P10: a memory hog ends, and the next call works", async () => {
  const { outcome } = await run("x=$(head -c 1G /dev/zero | tr '\\0' x); echo $?", {
    limits: { maxMemoryBytes: 200 * 2 ** 20 },
  });
  expect(outcome.status).toBe("failed");
  expect((await run("echo well")).text).toBe("well\n");
});

describe("P11: a command that cannot be started is a result", () => {
  test("the folder was removed", async () => {
    const gone = join(folder(), "gone");
    await mkdir(gone);
    await rm(gone, { recursive: true });
    const { outcome, text } = await run("pwd", { cwd: gone });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "tool-failed" } });
    expect(text).toContain(`The working folder "${gone}" does not exist.`);
  });

  test("a command of 200 kB", async () => {
    const { outcome, text } = await run(`echo ${"x".repeat(200_000)}`);
    expect(outcome.status).toBe("failed");
    expect(text).toContain("Write the long text to a file");
    expect(text.length).toBeLessThan(1_000);
  });

  test("a NUL in the command", async () => {
    expect((await run("echo a\0b")).text).toContain("NUL");
  });
});

test("credentials of ours are not there to be printed", async () => {
  process.env["EXAMPLE_API_KEY"] = "correct-horse-battery";
  process.env["EXAMPLE_TOKEN"] = "correct-horse-battery";
  const { outcome } = await run("printenv; export -p; cat /proc/$$/environ | tr '\\0' '\\n'");
  delete process.env["EXAMPLE_API_KEY"];
  delete process.env["EXAMPLE_TOKEN"];
  expect(plainText(outcome.content)).toContain("GIT_TERMINAL_PROMPT=0");
  expect(plainText(outcome.content)).not.toContain("correct-horse");
});
