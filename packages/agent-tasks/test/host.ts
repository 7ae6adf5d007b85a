/**
 * A host process for tests of what happens to, or depends on, the whole process. Its first argument names the case;
 * it prints one line of JSON.
 */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { FaultError } from "@claw/agent-core";
import { createShellReserve, startProcess } from "@claw/agent-tasks";

const never = new AbortController().signal;
const [, , mode = "", argument = "", records = "", wait = ""] = process.argv;
const print = (value: unknown): void => {
  writeSync(1, `${JSON.stringify(value)}\n`);
};

async function failure(): Promise<string | undefined> {
  try {
    await (await startProcess({ argv: ["echo"], cwd: "/" }, never)).exit;
    return undefined;
  } catch (error) {
    return FaultError.isInstance(error) ? error.fault.message : String(error);
  }
}

async function emfile(): Promise<void> {
  const held: number[] = [];
  try {
    for (;;) held.push(openSync("/dev/null", "r"));
  } catch {
    // none left
  }
  const failed = await failure();
  for (const descriptor of held) closeSync(descriptor);
  const { exit } = await startProcess({ argv: ["echo"], cwd: "/" }, never);
  print({ failed, next: await exit });
}

async function eagain(): Promise<void> {
  execFileSync("prlimit", ["--nproc=1:1", "--pid", String(process.pid)]);
  print({ failed: await failure() });
}

/** Runs a command for ever; ends with the code of the signal, as a command line does. */
async function hold(): Promise<void> {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.on(signal, () => process.exit(code));
  }
  const options = {
    guardAfterMs: Number.POSITIVE_INFINITY,
    ...(records === "" ? {} : { recordsFolder: records }),
  };
  const execution = await startProcess({ argv: ["bash", "-c", argument], cwd: "/" }, never, options);
  for await (const { bytes } of execution.output) {
    if (Buffer.from(bytes).includes("ready")) print({ ready: true });
  }
}

/** Runs a command again and again, with the guard that is there by default. */
async function guarded(): Promise<void> {
  process.on("SIGTERM", () => process.exit(143));
  for (;;) {
    const execution = await startProcess({ argv: ["bash", "-c", argument], cwd: "/" }, never);
    for await (const { bytes } of execution.output) {
      if (Buffer.from(bytes).includes("ready")) print({ ready: true });
    }
    await execution.exit;
  }
}

/** Is killed in the moment after it has started a command that is to go on. */
async function killed(): Promise<void> {
  await startProcess({ argv: ["bash", "-c", argument], cwd: "/", label: "session/shell_1" }, never);
  process.kill(process.pid, "SIGKILL");
}

/** Runs a command that is over at once, and says whether a guard was started for it. */
async function short(): Promise<void> {
  const { exit } = await startProcess({ argv: ["true"], cwd: "/" }, never, { guardAfterMs: 60_000 });
  await exit;
  const children = execFileSync("ps", ["-o", "args=", "--ppid", String(process.pid)]).toString();
  print({ guard: children.includes("claw-guard") });
}

/** Reads all output of a command and says how much memory that took. */
async function flood(): Promise<void> {
  await (await startProcess({ argv: ["true"], cwd: "/" }, never)).exit;
  const before = process.resourceUsage().maxRSS;
  const execution = await startProcess({ argv: ["bash", "-c", argument], cwd: "/" }, never);
  let bytes = 0;
  for await (const piece of execution.output) bytes += piece.bytes.length;
  print({ bytes, grownKb: process.resourceUsage().maxRSS - before, exit: await execution.exit });
}

/** Runs commands one after the other and says after each what is noted; with `wait`, stays. */
async function series(): Promise<void> {
  for (let count = 0; count < Number(argument); count += 1) {
    const execution = await startProcess({ argv: ["true"], cwd: "/" }, never, { recordsFolder: records });
    await execution.exit;
    const names = readdirSync(records);
    const noted = names.map((name) => JSON.parse(readFileSync(`${records}/${name}`, "utf8")));
    print({ names, jobs: noted.filter(({ job }) => job !== undefined).length });
  }
  if (wait === "wait") setInterval(() => undefined, 1_000);
}

/** Has a shell wait for a command, and has nothing to do any more; with `stay`, stays. */
async function waiting(): Promise<void> {
  const shells = createShellReserve();
  const environment = { PATH: process.env["PATH"] ?? "" };
  const argv = ["bash", "--noprofile", "--norc", "-c", "true"] as const;
  const { exit } = await startProcess({ argv, cwd: "/" }, never, { environment, shells });
  await exit;
  const look = (): number =>
    execFileSync("ps", ["-o", "args=", "--ppid", String(process.pid)])
      .toString()
      .split("IFS= read").length - 1;
  while (look() === 0) await new Promise((resolve) => setImmediate(resolve));
  print({ waiting: look() });
  if (argument === "stay") setInterval(() => undefined, 1_000);
}

const modes: Readonly<Record<string, () => Promise<void>>> = {
  emfile,
  eagain,
  hold,
  flood,
  guarded,
  killed,
  short,
  series,
  waiting,
};
await modes[mode]?.();
