import { type CommandSpec, commandTable, conversationCommand, queryCommand } from "./command-table.ts";
import { commandName, commandsNamed } from "./command-words.ts";
import { type OptionSpec, optionTable } from "./option-table.ts";
import { takes } from "./refuse-options.ts";

/** What `--help` prints, made from the tables that the parser reads. `words`: of a command; none: all there is. */
export function helpText(words: readonly string[]): string {
  return words.length === 0 ? wholeHelp() : commandHelp(commandsNamed(words));
}

function wholeHelp(): string {
  const running = [conversationCommand, queryCommand];
  const isRunning = (option: OptionSpec): boolean => running.some((spec) => takes(spec, option.name));
  return `claw: a coding agent for the terminal

Usage
${columns([
  ...running.map(({ usage, summary }): Row => [`claw ${usage}`, [summary]]),
  ['command | claw -q "…"', ["Answer one query about the input"]],
])}

Commands (claw help COMMAND says more)
${columns(commandTable().map(commandRow))}

Options of conversations and queries
${columns(optionTable.filter(isRunning).map((option) => optionRow(option, running)))}

Options of commands alone
${columns(optionTable.filter((option) => !isRunning(option)).map((option) => optionRow(option, [])))}

Exit codes
  0 completed, 1 the run failed, 2 wrong usage, 3 stopped by a limit,
  4 a permission was needed that nobody could give, 130 interrupted.
`;
}

/** `specs`: those that the words may mean, one of them at least. */
function commandHelp(specs: readonly CommandSpec[]): string {
  const options = optionTable.filter(({ name }) => specs.some((spec) => takes(spec, name)));
  return `Usage
${columns(specs.map(commandRow))}

Options
${columns(options.map((option) => optionRow(option, specs)))}
`;
}

type Row = readonly [string, readonly string[]];

function commandRow({ usage, summary }: CommandSpec): Row {
  return [`claw ${usage}`, [summary]];
}

/** Says whose it is where it is not an option of all of them. */
function optionRow(option: OptionSpec, specs: readonly CommandSpec[]): Row {
  const { name, value, summary } = option;
  const among = specs.length === 0 ? commandTable() : specs;
  const takers = among.filter((spec) => takes(spec, name));
  const lines = [summary];
  if (value?.choices !== undefined) lines.push(`One of ${value.choices.join(", ")}.`);
  if (value?.repeatable === true) lines.push("May be repeated.");
  if (takers.length < among.length) lines.push(`For ${takers.map(commandName).join(", ")}.`);
  return [heading(option), lines];
}

function heading({ name, short, value }: OptionSpec): string {
  const letter = short === undefined ? "    " : `-${short}, `;
  if (value === undefined) return `${letter}--${name}`;
  return `${letter}--${name} ${value.optional === true ? `[${value.label}]` : value.label}`;
}

function columns(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows
    .flatMap(([left, right]) =>
      right.map((line, index) => `  ${(index === 0 ? left : "").padEnd(width)}${line}`),
    )
    .join("\n");
}
