import type { CommandPattern } from "../rules/command-pattern.ts";
import { anything, wildcardMatches, wildcardMayMatch } from "../rules/wildcard.ts";
import { type CommandLayer, programName } from "./command-layers.ts";
import { gitCommand } from "./git-command.ts";
import type { ShellWord } from "./shell-script.ts";

/** Whether a pattern of `Bash(...)` is about a call: surely, perhaps (some words are unknown), or not. */
export type PatternHit = "sure" | "perhaps" | "no";

/** All texts of a call that deny and ask rules are held against. */
export interface CommandSpellings {
  /** As written and cooked, by its full name and its last one, git's own flags gone. */
  readonly sure: readonly string[];
  /** The same with unknown words as `anything`, where there are any. */
  readonly perhaps: readonly string[];
}

export function spellings(layer: CommandLayer, raw?: string): CommandSpellings {
  const calls = [layer.words, ...respelled(layer.words)];
  const sure = [...(raw === undefined ? [] : [raw]), ...calls.map((words) => spaced(words, layer.open))];
  const loose = calls.map((words) => absorbed(words, layer.open));
  return { sure: [...new Set(sure)], perhaps: loose.filter((text) => text.includes(anything)) };
}

export function hits({ forms }: CommandPattern, { sure, perhaps }: CommandSpellings): PatternHit {
  if (forms.some((form) => sure.some((text) => wildcardMatches(form, text)))) return "sure";
  return forms.some((form) => perhaps.some((text) => wildcardMayMatch(form, text))) ? "perhaps" : "no";
}

/** The text of a call that allow rules are held against; none where its name is not known. */
export interface CoverableText {
  readonly text: string;
  readonly hasUnknown: boolean;
}

/** A blank within an argument is not one between arguments, and an unknown word fits nothing but a wildcard. */
export function coverableText(layer: CommandLayer): CoverableText | undefined {
  if (layer.words[0]?.literal === undefined) return undefined;
  const words = layer.words.map(({ literal }) => (literal === undefined ? anything : quotedBlanks(literal)));
  const hasUnknown = layer.open || words.includes(anything);
  return { text: [...words, ...(layer.open ? [anything] : [])].join(" "), hasUnknown };
}

/** Unknown words are covered only where a single `*` at the end of the pattern takes them. */
export function covers(pattern: CommandPattern, { text, hasUnknown }: CoverableText): boolean {
  if (hasUnknown && !pattern.openAtEnd) return false;
  return pattern.forms.some((form) => wildcardMatches(form, text));
}

/** Other ways to write the same call. */
function respelled(words: readonly ShellWord[]): readonly (readonly ShellWord[])[] {
  const head = words[0];
  const name = programName(head);
  if (name === undefined || head === undefined) return [];
  const others: (readonly ShellWord[])[] = [];
  const bare = [{ text: name, literal: name }, ...words.slice(1)];
  if (name !== head.literal) others.push(bare);
  if (name.toLowerCase() !== name || /\.exe$/i.test(name)) {
    const plain = name.toLowerCase().replace(/\.exe$/, "");
    others.push([{ text: plain, literal: plain }, ...words.slice(1)]);
  }
  if (name === "git") others.push(gitCommand(bare));
  if (words.some((word) => word.literal !== undefined && word.text.startsWith("~"))) {
    others.push(
      words.map((word) => (word.text.startsWith("~") ? { text: word.text, literal: word.text } : word)),
    );
  }
  return others;
}

/** Unknown words as one strange character each. */
function spaced(words: readonly ShellWord[], open: boolean): string {
  return [...words.map(({ literal }) => literal ?? anything), ...(open ? [anything] : [])].join(" ");
}

/** Unknown words swallow the blanks around them: they may become no argument, or several. */
function absorbed(words: readonly ShellWord[], open: boolean): string {
  let text = "";
  for (const [i, { literal }] of words.entries()) {
    if (literal === undefined) text += anything;
    else text += i > 0 && !text.endsWith(anything) ? ` ${literal}` : literal;
  }
  return open ? text + anything : text;
}

/** A character that no pattern contains. */
function quotedBlanks(literal: string): string {
  return literal.replace(/\s/g, "\u0001");
}
