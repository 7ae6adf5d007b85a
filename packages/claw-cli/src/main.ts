import type { CommandLine } from "./flags/command-line.ts";
import { parseCommandLine } from "./flags/parse-command-line.ts";
import type { Io } from "./io.ts";
import { version } from "./version.ts";

/**
 * The whole program: `argv` are the arguments after its name, and `onCommand` is told what they ask for. Resolves with
 * the exit code; never rejects. What is not needed for `--version` and `--help` is loaded later.
 */
export async function main(
  argv: readonly string[],
  io: Io,
  onCommand?: (type: CommandLine["type"]) => void,
): Promise<number> {
  const line = parseCommandLine(argv);
  onCommand?.(line.type);
  switch (line.type) {
    case "help": {
      const { helpText } = await import("./flags/help-text.ts");
      io.stdout.write(helpText(line.words));
      return 0;
    }
    case "version":
      io.stdout.write(`claw ${version}\n`);
      return 0;
    case "usage-error":
      io.stderr.write(`claw: ${line.message}\n      ${line.hint}\n`);
      if (await isAnsweredAsJson(argv)) await writeUsageResult(line, io);
      return 2;
    case "run":
    case "sessions":
    case "tasks":
    case "answer":
    case "policy":
    case "trust":
    case "plugin":
    case "hooks":
    case "mcp":
    case "instructions":
    case "models":
    case "conformance":
    case "doctor": {
      const { runCommand } = await import("./run-command.ts");
      return runCommand(line, io);
    }
  }
}

async function isAnsweredAsJson(argv: readonly string[]): Promise<boolean> {
  const { wantsResult } = await import("./flags/wants-result.ts");
  return wantsResult(argv);
}

async function writeUsageResult(
  { message, hint }: { readonly message: string; readonly hint: string },
  io: Io,
): Promise<void> {
  const { writeFailedResult } = await import("./headless/write-failed-result.ts");
  writeFailedResult({ code: "usage", message, hint }, io);
}
