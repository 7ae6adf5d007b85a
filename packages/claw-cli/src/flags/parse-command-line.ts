import type { CommandLine } from "./command-line.ts";
import { commandOf } from "./command-of.ts";
import { parseMcpAction } from "./mcp-action.ts";
import { readArguments } from "./read-arguments.ts";
import { toFlags } from "./to-flags.ts";
import { UsageError } from "./usage-error.ts";

/** Reads the arguments after the program's name. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  try {
    if (argv[0] === "mcp" && !argv.includes("--help") && !argv.includes("-h"))
      return mcpCommand(argv.slice(1));
    const { values, positionals } = readArguments(argv);
    if (values.has("help")) return { type: "help" };
    if (values.has("version")) return { type: "version" };
    return commandOf(toFlags(values, positionals), values, positionals);
  } catch (thrown) {
    if (thrown instanceof UsageError)
      return { type: "usage-error", message: thrown.message, hint: thrown.hint };
    throw thrown;
  }
}

/** Its words may be those of a server's command line, so they are taken out before the rest is read. */
function mcpCommand(argv: readonly string[]): CommandLine {
  const { action, others } = parseMcpAction(argv);
  const { values, positionals } = readArguments(others);
  return { type: "mcp", action, flags: toFlags(values, positionals) };
}
