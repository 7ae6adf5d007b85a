import { FaultError, toFault } from "@claw/agent-sdk";
import type { CommandLine } from "./flags/parse-command-line.ts";
import type { Io } from "./io.ts";
import { faultText } from "./report-fault.ts";
import { usageExitCode } from "./usage-exit-code.ts";

/** A command line that asks for more than a text. */
export type Command = Extract<CommandLine, { readonly type: "run" | "sessions" | "doctor" }>;

/** Runs it. Resolves with the exit code; whatever goes wrong is one message on stderr. */
export async function runCommand(command: Command, io: Io): Promise<number> {
  try {
    return await run(command, io);
  } catch (thrown) {
    io.stderr.write(faultText(toFault(thrown, "internal")));
    if (command.flags.verbose && thrown instanceof Error) io.stderr.write(`${thrown.stack ?? ""}\n`);
    return usageExitCode(toFault(thrown, "internal"));
  }
}

async function run(command: Command, io: Io): Promise<number> {
  if (command.type === "sessions") {
    const { runSessions } = await import("./commands/run-sessions.ts");
    return runSessions(command.action, command.flags, io);
  }
  if (command.type === "doctor") {
    const { runDoctor } = await import("./commands/run-doctor.ts");
    return runDoctor(command.flags, io);
  }
  const { flags } = command;
  if (flags.query === undefined && !flags.print && io.stdin.isTTY === true) {
    if (io.stdout.isTTY !== true) throw needsQuery();
    const { runRepl } = await import("./repl/run-repl.ts");
    return runRepl(flags, io);
  }
  const { runQuery } = await import("./headless/run-query.ts");
  return runQuery(flags, io);
}

function needsQuery(): FaultError {
  return new FaultError({
    code: "usage",
    message: "stdout is not a terminal, so there can be no conversation.",
    hint: 'Give a query: claw -q "…".',
  });
}
