import type { CommandLine } from "./flags/parse-command-line.ts";
import { main } from "./main.ts";
import { processIo } from "./process-io.ts";

/**
 * Runs the program in this process and ends it, also when something is left that would keep it alive. A bug is one
 * line on stderr; `--verbose` shows where it is. `atEnd` is told what command it was and how it ended.
 */
export async function start(atEnd?: (command: CommandLine["type"], code: number) => void): Promise<void> {
  for (const name of ["uncaughtException", "unhandledRejection"]) process.on(name, crash);
  // A reader that went away (`claw … | head -1`) is not worth a message.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  let command: CommandLine["type"] = "usage-error";
  const code = await main(process.argv.slice(2), processIo(), (type) => {
    command = type;
  });
  await Promise.all([process.stdout, process.stderr].map(flushed));
  atEnd?.(command, code);
  process.exit(code);
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
