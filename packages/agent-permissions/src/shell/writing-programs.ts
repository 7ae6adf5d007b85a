import { changesOperands } from "./changes-operands.ts";
import { programName } from "./command-layers.ts";
import { outputPaths } from "./output-paths.ts";
import type { ShellWord } from "./shell-script.ts";
import { walkers } from "./walks/walkers.ts";

/** A file that a program is told to work on, as far as its arguments show. */
export interface OperandPath {
  readonly path: string;
  /** `write` where the program is one that changes its operands. */
  readonly access: "read" | "write";
}

/**
 * The arguments of any program that may be paths: operands, values of flags, `@file`. It decides nothing by itself;
 * deny and ask rules on paths are held against it, and for programs that change files the protected names too.
 */
export function operandPaths(words: readonly ShellWord[]): readonly OperandPath[] {
  const name = programName(words[0]);
  if (name === undefined || takesText.has(name)) return [];
  const writes = changesOperands(words);
  const access = writes ? "write" : "read";
  const outputs = outputPaths(words).map((path): OperandPath => ({ path, access: "write" }));
  const places = name === "find" ? foundIn(words) : words.slice(1);
  const operands = places.flatMap(({ literal }, i) => {
    if (literal === undefined || (shells.has(name) && /\s/.test(literal))) return [];
    if (namePattern.test(literal) || isNamePattern(name, places[i - 1]?.literal)) return [];
    return spelledPaths(literal)
      .filter((path) => writes || /[./]/.test(path))
      .map((path) => ({ path, access }) as const);
  });
  return [...outputs, ...operands];
}

/** Where it starts, and the files that its actions and tests open: the rest of its words are names that it compares. */
function foundIn(words: readonly ShellWord[]): readonly ShellWord[] {
  const tests = words.findIndex(
    ({ literal }, i) => i > 0 && /^[-(!,]/.test(literal ?? "") && !/^-[HLP]$/.test(literal ?? ""),
  );
  if (tests < 0) return words.slice(1);
  const opened = words.filter((_, i) => i > tests && opening.test(words[i - 1]?.literal ?? ""));
  return [...words.slice(1, tests), ...opened];
}

const opening = /^-(fprint0?|fprintf|fls|files0-from)$/;

/** `--exclude=.env`: what a program leaves out, or lets through, by its name. */
const namePattern = /^--(exclude|exclude-dir|ignore|ignore-dir|include|glob|iglob)=/;

function isNamePattern(name: string, flag: string | undefined): boolean {
  return (
    walking.has(name) &&
    flag !== undefined &&
    /^--(exclude|exclude-dir|ignore|ignore-dir|include)$/.test(flag)
  );
}

const walking: ReadonlySet<string> = new Set(walkers.map(({ command }) => command));

/** Their arguments with blanks are scripts, which are read as such. */
const shells: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh"]);

const takesText: ReadonlySet<string> = new Set([
  "echo",
  "printf",
  "tr",
  "seq",
  "basename",
  "dirname",
  "test",
  "[",
]);

/** `path`, `--flag=path`, `if=path`, `@path`, `x@path`, `-fpath`, `-d@path`, `a=b,c=path`, `path:elsewhere`, `file:///path`. */
function spelledPaths(word: string): readonly string[] {
  if (word.length > 1000 || word.includes("\n")) return [];
  const local = /^file:\/\/(?:localhost)?(\/.*)$/i.exec(word)?.[1];
  if (local !== undefined) return [local];
  if (/^[a-z]+:\/\//i.test(word)) return [];
  if (/^-[A-Za-z]./.test(word) && !word.includes("=")) return attachedPaths(word);
  const value = word.replace(/^[-\w]*=/, "").replace(/^(?:[-\w]+=)?[@<]/, "");
  if (value === "" || value.startsWith("-")) return [];
  const settings = /\s/.test(value)
    ? []
    : value.split(",", mostPieces).map((piece) => piece.replace(/^[\w.-]+=/, ""));
  const mounted = /^(\.{0,2}\/[^:]+):/.exec(value)?.[1];
  const named = /^[\w.-]+@(.+)$/.exec(value)?.[1];
  const paths = new Set([value, ...settings, mounted, named]);
  return [...paths].filter((path) => path !== undefined).filter((path) => path !== "");
}

/** The value may come behind one letter, or behind more of a bundle: `-d@path`, `-rfpath`. */
function attachedPaths(word: string): readonly string[] {
  const letters = /^-([A-Za-z]{1,4})/.exec(word)?.[1]?.length ?? 0;
  const values = Array.from({ length: letters }, (_, i) => word.slice(i + 2).replace(/^[@=]/, ""));
  return /[./]/.test(word) ? values.filter((value) => value !== "") : [];
}

const mostPieces = 20;
