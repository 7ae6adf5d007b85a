import { FaultError, toFault } from "@claw/agent-sdk";
import type { Command } from "./flags/command-line.ts";
import { type CommandSpec, conversationCommand, queryCommand } from "./flags/command-table.ts";
import { refuseOptions } from "./flags/refuse-options.ts";
import { UsageError } from "./flags/usage-error.ts";
import type { Io } from "./io.ts";
import { faultText } from "./report-fault.ts";
import { usageExitCode } from "./usage-exit-code.ts";

/** Runs it. Resolves with the exit code; whatever goes wrong is one message on stderr. */
export async function runCommand(command: Command, io: Io): Promise<number> {
  try {
    return await run(command, io);
  } catch (thrown) {
    io.stderr.write(faultText(toFault(thrown, "internal")));
    if (command.flags.verbose && thrown instanceof Error) io.stderr.write(`${thrown.stack ?? ""}\n`);
    if (isAnsweredAsJson(command)) {
      const { writeFailedResult } = await import("./headless/write-failed-result.ts");
      writeFailedResult(toFault(thrown, "internal"), io);
    }
    return usageExitCode(toFault(thrown, "internal"));
  }
}

/** Whether its reader waits for a result object. A query that got as far as its start has written one. */
function isAnsweredAsJson(command: Command): boolean {
  if (command.flags.outputFormat === "text") return false;
  return command.type === "run" || (command.type === "answer" && command.action.verdict !== undefined);
}

async function run(command: Command, io: Io): Promise<number> {
  const { flags } = command;
  switch (command.type) {
    case "sessions": {
      const { runSessions } = await import("./commands/run-sessions.ts");
      return runSessions(command.action, flags, io);
    }
    case "tasks": {
      const { runTasks } = await import("./commands/run-tasks.ts");
      return runTasks(command.action, flags, io);
    }
    case "mcp": {
      const { runMcp } = await import("./commands/run-mcp.ts");
      return runMcp(command.action, flags, io);
    }
    case "answer": {
      const { runAnswer } = await import("./commands/run-answer.ts");
      return runAnswer(command.action, flags, io);
    }
    case "policy": {
      const { runPolicy } = await import("./commands/run-policy.ts");
      return runPolicy(command.action, flags, io);
    }
    case "trust": {
      const { runTrust } = await import("./commands/run-trust.ts");
      return runTrust(command.action, flags, io);
    }
    case "plugin": {
      const { runPlugin } = await import("./commands/run-plugin.ts");
      return runPlugin(command.action, flags, io);
    }
    case "hooks": {
      const { runHooks } = await import("./commands/run-hooks.ts");
      return runHooks(flags, io);
    }
    case "doctor": {
      const { runDoctor } = await import("./commands/run-doctor.ts");
      return runDoctor(flags, io);
    }
    case "instructions": {
      const { runInstructions } = await import("./commands/run-instructions.ts");
      return runInstructions(command.file, flags, io);
    }
    case "models": {
      const { runModels } = await import("./commands/run-models.ts");
      return runModels(flags, io);
    }
    case "conformance": {
      const { runConformance } = await import("./commands/run-conformance.ts");
      return runConformance(flags, io);
    }
    case "run":
      return converse(command, io);
  }
}

async function converse(
  { flags, given }: Extract<Command, { readonly type: "run" }>,
  io: Io,
): Promise<number> {
  const isQuery = flags.query !== undefined || flags.print || io.stdin.isTTY !== true;
  refuse(given, isQuery ? queryCommand : conversationCommand);
  if (!isQuery) {
    if (io.stdout.isTTY !== true) throw needsQuery("stdout is not a terminal");
    if (io.env["TERM"] === "dumb") throw needsQuery("This terminal cannot move its cursor (TERM is dumb)");
    const { runRepl } = await import("./repl/run-repl.ts");
    return runRepl(flags, io);
  }
  const { runQuery } = await import("./headless/run-query.ts");
  return runQuery(flags, io);
}

/** Options that have no effect on what it is, now that this is known. */
function refuse(given: readonly string[], spec: CommandSpec): void {
  try {
    refuseOptions(given, [spec]);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new FaultError({ code: "usage", message: thrown.message, hint: thrown.hint });
  }
}

function needsQuery(why: string): FaultError {
  return new FaultError({
    code: "usage",
    message: `${why}, so there can be no conversation.`,
    hint: 'Give a query: claw -q "…".',
  });
}
