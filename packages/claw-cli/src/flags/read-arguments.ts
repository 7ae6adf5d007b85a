import { parseArgs } from "node:util";
import { commandTable } from "./command-table.ts";
import { defined } from "./defined.ts";
import { notAValue } from "./not-a-value.ts";
import { type OptionSpec, optionTable } from "./option-table.ts";
import { UsageError } from "./usage-error.ts";
import type { Values } from "./values.ts";

/** The words of a command line, sorted. */
export interface Arguments {
  readonly values: Values;
  readonly positionals: string[];
  /** The first option that there is not, as it was written. */
  readonly unknown?: string;
}

/** Sorts the words of a command line into options, each checked by its line of the table, and the rest. */
export function readArguments(argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(optionTable.flatMap(parserOptions)),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  let unknown: string | undefined;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined || token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      positionals.push(token.value);
      continue;
    }
    const spec = isLongOfOneDash(argv[token.index]) ? undefined : specOf(token.name);
    if (spec === undefined) {
      unknown ??= isLongOfOneDash(argv[token.index]) ? argv[token.index] : token.rawName;
      continue;
    }
    const next = tokens[index + 1];
    let value = token.value;
    if (value === undefined && next?.kind === "positional" && isValueOf(spec, next.value, positionals)) {
      value = next.value;
      index++;
    }
    if (spec.value?.once === true && values.has(spec.name))
      throw new UsageError(`--${spec.name} is given twice.`);
    values.set(spec.name, [
      ...(values.get(spec.name) ?? []),
      checkedValue(spec, value, token.inlineValue === true),
    ]);
  }
  return { values, positionals, ...defined("unknown", unknown) };
}

type ParserOption = [string, { type: "string" | "boolean"; short?: string }];

/** An option whose value may be absent is a switch to the parser; a word right after it is its value. */
function parserOptions(spec: OptionSpec): ParserOption[] {
  const type = spec.value === undefined || spec.value.optional === true ? "boolean" : "string";
  const main: ParserOption = [spec.name, spec.short === undefined ? { type } : { type, short: spec.short }];
  return [main, ...(spec.aliases ?? []).map((alias): ParserOption => [alias, { type }])];
}

function specOf(name: string): OptionSpec | undefined {
  return optionTable.find((each) => each.name === name || each.aliases?.includes(name) === true);
}

/** `-query` would be `-q uery` to the letter, and nobody means that. */
function isLongOfOneDash(word = ""): boolean {
  return /^-\w[\w-]+$/.test(word) && specOf(word.slice(1)) !== undefined;
}

/** Whether a word behind an option that may stand alone is its value, or the command that comes after it. */
function isValueOf({ value }: OptionSpec, word: string, before: readonly string[]): boolean {
  if (value?.optional !== true) return false;
  if (value.choices === undefined || value.choices.includes(word) || before.length > 0) return true;
  return !commandTable().some(({ usage }) => usage.split(" ")[0] === word);
}

function checkedValue(spec: OptionSpec, value: string | undefined, inline: boolean): string {
  const flag = `--${spec.name}`;
  if (spec.value === undefined) {
    if (value !== undefined) throw new UsageError(`${flag} takes no value.`);
    return "";
  }
  if (value === undefined || (value === "--" && !inline)) {
    if (spec.value.optional === true) return "";
    throw new UsageError(
      `${flag} needs a value: ${flag} ${spec.value.choices?.join("|") ?? spec.value.label}.`,
    );
  }
  if (!inline && isOption(value)) {
    throw new UsageError(
      `${flag} needs a value, and ${value} is an option.`,
      `Write ${flag}=${value} if that is the value.`,
    );
  }
  if (value === "" && spec.value.mayBeEmpty !== true) {
    throw new UsageError(`The value of ${flag} is empty.`, "Leave the option out, or say what it is to be.");
  }
  const { choices, isOpen } = spec.value;
  if (choices === undefined || isOpen === true || choices.includes(value)) return value;
  const { message, hint } = notAValue(flag, value, choices);
  const isQuery = spec.name === "permission" && /\s/.test(value);
  throw new UsageError(message, isQuery ? `${hint} For a query: claw -q "\u2026".` : hint);
}

function isOption(word: string): boolean {
  if (!word.startsWith("-")) return false;
  const name = word.startsWith("--") ? word.replace(/^--|=.*$/gs, "") : undefined;
  return optionTable.some(
    ({ name: own, short, aliases = [] }) =>
      (short !== undefined && word === `-${short}`) ||
      (name !== undefined && (name === own || aliases.includes(name))),
  );
}
