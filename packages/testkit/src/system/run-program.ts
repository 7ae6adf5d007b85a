import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

export interface ProgramRequest {
  /** The program, found on PATH when it has no slash, and its arguments. No shell is involved. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** The whole environment. Default: this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to its standard input, which is closed then. Default: nothing, closed at once. */
  readonly input?: string;
  /** Default 30 000. */
  readonly timeoutMs?: number;
  /** For each of its two outputs. Default 16 MiB. */
  readonly maxBytes?: number;
}

export interface ProgramResult {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end. Rejects when it cannot start, takes too long or says too much, having killed its process
 * group; the error shows what it said. Does not wait for children that keep its outputs open.
 */
export async function runProgram(request: ProgramRequest): Promise<ProgramResult> {
  const [file, ...args] = request.argv;
  const child = spawn(file, args, {
    cwd: request.cwd,
    env: request.env ?? process.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let trouble: string | undefined;
  const stop = (reason: string): void => {
    trouble ??= reason;
    killGroup(child);
  };
  const maxBytes = request.maxBytes ?? defaultMaxBytes;
  const stdout = collect(child.stdout, maxBytes, () => stop(`wrote more than ${maxBytes} bytes`));
  const stderr = collect(child.stderr, maxBytes, () => stop(`wrote more than ${maxBytes} bytes of errors`));
  child.stdin.on("error", () => {
    // It closed its input before it had read everything, which it may.
  });
  child.stdin.end(request.input);
  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
  const timer = setTimeout(() => stop(`did not end within ${timeoutMs} ms`), timeoutMs);
  try {
    const { code, signal } = await ended(child);
    const result = { code, signal, stdout: stdout(), stderr: stderr() };
    if (trouble === undefined) return result;
    throw new Error(`${request.argv.join(" ")} ${trouble}.\n${result.stdout}\n${result.stderr}`);
  } finally {
    clearTimeout(timer);
  }
}

const defaultTimeoutMs = 30_000;
const defaultMaxBytes = 16 * 1024 * 1024;
/** How long a pipe may stay open after the program's end before it is closed on whoever holds it. */
const drainMs = 200;

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

async function ended(child: ChildProcess): Promise<Ending> {
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ending = await new Promise<Ending>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const patience = new AbortController();
  await Promise.race([closed, sleep(drainMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  child.stdout?.destroy();
  child.stderr?.destroy();
  return ending;
}

/** Keeps what comes, up to the limit. The result reads it as UTF-8. */
function collect(stream: Readable, maxBytes: number, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else onTooMuch();
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group ended in this moment.
  }
}
