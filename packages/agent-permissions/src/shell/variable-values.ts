import { anything } from "../rules/wildcard.ts";
import { forEachNode } from "./for-each-node.ts";
import { isOwnVariable } from "./safe-assignment.ts";
import { setsByPrinting } from "./sets-by-printing.ts";
import {
  type ListItem,
  literalWord,
  repositoryTop,
  type ShellLoop,
  type ShellScript,
  type ShellWord,
  type SimpleCommand,
} from "./shell-script.ts";

/** The values that a variable may have where a command runs: of a loop over words that are written, or one. */
export type VariableValues = ReadonlyMap<string, readonly ShellWord[]>;

/**
 * The variables of a script whose values can be told from its text: each is set in one place only, and no command in
 * it may set variables in a way that is not seen here.
 */
export function boundVariables({ body, faults, doubts }: ShellScript): ReadonlySet<string> {
  if (faults.length + doubts.length > 0) return new Set();
  const times = new Map<string, number>();
  const seen = { setter: false, setterAsValue: false, variableAsName: false };
  const set = (name: string, values: readonly (string | undefined)[]): void => {
    times.set(name, (times.get(name) ?? 0) + 1);
    seen.setterAsValue ||= values.some((value) => value !== undefined && settingCommands.has(value));
  };
  forEachNode(body, (node) => {
    if (node.type === "command") {
      for (const { name, value } of node.command.assignments) set(name, [value]);
      seen.setter ||= maySet(node.command.words);
      seen.variableAsName ||= node.command.words[0]?.pieces !== undefined;
    }
    if (node.type === "branches" && node.loop !== undefined) {
      set(
        node.loop.name,
        node.loop.values.map(({ literal }) => literal),
      );
    }
  });
  // With another IFS a value comes apart elsewhere.
  if (times.has("IFS") || seen.setter || (seen.setterAsValue && seen.variableAsName)) return new Set();
  const once = [...times].filter(([name, count]) => count === 1 && isOwnVariable({ name }));
  return new Set([...once.map(([name]) => name), ...(times.has("PWD") ? [] : ["PWD", repositoryTop])]);
}

function maySet([head, ...rest]: readonly ShellWord[]): boolean {
  if (head === undefined) return false;
  const name = head.literal;
  if (name === "printf") return setsByPrinting(rest);
  // What a variable alone may name is looked at where that variable is set.
  return name === undefined ? head.pieces?.length !== 1 : settingCommands.has(name);
}

/** Commands that may set a variable, or hide one that does. */
const settingCommands: ReadonlySet<string> = new Set(
  "read mapfile readarray getopts export declare typeset local readonly unset let eval source . trap command builtin wait exec".split(
    " ",
  ),
);

/** The values of a loop's variable; none where they cannot be told. */
export function loopValues({ values }: ShellLoop): readonly ShellWord[] {
  return values.every(({ literal, glob }) => literal !== undefined || glob !== undefined) ? values : [];
}

/** What an item of the outermost list sets for sure before anything after it runs. */
export function certainValues({
  node,
  background,
}: ListItem): readonly (readonly [string, readonly ShellWord[]])[] {
  if (background) return [];
  if (node.type === "list") return node.items[0] === undefined ? [] : certainValues(node.items[0]);
  if (node.type !== "command" || node.command.words.length > 0) return [];
  return node.command.assignments.flatMap(({ name, value }) =>
    value === undefined ? [] : [[name, [literalWord(value)]] as const],
  );
}

/** Whether some word of a command has the value of a variable in it. */
export function holdsVariables({ words, redirects }: SimpleCommand): boolean {
  return (
    words.some(({ pieces }) => pieces !== undefined) ||
    redirects.some(({ target }) => target.pieces !== undefined)
  );
}

/** The command with each value that its variables may have; as it is where they cannot be told, or are too many. */
export function withValues(command: SimpleCommand, values: VariableValues): readonly SimpleCommand[] {
  if (values.size === 0) return [command];
  const words = [...command.words, ...command.redirects.map(({ target }) => target)];
  const used = new Set(words.flatMap((word) => variablesOf(word).filter((name) => values.has(name))));
  let choices: readonly VariableValue[] = [new Map()];
  for (const name of used) {
    const known = values.get(name) ?? [];
    choices = choices.flatMap((choice) => known.map((value) => new Map([...choice, [name, value]])));
    if (choices.length > mostChoices) return [command];
  }
  if (used.size === 0) return [command];
  const filled = choices.map((choice) => chosen(command, choice));
  // A program that a variable names stays unknown for what is allowed, and is seen by what is forbidden.
  return command.words[0]?.literal === undefined ? [command, ...filled] : filled;
}

type VariableValue = ReadonlyMap<string, ShellWord>;

const mostChoices = 64;

function chosen(command: SimpleCommand, choice: VariableValue): SimpleCommand {
  return {
    ...command,
    words: command.words.map((word) => filledIn(word, choice)),
    redirects: command.redirects.map((redirect) => ({
      ...redirect,
      target: filledIn(redirect.target, choice),
    })),
    filledIn: true,
  };
}

function variablesOf({ pieces = [] }: ShellWord): readonly string[] {
  return pieces.flatMap((piece) => (typeof piece === "string" ? [] : [piece.variable]));
}

function filledIn(word: ShellWord, choice: VariableValue): ShellWord {
  const { text, pieces } = word;
  if (pieces === undefined || variablesOf(word).length === 0) return word;
  let filled = "";
  let isGlob = false;
  for (const piece of pieces) {
    if (typeof piece === "string") {
      filled += piece;
      isGlob ||= piece.includes(anything);
      continue;
    }
    const value = choice.get(piece.variable);
    const known = value?.literal ?? value?.glob;
    // Without quotes, blanks would make several arguments of it, and wildcards other names.
    const isOne = piece.quoted || (value?.literal !== undefined && /^[^\s*?[\]\\]+$/.test(value.literal));
    if (known === undefined || !isOne) return word;
    isGlob ||= value?.literal === undefined;
    filled += known;
  }
  return isGlob ? { text, glob: filled } : { text, literal: filled };
}
