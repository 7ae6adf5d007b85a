import type { ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { reapStale } from "@claw/agent-tasks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countRunning, uniqueSeconds } from "./run-command.ts";
import { startHost } from "./run-host.ts";

let records: string;
let seconds: string;
beforeEach(async () => {
  records = join(await mkdtemp(join(tmpdir(), "claw-")), "jobs");
  seconds = uniqueSeconds();
});
afterEach(() => rm(dirname(records), { recursive: true, force: true }));

const command = (): string =>
  `sleep ${seconds} & setsid sleep ${seconds} & (setsid sleep ${seconds} >/dev/null 2>&1 &); trap '' TERM HUP INT;
   until [ $(pgrep -cf "^sleep ${seconds}") -ge 3 ]; do :; done; echo ready; while :; do wait; sleep ${seconds}; done`;

async function readyHost(): Promise<ChildProcess> {
  const host = await startHost("hold", { arguments: [command(), records] });
  await new Promise((resolve) => host.stdout?.once("data", resolve));
  return host;
}

function ended(host: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => host.once("exit", (code, signal) => resolve(signal ?? code)));
}

describe("P5: our own process is stopped", () => {
  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGINT", 130],
  ] as const)("%s: a host that exits at it takes all children along", async (signal, code) => {
    const host = await readyHost();
    const end = ended(host);
    host.kill(signal);
    expect(await end).toBe(code);
    await gone();
    expect(countRunning(seconds)).toBe(0);
  });

  test("SIGKILL: what is left running is stopped by the next start", async () => {
    const host = await readyHost();
    const end = ended(host);
    host.kill("SIGKILL");
    expect(await end).toBe("SIGKILL");
    expect(countRunning(seconds)).toBeGreaterThanOrEqual(3);
    expect(await reapStale({ folder: records })).toEqual({ jobs: 1, survivors: [] });
    expect(countRunning(seconds)).toBe(0);
    expect(await readdir(records)).toEqual([]);
  });

  test("SIGKILL, and the program itself ended since: its descendants are known by their marker", async () => {
    const host = await startHost("hold", {
      arguments: [`setsid sleep ${seconds} & echo ready; sleep 0.2; kill -9 $PPID; exit`, records],
    });
    await ended(host);
    expect(await reapStale({ folder: records })).toEqual({ jobs: 1, survivors: [] });
    expect(countRunning(seconds)).toBe(0);
  });
});

describe("P5: a note about a job", () => {
  test("is private, and is left alone while its owner lives", async () => {
    const host = await readyHost();
    const [name = ""] = await readdir(records);
    expect((await stat(records)).mode & 0o777).toBe(0o700);
    expect((await stat(join(records, name))).mode & 0o777).toBe(0o600);
    expect(await reapStale({ folder: records })).toEqual({ jobs: 0, survivors: [] });
    expect(countRunning(seconds)).toBeGreaterThanOrEqual(3);
    const end = ended(host);
    host.kill("SIGTERM");
    await end;
    await gone();
  });

  test("is used again by the next job, names nobody in between, and is gone when its owner ends", async () => {
    const host = await startHost("series", { arguments: ["3", records] });
    const seen = createInterface({ input: host.stdout ?? process.stdin });
    const notes: { readonly names: readonly string[]; readonly jobs: number }[] = [];
    for await (const line of seen) notes.push(JSON.parse(line));
    const [first] = notes;
    expect(first?.names).toHaveLength(1);
    expect(notes).toStrictEqual(Array.from({ length: 3 }, () => ({ names: first?.names, jobs: 0 })));
    expect(await readdir(records)).toEqual([]);
  });

  test("that names nobody is removed when its owner is gone, and counts as no job", async () => {
    const host = await startHost("series", { arguments: ["1", records, "wait"] });
    await new Promise((resolve) => host.stdout?.once("data", resolve));
    expect(await reapStale({ folder: records })).toEqual({ jobs: 0, survivors: [] });
    expect(await readdir(records)).toHaveLength(1);
    const end = ended(host);
    host.kill("SIGKILL");
    await end;
    expect(await reapStale({ folder: records })).toEqual({ jobs: 0, survivors: [] });
    expect(await readdir(records)).toEqual([]);
  });

  test("of another boot is removed, of another container or damaged it is left; nobody is harmed", async () => {
    const host = await readyHost();
    const [name = ""] = await readdir(records);
    const end = ended(host);
    host.kill("SIGKILL");
    await end;
    const note = JSON.parse(await readFile(join(records, name), "utf8"));
    const [boot = ""] = note.place.split(" ");
    await writeFile(join(records, name), JSON.stringify({ ...note, place: `${boot} pid:[1]` }));
    await writeFile(join(records, "other-boot.json"), JSON.stringify({ ...note, place: "other pid:[1]" }));
    await writeFile(join(records, "damaged.json"), '{"version":1,"job":');
    await writeFile(
      join(records, "wild.json"),
      JSON.stringify({ ...note, job: { ...note.job, marker: "" } }),
    );
    expect(await reapStale({ folder: records })).toEqual({ jobs: 0, survivors: [] });
    expect((await readdir(records)).sort()).toEqual([name, "damaged.json", "wild.json"].sort());
    expect(countRunning(seconds)).toBeGreaterThanOrEqual(3);
    await writeFile(join(records, name), JSON.stringify(note));
    expect(await reapStale({ folder: records })).toEqual({ jobs: 1, survivors: [] });
  });

  test("whose number was given to somebody else stops only what bears the marker", async () => {
    const bystander = await startHost("hold", { arguments: ["echo ready; sleep 600"] });
    await new Promise((resolve) => bystander.stdout?.once("data", resolve));
    const host = await readyHost();
    const [name = ""] = await readdir(records);
    const end = ended(host);
    host.kill("SIGKILL");
    await end;
    const path = join(records, name);
    const note = JSON.parse(await readFile(path, "utf8"));
    await writeFile(
      path,
      JSON.stringify({ ...note, job: { ...note.job, pid: bystander.pid, startedAt: 1 } }),
    );
    expect(await reapStale({ folder: records })).toEqual({ jobs: 1, survivors: [] });
    expect(countRunning(seconds)).toBe(0);
    expect(bystander.exitCode).toBe(null);
    const stopped = ended(bystander);
    bystander.kill("SIGTERM");
    expect(await stopped).toBe(143);
  });

  test("a folder that is not there is no trouble", async () => {
    expect(await reapStale({ folder: "/no/such/folder" })).toEqual({ jobs: 0, survivors: [] });
  });
});

/** SIGKILL was sent; the kernel may still be at work. */
async function gone(): Promise<void> {
  while (countRunning(seconds) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
