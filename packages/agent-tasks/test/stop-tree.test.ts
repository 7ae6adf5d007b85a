import { tmpdir } from "node:os";
import { startProcess } from "@claw/agent-tasks";
import { describe, expect, test } from "vitest";
import { countRunning, runCommand, uniqueSeconds } from "./run-command.ts";

const ways = (seconds: string): Readonly<Record<string, string>> => ({
  "plain children": `sleep ${seconds} & sleep ${seconds} & wait`,
  "a pipeline": `sleep ${seconds} | sleep ${seconds}`,
  "nested shells": `bash -c "bash -c 'sleep ${seconds}; :'; :" & wait`,
  "a group of its own": `set -m; sleep ${seconds} & wait`,
  "nohup and disown": `nohup sleep ${seconds} & disown; sleep ${seconds}`,
});

const escapes = (seconds: string): Readonly<Record<string, string>> => ({
  setsid: `setsid sleep ${seconds} & wait; sleep ${seconds}`,
  "a double fork": `(setsid sleep ${seconds} >/dev/null 2>&1 &); (sleep ${seconds} &); sleep ${seconds}`,
  "env -i": `env -i sleep ${seconds} & env -i setsid sleep ${seconds} >/dev/null 2>&1 & sleep ${seconds}`,
  "env -i, a double fork and the pipe kept": `(env -i setsid sleep ${seconds} &); sleep ${seconds}`,
});

const started = (seconds: string): string => `echo ready; sleep ${seconds}`;

const allWays = Object.keys({ ...ways(""), ...escapes("") });
const promiseOf = (way: string): "P1" | "P3" => (way in escapes("") ? "P3" : "P1");

// Those with a limit of time wait for it together.
describe.concurrent.each(allWays)("with %s", (way) => {
  test(`${promiseOf(way)}: a timeout stops the whole tree`, async () => {
    const seconds = uniqueSeconds();
    const command = { ...ways(seconds), ...escapes(seconds) }[way] ?? "";
    const { exit, stdout } = await runCommand(`echo before; ${command}`, { timeoutMs: 500 });
    expect(exit).toEqual({ type: "timed-out", survivors: [] });
    expect(stdout).toBe("before\n");
    expect(countRunning(seconds)).toBe(0);
  });
});

test.concurrent("P2: what ignores SIGTERM is killed after the grace", async () => {
  const seconds = uniqueSeconds();
  const { exit, stdout } = await runCommand(
    `trap '' TERM HUP INT; (sleep ${seconds}; :) & echo on guard; while :; do sleep ${seconds}; done`,
    { timeoutMs: 500 },
    { graceMs: 50 },
  );
  expect(exit).toEqual({ type: "timed-out", survivors: [] });
  expect(stdout).toBe("on guard\n");
  expect(countRunning(seconds)).toBe(0);
});

test.concurrent("P2: a stopped program is killed too", async () => {
  const { exit } = await runCommand("kill -STOP $$", { timeoutMs: 100 }, { graceMs: 50 });
  expect(exit).toEqual({ type: "timed-out", survivors: [] });
});

test.concurrent("P1: a program that cleans up at SIGTERM is given the time for it", async () => {
  const { exit } = await runCommand('trap "rm $file; exit 0" TERM; while :; do sleep 0.01; done', {
    timeoutMs: 500,
    env: { file: "/nonexistent" },
  });
  expect(exit).toEqual({ type: "timed-out", survivors: [] });
});

test.concurrent("P6: output after the kill is dropped, output before it is kept", async () => {
  const { exit, stdout } = await runCommand(
    "trap 'echo too late; exit 0' TERM; echo in time; while :; do sleep 0.01; done",
    { timeoutMs: 500 },
  );
  expect(exit.type).toBe("timed-out");
  expect(stdout).toBe("in time\n");
});

describe.each(allWays)("with %s", (way) => {
  const id = promiseOf(way);

  test(`${id}, W1: a cancel stops the whole tree`, async () => {
    const seconds = uniqueSeconds();
    const command = { ...ways(seconds), ...escapes(seconds) }[way] ?? "";
    const stop = new AbortController();
    const execution = await startProcess(
      {
        argv: [
          "bash",
          "-c",
          `(${command}) & until [ $(pgrep -cf "^sleep ${seconds}") -gt 0 ]; do :; done; ${started(seconds)}`,
        ],
        cwd: tmpdir(),
      },
      stop.signal,
    );
    for await (const { bytes } of execution.output) {
      if (Buffer.from(bytes).includes("ready")) stop.abort();
    }
    expect(await execution.exit).toEqual({ type: "cancelled", survivors: [] });
    expect(countRunning(seconds)).toBe(0);
  });

  test(`${id}: nothing outlives the end of the program itself`, async () => {
    const seconds = uniqueSeconds();
    const command = { ...ways(seconds), ...escapes(seconds) }[way] ?? "";
    const { exit } = await runCommand(`(${command}) & sleep 0.1; exit 5`);
    expect(exit).toEqual({ type: "exited", code: 5, survivors: [] });
    expect(countRunning(seconds)).toBe(0);
  });
});

describe("P4: a background child that keeps the pipe open does not delay the result", () => {
  test.each(["sleep S & echo hi", "setsid sleep S & echo hi", "(sleep S &); echo hi"])(
    "%s",
    async (command) => {
      const seconds = uniqueSeconds();
      const { exit, stdout } = await runCommand(command.replace("S", seconds));
      expect(stdout).toBe("hi\n");
      expect(exit).toEqual({ type: "exited", code: 0, survivors: [] });
      expect(countRunning(seconds)).toBe(0);
    },
  );

  test("nor one that never stops writing", async () => {
    const { exit } = await runCommand("setsid bash -c 'while :; do echo noise; sleep 0.01; done' & exit 0");
    expect(exit).toEqual({ type: "exited", code: 0, survivors: [] });
  });
});

test("P6: the end that came first stays: a cancel after the exit changes nothing", async () => {
  const stop = new AbortController();
  const seconds = uniqueSeconds();
  const execution = await startProcess(
    { argv: ["bash", "-c", `sleep ${seconds} & exit 3`], cwd: tmpdir() },
    stop.signal,
  );
  const ended = execution.exit;
  for await (const _ of execution.output);
  stop.abort();
  expect(await ended).toEqual({ type: "exited", code: 3, survivors: [] });
});

test("a signal that has fired already starts nothing", async () => {
  const { exit, stdout } = await runCommand("echo started", {}, {}, AbortSignal.abort());
  expect(exit).toEqual({ type: "cancelled", survivors: [] });
  expect(stdout).toBe("");
});

test("a program that ended in time leaves no timer and no listener", async () => {
  const stop = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = stop.signal;
  stop.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners += 1;
    addEventListener.apply(stop.signal, args);
  };
  stop.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners -= 1;
    removeEventListener.apply(stop.signal, args);
  };
  await runCommand("true", { timeoutMs: 2 ** 40 }, {}, stop.signal);
  expect(listeners).toBe(0);
});
