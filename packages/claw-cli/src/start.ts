import { setDefaultAutoSelectFamilyAttemptTimeout } from "node:net";
import { connectPatience } from "@claw/agent-sdk";
import type { CommandLine } from "./flags/command-line.ts";
import { main } from "./main.ts";
import { processIo } from "./process-io.ts";

/**
 * Runs the program in this process and ends it, also when something is left that would keep it alive. A bug is one
 * line on stderr; `--verbose` shows where it is. `atEnd` is told what command it was and how it ended.
 */
export async function start(atEnd?: (command: CommandLine["type"], code: number) => void): Promise<void> {
  for (const name of ["uncaughtException", "unhandledRejection"]) process.on(name, crash);
  // As connections to models have it, for whatever else this process reaches: a quarter of a second is too little.
  setDefaultAutoSelectFamilyAttemptTimeout(connectPatience.autoSelectFamilyAttemptTimeout);
  let lost: Error | undefined;
  process.stdout.on("error", (error) => {
    lost ??= error;
  });
  process.stderr.on("error", () => undefined);
  let command: CommandLine["type"] = "usage-error";
  const ended = await main(process.argv.slice(2), processIo(), (type) => {
    command = type;
  });
  await flushed(process.stdout);
  // A write that failed at once is told of in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  const unsaid = lost === undefined || isReaderGone(lost) ? undefined : lost.message;
  if (unsaid !== undefined) process.stderr.write(`claw: stdout cannot be written: ${unsaid}\n`);
  await flushed(process.stderr);
  const code = unsaid === undefined ? ended : 1;
  atEnd?.(command, code);
  process.exit(code);
}

/** `claw … | head -1` is not worth a message. */
function isReaderGone(error: Error): boolean {
  return "code" in error && error.code === "EPIPE";
}

function crash(thrown: unknown): never {
  const verbose = process.argv.includes("--verbose") && thrown instanceof Error;
  const text = verbose
    ? thrown.stack
    : `${thrown instanceof Error ? thrown.message : String(thrown)} (a bug; --verbose shows more)`;
  // A conversation may have been on: the cursor comes back, and pastes are plain again.
  const restored = process.stderr.isTTY ? "\u001b[?2004l\u001b[?25h\r\n" : "";
  process.stderr.write(`${restored}claw: ${text}\n`);
  process.exit(1);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("error", () => resolve());
    stream.once("close", () => resolve());
    stream.write("", () => resolve());
  });
}
