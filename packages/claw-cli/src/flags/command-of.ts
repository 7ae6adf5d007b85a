import { nearest } from "@claw/agent-sdk";
import { answerAction } from "./answer-action.ts";
import type { Command } from "./command-line.ts";
import { commandTable } from "./command-table.ts";
import { defined } from "./defined.ts";
import type { Flags } from "./flags.ts";
import { mcpAction } from "./mcp-action.ts";
import { notACommand } from "./not-a-command.ts";
import { optionTable } from "./option-table.ts";
import { pluginAction } from "./plugin-action.ts";
import { policyAction } from "./policy-action.ts";
import { sessionsAction } from "./sessions-action.ts";
import { tasksAction } from "./tasks-action.ts";
import { trustAction } from "./trust-action.ts";
import { UsageError } from "./usage-error.ts";
import type { Values } from "./values.ts";

/** What the words that are no options ask for; there is at least one. Throws a `UsageError`. */
export function commandOf(flags: Flags, values: Values, words: readonly string[]): Command {
  const [command = "", ...rest] = words;
  switch (command) {
    case "answer":
      return { type: "answer", action: answerAction(rest, values), flags };
    case "sessions":
      return { type: "sessions", action: sessionsAction(rest, values), flags };
    case "tasks":
      return { type: "tasks", action: tasksAction(rest), flags };
    case "policy":
      return { type: "policy", action: policyAction(rest, values), flags };
    case "trust":
      return { type: "trust", action: trustAction(rest, values), flags };
    case "mcp":
      return { type: "mcp", action: mcpAction(rest, values), flags };
    case "instructions":
      return instructionsCommand(rest, flags);
    case "plugin":
      return { type: "plugin", action: pluginAction(rest), flags };
    case "hooks":
      return { type: "hooks", flags: listed(rest, flags) };
    case "models":
    case "conformance":
    case "doctor":
      if (rest.length > 0) throw new UsageError(`${command} takes no arguments.`);
      return { type: command, flags };
    default:
      throw unknownCommand(command);
  }
}

/** What to say to a first word that is no command. */
export function unknownCommand(word: string): UsageError {
  const commands = [...new Set(commandTable().map(({ usage }) => usage.split(" ")[0] ?? ""))];
  const meant = nearest(word, commands);
  const option = meant === undefined && optionTable.some(({ name }) => name === word) ? `--${word}` : meant;
  return new UsageError(
    `unknown command "${word}".${option === undefined ? "" : ` Did you mean ${option}?`}`,
    `Valid commands: ${commands.join(", ")}. For a query: claw -q "…".`,
  );
}

function instructionsCommand([file, extra]: readonly string[], flags: Flags): Command {
  if (extra === undefined) return { type: "instructions", ...defined("file", file), flags };
  throw new UsageError("instructions takes one file at most.", "Valid: claw instructions [FILE].");
}

/** `claw hooks` and `claw hooks list` are the same. */
function listed(words: readonly string[], flags: Flags): Flags {
  if (words.length === 0 || words.join(" ") === "list") return flags;
  throw notACommand(["hooks", ...words], ["list"], "hooks list");
}
