import { nearest } from "@claw/agent-sdk";
import { answerAction, answerUsage } from "./answer-action.ts";
import type { Command } from "./command-line.ts";
import { defined } from "./defined.ts";
import type { Flags } from "./flags.ts";
import { notACommand } from "./not-a-command.ts";
import { commandTable } from "./option-table.ts";
import { pluginAction } from "./plugin-action.ts";
import { policyAction } from "./policy-action.ts";
import { rewindFlags, sessionsAction } from "./sessions-action.ts";
import { tasksAction } from "./tasks-action.ts";
import { trustAction } from "./trust-action.ts";
import { UsageError } from "./usage-error.ts";
import type { Values } from "./values.ts";

/** Which command the words that are no options name, if any. Throws a `UsageError`. */
export function commandOf(flags: Flags, values: Values, positionals: readonly string[]): Command {
  const [command, ...rest] = positionals;
  if (values.has("message") && command !== "answer") {
    throw new UsageError("--message goes with claw answer.", answerUsage);
  }
  if (rewindFlags(values).length > 0 && (command !== "sessions" || rest[0] !== "rewind")) {
    throw new UsageError("--to, --only, --dry-run and --force are for claw sessions rewind.");
  }
  if (command === undefined) return { type: "run", flags };
  if (values.has("query") || values.has("print")) {
    throw new UsageError(
      `"${command}" is one word too many.`,
      'Put the whole query in quotes, as in claw -q "two words".',
    );
  }
  if (command === "answer") return { type: "answer", action: answerAction(rest, values), flags };
  const alone = loneCommands.find((each) => each === command);
  if (alone !== undefined && rest.length === 0) return { type: alone, flags };
  if (command === "sessions") return { type: "sessions", action: sessionsAction(rest, values), flags };
  if (command === "tasks") return { type: "tasks", action: tasksAction(rest), flags };
  if (command === "policy") return { type: "policy", action: policyAction(rest, values), flags };
  if (command === "trust") return { type: "trust", action: trustAction(rest), flags };
  if (command === "instructions") return instructionsCommand(rest, flags);
  if (command === "plugin") return { type: "plugin", action: pluginAction(rest), flags };
  if (command === "hooks") return { type: "hooks", flags: listed(rest, flags) };
  const words = [
    "sessions",
    "tasks",
    "answer",
    "policy",
    "mcp",
    "trust",
    "instructions",
    "plugin",
    "hooks",
    ...loneCommands,
  ];
  const meant = nearest(command, words);
  throw new UsageError(
    alone !== undefined
      ? `${alone} takes no arguments.`
      : `unknown command "${command}".${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    `Valid commands: ${commandTable()
      .map((each) => each.usage)
      .join(", ")}. For a query: claw -q "…".`,
  );
}

/** Commands that are one word. */
const loneCommands = ["models", "conformance", "doctor"] as const;

function instructionsCommand([file, extra]: readonly string[], flags: Flags): Command {
  if (extra === undefined) return { type: "instructions", ...defined("file", file), flags };
  throw new UsageError("instructions takes one file at most.", "Valid: claw instructions [FILE].");
}

/** `claw hooks` and `claw hooks list` are the same. */
function listed(words: readonly string[], flags: Flags): Flags {
  if (words.length === 0 || words.join(" ") === "list") return flags;
  throw notACommand(["hooks", ...words], ["list"], "hooks list");
}
