import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startProcess } from "@claw/agent-tasks";
import { describe, expect, test } from "vitest";
import { countRunning, runCommand, uniqueSeconds } from "./run-command.ts";

const never = new AbortController().signal;

describe("a program that ends by itself", () => {
  test("gives its output on both streams and its exit code", async () => {
    const ran = await runCommand("echo out; echo err >&2; exit 7");
    expect(ran).toEqual({
      stdout: "out\n",
      stderr: "err\n",
      exit: { type: "exited", code: 7, survivors: [] },
    });
  });

  test("says which signal ended it", async () => {
    const { exit } = await runCommand("kill -SEGV $$");
    expect(exit).toEqual({ type: "signalled", signal: "SIGSEGV", survivors: [] });
  });

  test("is given its arguments as they are, without a shell", async () => {
    const { stdout } = await runCommand("", { argv: ["printf", "%s|", "a b", "$HOME", "*", ""] });
    expect(stdout).toBe("a b|$HOME|*||");
  });

  test("runs in the folder and with the variables of its request", async () => {
    const folder = await mkdtemp(join(tmpdir(), "claw-"));
    const { stdout } = await runCommand("pwd; echo $GREETING", { cwd: folder, env: { GREETING: "hello" } });
    expect(stdout).toBe(`${folder}\nhello\n`);
    await rm(folder, { recursive: true });
  });

  test("loses nothing of its last words to a slow reader", async () => {
    const execution = await startProcess({ argv: ["seq", "1", "60000"], cwd: tmpdir() }, never);
    const pieces: Uint8Array[] = [];
    for await (const { bytes } of execution.output) {
      pieces.push(bytes);
      await delay(5);
    }
    const lines = Buffer.concat(pieces).toString().trimEnd().split("\n");
    expect(lines).toHaveLength(60000);
    expect(lines.at(-1)).toBe("60000");
  });
});

test("a program that is cancelled before anybody knows that it runs is stopped", async () => {
  const seconds = uniqueSeconds();
  const stop = new AbortController();
  const starting = startProcess({ argv: ["sleep", seconds], cwd: "/" }, stop.signal);
  stop.abort();
  expect(await (await starting).exit).toEqual({ type: "cancelled", survivors: [] });
  expect(countRunning(seconds)).toBe(0);
});

describe("output", () => {
  test("a reader that does not read slows the program down", async () => {
    const folder = await mkdtemp(join(tmpdir(), "claw-"));
    const progress = join(folder, "progress");
    const stop = new AbortController();
    const block = `head -c 100000 /dev/zero`;
    const execution = await startProcess(
      {
        argv: ["bash", "-c", `for i in $(seq 100); do ${block}; echo $i > ${progress}; done`],
        cwd: folder,
      },
      stop.signal,
    );
    await settled(async () => Number(await readFile(progress, "utf8").catch(() => "0")));
    expect(Number(await readFile(progress, "utf8"))).toBeLessThan(20);
    stop.abort();
    expect((await execution.exit).type).toBe("cancelled");
    await rm(folder, { recursive: true });
  });

  test("a reader that leaves lets the program get on", async () => {
    const execution = await startProcess(
      { argv: ["bash", "-c", "yes | head -c 5000000; exit 4"], cwd: "/" },
      never,
    );
    for await (const _ of execution.output) break;
    expect(await execution.exit).toMatchObject({ type: "exited", code: 4 });
  });

  test("a program that ends unread still settles", async () => {
    const execution = await startProcess({ argv: ["echo", "nobody listens"], cwd: "/" }, never);
    expect(await execution.exit).toMatchObject({ type: "exited", code: 0 });
  });
});

describe("a program's surroundings", () => {
  test("P9: input is empty and there is no terminal", async () => {
    const { stdout, exit } = await runCommand(
      "cat; read -r x || echo no input; (: < /dev/tty) 2>/dev/null || echo no tty",
    );
    expect(stdout).toBe("no input\nno tty\n");
    expect(exit).toMatchObject({ type: "exited", code: 0 });
  });

  test("a job of a job carries the markers of both", async () => {
    const { stdout } = await runCommand("echo $CLAW_JOB", { env: { CLAW_JOB: "outer" } });
    expect(stdout).toMatch(/^outer\/[0-9a-f]{32}\n$/);
  });

  test("our own open files are not passed on", async () => {
    const folder = await mkdtemp(join(tmpdir(), "claw-"));
    const file = await open(join(folder, "journal"), "w");
    const { stdout } = await runCommand("ls -l /proc/self/fd /proc/$$/fd");
    expect(stdout).toContain("/dev/null");
    expect(stdout).not.toContain(folder);
    await file.close();
    await rm(folder, { recursive: true });
  });
});

describe("leftovers of a program that ended by itself", () => {
  test("keep: leaves them running, and their output to nobody", async () => {
    const seconds = uniqueSeconds();
    const { stdout } = await runCommand(
      `sleep ${seconds} >/dev/null 2>&1 & echo $!`,
      {},
      { leftovers: "keep" },
    );
    expect(countRunning(seconds)).toBe(1);
    process.kill(Number(stdout), "SIGKILL");
  });

  test("a program that writes into a process substitution is waited for until that is done", async () => {
    const folder = await mkdtemp(join(tmpdir(), "claw-"));
    const script = join(folder, "late.sh");
    await writeFile(script, "while read -r line; do sleep 0.03; echo got $line; done");
    const { stdout } = await runCommand(`printf 'a\\nb\\nc\\n' > >(bash ${script})`, {}, { drainMs: 5_000 });
    expect(stdout).toBe("got a\ngot b\ngot c\n");
    await rm(folder, { recursive: true });
  });
});

test("an exit hook is there only while something runs", async () => {
  const before = process.listenerCount("exit");
  const stops = Array.from({ length: 15 }, () => new AbortController());
  const executions = await Promise.all(
    stops.map((stop) => startProcess({ argv: ["sleep", "600"], cwd: "/" }, stop.signal)),
  );
  expect(process.listenerCount("exit")).toBe(before + 1);
  for (const stop of stops) stop.abort();
  await Promise.all(executions.map((execution) => execution.exit));
  expect(process.listenerCount("exit")).toBe(before);
});

/** Waits until a number has stayed the same for a while. */
async function settled(read: () => Promise<number>): Promise<void> {
  for (let last = -1, same = 0; same < 5; await delay(20)) {
    const value = await read();
    same = value === last && value > 0 ? same + 1 : 0;
    last = value;
  }
}
