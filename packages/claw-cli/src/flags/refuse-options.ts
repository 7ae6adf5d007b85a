import { nearest } from "@claw/agent-sdk";
import {
  type CommandSpec,
  commandTable,
  conversationCommand,
  generalOptions,
  queryCommand,
} from "./command-table.ts";
import { commandName } from "./command-words.ts";
import { optionTable } from "./option-table.ts";
import { UsageError } from "./usage-error.ts";

/** Refuses options that would have no effect. `specs`: what the command line may mean. Throws a `UsageError`. */
export function refuseOptions(
  given: Iterable<string>,
  specs: readonly [CommandSpec, ...CommandSpec[]],
): void {
  for (const name of given) {
    if (specs.some((spec) => takes(spec, name))) continue;
    const [spec] = specs;
    throw new UsageError(
      `${commandName(spec)} does not take --${name}.`,
      `It is for ${takers(name)}. ${helpFor(spec)}`,
    );
  }
}

/** What to say to an option that there is not. `spec`: the command that it was given to, where that is known. */
export function unknownOption(rawName: string, spec: CommandSpec | undefined): UsageError {
  const all = optionTable.map(({ name }) => name);
  const own = spec === undefined ? all : all.filter((name) => takes(spec, name));
  const meant = meantOptions(rawName.replace(/^-+/, ""), own, all).map((each) => `--${each}`);
  const isServers = spec?.usage.startsWith("mcp add ") === true;
  const ofServer = isServers ? " What belongs to the server's command line stands after --." : "";
  return new UsageError(
    `unknown option ${rawName}.${meant.length === 0 ? "" : ` Did you mean ${meant.join(" or ")}?`}`,
    `Valid options: ${own.map((each) => `--${each}`).join(", ")}.${ofServer}`,
  );
}

/** A letter stands for what begins with it; it is near to every short word. */
function meantOptions(name: string, own: readonly string[], all: readonly string[]): readonly string[] {
  if (name.length === 1) return own.filter((each) => each.startsWith(name)).slice(0, 3);
  const meant = nearest(name, own) ?? nearest(name, all);
  return meant === undefined ? [] : [meant];
}

export function takes(spec: CommandSpec, name: string): boolean {
  return spec.takes.includes(name) || generalOptions.includes(name);
}

/** Names of so many commands are read; of more, their first words tell enough. */
const named = 6;

function takers(name: string): string {
  const specs = [conversationCommand, queryCommand, ...commandTable()].filter((spec) => takes(spec, name));
  const names = specs.map(commandName);
  if (names.length <= named) return names.join(", ");
  const first = names.map((each) => /^claw [a-z]+/.exec(each)?.[0] ?? each);
  const isMany = (word: string): boolean =>
    commandTable().filter((spec) => commandName(spec).startsWith(word)).length > 1;
  return [...new Set(first)].map((word) => (isMany(word) ? `${word} \u2026` : word)).join(", ");
}

function helpFor(spec: CommandSpec): string {
  const isRun = spec === conversationCommand || spec === queryCommand;
  return isRun ? "claw --help lists them all." : `${commandName(spec)} --help shows what it takes.`;
}
