import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { ExecExit, ExecRequest } from "@claw/agent-core";
import { type StartOptions, startProcess } from "@claw/agent-tasks";

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: ExecExit;
}

/** Runs one bash command to its end, as a tool does. */
export async function runCommand(
  command: string,
  request: Partial<ExecRequest> = {},
  options: StartOptions = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const execution = await startProcess(
    { argv: ["bash", "--noprofile", "--norc", "-c", command], cwd: tmpdir(), ...request },
    signal,
    options,
  );
  const texts = { stdout: "", stderr: "" };
  for await (const { stream, bytes } of execution.output) texts[stream] += Buffer.from(bytes).toString();
  return { ...texts, exit: await execution.exit };
}

/** A duration for `sleep` that no other process has: its processes are found by it. */
export function uniqueSeconds(): string {
  return `600.${randomInt(1e9, 9e9)}`;
}

/** How many processes (zombies left out) have the text in their command line. */
export function countRunning(text: string): number {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text)).length;
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
