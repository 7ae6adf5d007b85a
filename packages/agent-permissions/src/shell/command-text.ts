import { anything, wildcardMatches, wildcardMayMatch } from "../rules/wildcard.ts";
import { type CommandLayer, programName } from "./command-layers.ts";
import type { ShellWord } from "./shell-script.ts";

/** Whether a pattern of `Bash(...)` is about a call: surely, perhaps (some words are unknown), or not. */
export type PatternHit = "sure" | "perhaps" | "no";

/** For deny and ask: the call counts as written and cooked, by its full name and its last one, git's own flags gone. */
export function hits(pattern: string, layer: CommandLayer, raw?: string): PatternHit {
  const forms = patternForms(pattern);
  const spellings = [layer.words, ...respelled(layer.words)];
  const texts = [...(raw === undefined ? [] : [raw]), ...spellings.map((words) => spaced(words, layer.open))];
  if (forms.some((form) => texts.some((text) => wildcardMatches(form, text)))) return "sure";
  const loose = spellings.map((words) => absorbed(words, layer.open));
  return forms.some((form) => loose.some((text) => text.includes(anything) && wildcardMayMatch(form, text)))
    ? "perhaps"
    : "no";
}

/**
 * For allow: the call must fit with every word known, or with unknown words only where a single `*` at the end of
 * the pattern takes them. A blank within an argument never counts as one between arguments.
 */
export function covers(pattern: string, layer: CommandLayer): boolean {
  const unknown = layer.open || layer.words.some(({ literal }) => literal === undefined);
  if (layer.words[0]?.literal === undefined) return false;
  const forms = patternForms(pattern);
  if (unknown && !forms.every((form) => !form.includes("*") || form.indexOf("*") === form.length - 1))
    return false;
  const text = layer.words
    .map(({ literal }) => (literal === undefined ? anything : quotedBlanks(literal)))
    .concat(layer.open ? [anything] : [])
    .join(" ");
  return forms.some((form) => wildcardMatches(form, text));
}

/** The pattern without a wildcard, where it has none: only then it can name a text exactly. */
export function exactText(pattern: string): string | undefined {
  return pattern.includes("*") ? undefined : pattern.trim();
}

/** ` *` at the end, also written `:*`, matches nothing as well, and only at the end of a word. */
function patternForms(pattern: string): readonly string[] {
  const trimmed = pattern.trim();
  const form = trimmed.endsWith(":*") ? `${trimmed.slice(0, -2)} *` : trimmed;
  return form.endsWith(" *") ? [form, form.slice(0, -2)] : [form];
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
  if (name === "git") others.push(withoutGlobalFlags(bare));
  if (words.some((word) => word.literal !== undefined && word.text.startsWith("~"))) {
    others.push(
      words.map((word) => (word.text.startsWith("~") ? { text: word.text, literal: word.text } : word)),
    );
  }
  return others;
}

function withoutGlobalFlags(words: readonly ShellWord[]): readonly ShellWord[] {
  let at = 1;
  while (words[at]?.literal?.startsWith("-") === true) {
    at += /^(-C|-c|--git-dir|--work-tree|--namespace|--exec-path|--config-env|--super-prefix)$/.test(
      words[at]?.literal ?? "",
    )
      ? 2
      : 1;
  }
  return [...words.slice(0, 1), ...words.slice(at)];
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
