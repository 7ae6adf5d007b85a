import { anything } from "../rules/wildcard.ts";
import { forEachNode } from "./for-each-node.ts";
import { printed } from "./parse/likely-pieces.ts";
import type { LikelyPiece, ShellScript, ShellWord, SimpleCommand } from "./shell-script.ts";
import { literalWord } from "./shell-script.ts";

/** What variables may hold, from every place of a script that sets them. */
export type LikelyValues = ReadonlyMap<string, readonly string[]>;

/** Whoever asks for them only sometimes needs them. */
export function likelyValues({ body }: ShellScript): LikelyValues {
  const values = new Map<string, string[]>();
  const given: string[] = [];
  const readers: ShellWord[] = [];
  const set = (name: string, value: string | undefined): void => {
    const known = values.get(name) ?? [];
    if (value !== undefined && known.length < mostValues && !known.includes(value)) known.push(value);
    values.set(name, known);
  };
  forEachNode(body, (node) => {
    if (node.type === "branches" && node.loop !== undefined) {
      for (const { literal, glob } of node.loop.values) set(node.loop.name, literal ?? glob);
    }
    if (node.type !== "command") return;
    const { assignments, words, input } = node.command;
    for (const { name, value, likely = [] } of assignments)
      for (const text of [value, ...likely]) set(name, text);
    if (words.length === 0 && input !== undefined) given.push(...lines(input));
    const [head, ...rest] = words;
    if (declaring.has(head?.literal ?? "")) {
      for (const { literal } of rest) {
        const found = /^([A-Za-z_]\w*)\+?=(.*)$/s.exec(literal ?? "");
        if (found?.[1] !== undefined) set(found[1], found[2]);
      }
    }
    if (head?.literal === "read" && input === undefined) readers.push(...rest);
    if (head?.literal === "read")
      for (const { literal } of rest) if (literal !== undefined) set(literal, input);
    if (head?.literal === "printf" && rest[0]?.literal === "-v") {
      const texts = rest.slice(2).map(({ literal }) => literal ?? "");
      set(rest[1]?.literal ?? "", printed("printf", texts));
    }
    if (head?.literal === "set" && rest[0]?.literal === "--") {
      set(
        "@",
        rest
          .slice(1)
          .map(({ literal }) => literal ?? "")
          .join(" "),
      );
    }
  });
  // A loop that is given something hands it on to what reads in it.
  for (const { literal } of readers) for (const line of given) set(literal ?? "", line);
  return values;
}

function lines(text: string): readonly string[] {
  return text.split("\n", mostValues).filter((line) => line !== "");
}

const declaring: ReadonlySet<string> = new Set("export declare typeset local readonly let".split(" "));
const mostValues = 8;
const mostCommands = 32;
/** Of all commands that one may be: nobody writes a longer one by hand. */
const mostWords = 1000;

/** What a command with unknown words most likely is: for what is forbidden, never for what is allowed. */
export function likelyCommands(command: SimpleCommand, values: () => LikelyValues): readonly SimpleCommand[] {
  if (!command.words.some(isOpen)) return [];
  const most = Math.max(1, Math.min(mostCommands, Math.floor(mostWords / command.words.length)));
  let choices: readonly (readonly ShellWord[])[] = [[]];
  for (const word of command.words) {
    const found = isOpen(word) ? likelyTexts(word, values()) : [[word]];
    choices = choices.flatMap((choice) => found.map((words) => [...choice, ...words]));
    if (choices.length > most) choices = choices.slice(0, most);
  }
  return choices.filter((words) => words.length > 0).map((words) => ({ ...command, words, filledIn: true }));
}

/** What a command is given to read, also with the values that its variables most likely have. */
export function withLikelyInput(command: SimpleCommand, values: () => LikelyValues): SimpleCommand {
  const { input, readsVariables } = command;
  if (input === undefined || !readsVariables) return command;
  const filled = input.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (whole, braced: string | undefined, bare: string | undefined) =>
      values().get(braced ?? bare ?? "")?.[0] ?? whole,
  );
  return filled === input ? command : { ...command, input: `${input}\n${filled}` };
}

function isOpen({ literal, glob, likely }: ShellWord): boolean {
  return literal === undefined && glob === undefined && likely !== undefined;
}

/** Each list of arguments that a word may become. */
function likelyTexts(word: ShellWord, values: LikelyValues): readonly (readonly ShellWord[])[] {
  let texts: readonly Fragment[][] = [[]];
  for (const piece of word.likely ?? []) {
    const found = fragments(piece, values);
    texts = texts.flatMap((text) => found.map((fragment) => [...text, fragment]));
    if (texts.length > mostValues) texts = texts.slice(0, mostValues);
  }
  return texts.map((fragmentsOfWord) => splitWords(fragmentsOfWord));
}

interface Fragment {
  readonly text: string;
  readonly quoted: boolean;
}

function fragments(piece: LikelyPiece, values: LikelyValues): readonly Fragment[] {
  if ("text" in piece) return [piece];
  const { variable, quoted, operand } = piece;
  const known = [...(values.get(variable) ?? []), ...(operand === undefined ? [] : [operand])];
  // A list stays a list between quotes.
  const isQuoted = quoted && variable !== "@";
  return (known.length === 0 ? [""] : known).map((text) => ({ text, quoted: isQuoted }));
}

/** Blanks that no quote protects end an argument. */
function splitWords(all: readonly Fragment[]): readonly ShellWord[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const { text, quoted } of all) {
    if (quoted) {
      word = (word ?? "") + text;
      continue;
    }
    for (const [i, piece] of text.split(/[ \t\n]+/).entries()) {
      if (i > 0 && word !== undefined) words.push(word);
      if (i > 0) word = undefined;
      if (piece !== "") word = (word ?? "") + piece;
    }
  }
  if (word !== undefined) words.push(word);
  return words.map((text) => (text.includes(anything) ? { text, glob: text } : literalWord(text)));
}
