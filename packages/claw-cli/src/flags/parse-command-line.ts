import type { Command, CommandLine } from "./command-line.ts";
import { commandOf, unknownCommand } from "./command-of.ts";
import { type CommandSpec, conversationCommand, queryCommand } from "./command-table.ts";
import { commandSpec, commandsNamed } from "./command-words.ts";
import { queryOf } from "./query-of.ts";
import { readArguments } from "./read-arguments.ts";
import { refuseOptions, unknownOption } from "./refuse-options.ts";
import { toFlags } from "./to-flags.ts";
import { UsageError } from "./usage-error.ts";
import type { Values } from "./values.ts";

/** Reads the arguments after the program's name. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  try {
    const { values, positionals, unknown } = readArguments(argv);
    if (unknown !== undefined) throw unknownOption(unknown, specOf(values, positionals));
    if (positionals[0] === "help" && !isQuery(values)) return helpCommand(values, positionals.slice(1));
    if (values.has("help")) return helpOn(isQuery(values) ? [] : positionals);
    if (values.has("version")) return { type: "version" };
    return commandIn(values, positionals);
  } catch (thrown) {
    if (thrown instanceof UsageError)
      return { type: "usage-error", message: thrown.message, hint: thrown.hint };
    throw thrown;
  }
}

function commandIn(values: Values, positionals: string[]): Command {
  const query = queryOf(values, positionals);
  const [first] = positionals;
  if (first === undefined) {
    // Without a query it depends on the terminal which of the two it is.
    refuseOptions(values.keys(), isQuery(values) ? [queryCommand] : [conversationCommand, queryCommand]);
    return { type: "run", flags: toFlags(values, query), given: [...values.keys()] };
  }
  if (isQuery(values)) {
    throw new UsageError(
      `"${first}" is one word too many.`,
      'Put the whole query in quotes, as in claw -q "two words".',
    );
  }
  const spec = commandSpec(positionals);
  if (spec !== undefined && !spec.usage.startsWith("mcp add")) refuseEmpty(positionals);
  if (spec !== undefined) refuseOptions(values.keys(), [spec]);
  return commandOf(toFlags(values, query), values, positionals);
}

/** In a script it is a variable that is not set, and would mean this folder, or anything. Servers may be given such words. */
function refuseEmpty(words: readonly string[]): void {
  if (!words.includes("")) return;
  throw new UsageError(`A word behind claw ${words[0]} is empty.`, "Leave it out, or say what is meant.");
}

function isQuery(values: Values): boolean {
  return values.has("query") || values.has("print");
}

/** The command that an option stands with, as far as that can be told. */
function specOf(values: Values, positionals: readonly string[]): CommandSpec | undefined {
  if (isQuery(values)) return queryCommand;
  return positionals.length === 0 ? undefined : commandSpec(positionals);
}

function helpCommand(values: Values, words: readonly string[]): CommandLine {
  const spec = commandSpec(["help"]);
  if (spec !== undefined) refuseOptions(values.keys(), [spec]);
  return helpOn(words);
}

/** Throws a `UsageError` for words that begin no command. */
function helpOn(words: readonly string[]): CommandLine {
  const [first] = words;
  if (first !== undefined && commandsNamed(words).length === 0) throw unknownCommand(first);
  return { type: "help", words };
}
