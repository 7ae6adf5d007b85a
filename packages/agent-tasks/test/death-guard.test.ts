import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { countRunning, uniqueSeconds } from "./run-command.ts";
import { startHost } from "./run-host.ts";

/** Processes of the guard whose parent is the host. */
function guardsOf(host: ChildProcess): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (
        Number(parent) === host.pid && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("claw-guard")
      );
    } catch {
      return false;
    }
  });
}

function isRunning(pid: string): boolean {
  try {
    return !/\) [ZXx]/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

async function readyHost(command: string): Promise<{ readonly host: ChildProcess; readonly guard: string }> {
  const host = await startHost("guarded", { arguments: [command] });
  await new Promise((resolve) => host.stdout?.once("data", resolve));
  await expect.poll(() => guardsOf(host), { timeout: 20_000 }).toHaveLength(1);
  return { host, guard: guardsOf(host)[0] ?? "" };
}

const patience = { timeout: 20_000, interval: 50 };

describe("P5, rank 5: our process is killed with SIGKILL", () => {
  test("200 nested spawns with double fork, setsid and nohup: the guard leaves none, and goes", async () => {
    const seconds = uniqueSeconds();
    const { host, guard } = await readyHost(`
      for i in $(seq 50); do
        sleep ${seconds} &
        nohup sleep ${seconds} >/dev/null 2>&1 &
        setsid sleep ${seconds} >/dev/null 2>&1 &
        (setsid bash -c "(sleep ${seconds} &)" >/dev/null 2>&1 &)
      done
      until [ $(pgrep -cxf "sleep ${seconds}") -ge 200 ]; do sleep 0.1; done
      echo ready
      trap '' TERM HUP INT
      while :; do wait; sleep ${seconds}; done`);
    expect(countRunning(seconds)).toBeGreaterThanOrEqual(200);
    host.kill("SIGKILL");
    await expect.poll(() => countRunning(seconds), patience).toBe(0);
    await expect.poll(() => isRunning(guard), patience).toBe(false);
  });

  test("P3: what cleared its environment goes with the session or the parent that it has", async () => {
    const seconds = uniqueSeconds();
    const { host } = await readyHost(
      `env -i sleep ${seconds} & (env -i setsid sleep ${seconds} >/dev/null 2>&1; :) & echo ready; wait`,
    );
    await expect.poll(() => countRunning(`sleep\0${seconds}`), patience).toBe(2);
    host.kill("SIGKILL");
    await expect.poll(() => countRunning(seconds), patience).toBe(0);
  });
});

test("P5, rank 5: a background command is guarded from its first moment: killed right behind its start, nothing is left", async () => {
  const seconds = uniqueSeconds();
  const host = await startHost("killed", { arguments: [`setsid sleep ${seconds} & sleep ${seconds}`] });
  await new Promise((resolve) => host.once("close", resolve));
  expect(host.signalCode).toBe("SIGKILL");
  await expect.poll(() => countRunning(seconds), patience).toBe(0);
});

test("P5, rank 5: what becomes its program only after the kill is found, too", async () => {
  const seconds = uniqueSeconds();
  const first = uniqueSeconds();
  const { host } = await readyHost(`echo ready; sleep ${first}`);
  const token = markerOf(`sleep\0${first}`).slice(0, 16);
  // As between fork and exec: a session of its own, and nothing that tells whose it is.
  const late = spawn(
    "env",
    ["-i", "sh", "-c", `echo; read -r _; exec env CLAW_JOB=${token} sleep ${seconds}`],
    {
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  await new Promise((resolve) => late.stdout.once("data", resolve));
  host.kill("SIGKILL");
  await expect.poll(() => countRunning(`sleep\0${first}`), patience).toBe(0);
  late.stdin.end("\n");
  await new Promise((resolve) => late.once("exit", resolve));
  expect(late.signalCode).toBe("SIGKILL");
});

/** In the environment of the process with this command line. */
function markerOf(command: string): string {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(command)) continue;
      return /CLAW_JOB=([0-9a-f]+)/.exec(readFileSync(`/proc/${pid}/environ`, "utf8"))?.[1] ?? "";
    } catch {
      // It ended in this moment.
    }
  }
  return "";
}

test("P5: at an exit of our own the guard goes too", async () => {
  const seconds = uniqueSeconds();
  const { host, guard } = await readyHost(`echo ready; sleep ${seconds}`);
  host.kill("SIGTERM");
  await expect.poll(() => isRunning(guard), patience).toBe(false);
  await expect.poll(() => countRunning(seconds), patience).toBe(0);
});

test("a guard that somebody killed is replaced for the next command", async () => {
  const { host, guard } = await readyHost("echo ready; sleep 0.5");
  process.kill(Number(guard), "SIGKILL");
  await expect.poll(() => guardsOf(host).filter((pid) => pid !== guard), patience).toHaveLength(1);
});

test("a short command starts none", async () => {
  const host = await startHost("short");
  const said = await new Promise<string>((resolve) => {
    host.stdout?.once("data", (bytes: Buffer) => resolve(bytes.toString()));
  });
  expect(JSON.parse(said)).toEqual({ guard: false });
});
