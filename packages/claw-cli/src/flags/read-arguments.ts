import { parseArgs } from "node:util";
import { nearest } from "@claw/agent-sdk";
import { notAValue } from "./not-a-value.ts";
import { type OptionSpec, optionTable } from "./option-table.ts";
import { UsageError } from "./usage-error.ts";
import type { Values } from "./values.ts";

/** Sorts the words of a command line into options, each checked by its line of the table, and the rest. */
export function readArguments(argv: readonly string[]): { values: Values; positionals: string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(optionTable.flatMap(parserOptions)),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined || token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      positionals.push(token.value);
      continue;
    }
    const spec = specOf(token.name, token.rawName);
    const next = tokens[index + 1];
    let value = token.value;
    if (value === undefined && spec.value?.optional === true && next?.kind === "positional") {
      value = next.value;
      index++;
    }
    values.set(spec.name, [
      ...(values.get(spec.name) ?? []),
      checkedValue(spec, value, token.inlineValue === true),
    ]);
  }
  return { values, positionals };
}

type ParserOption = [string, { type: "string" | "boolean"; short?: string }];

/** An option whose value may be absent is a switch to the parser; a word right after it is its value. */
function parserOptions(spec: OptionSpec): ParserOption[] {
  const type = spec.value === undefined || spec.value.optional === true ? "boolean" : "string";
  const main: ParserOption = [spec.name, spec.short === undefined ? { type } : { type, short: spec.short }];
  return [main, ...(spec.aliases ?? []).map((alias): ParserOption => [alias, { type }])];
}

function specOf(name: string, rawName: string): OptionSpec {
  const spec = optionTable.find((each) => each.name === name || each.aliases?.includes(name) === true);
  if (spec !== undefined) return spec;
  const meant = nearest(
    name,
    optionTable.map((each) => each.name),
  );
  throw new UsageError(
    `unknown option ${rawName}.${meant === undefined ? "" : ` Did you mean --${meant}?`}`,
    `Valid options: ${optionTable.map((each) => `--${each.name}`).join(", ")}.`,
  );
}

function checkedValue(spec: OptionSpec, value: string | undefined, inline: boolean): string {
  const flag = `--${spec.name}`;
  if (spec.value === undefined) {
    if (value !== undefined) throw new UsageError(`${flag} takes no value.`);
    return "";
  }
  if (value === undefined) {
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
  const { choices, isOpen } = spec.value;
  if (choices === undefined || isOpen === true || choices.includes(value)) return value;
  throw notAValue(flag, value, choices);
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
