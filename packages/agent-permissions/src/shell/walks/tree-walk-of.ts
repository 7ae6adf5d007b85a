import { programName } from "../command-layers.ts";
import { gitCommand } from "../git-command.ts";
import { literalWord, type ShellWord } from "../shell-script.ts";
import { findWalk } from "./find-walk.ts";
import { fitsName } from "./fits-name.ts";
import { type GitPathspecs, gitPathspecs } from "./git-pathspecs.ts";
import { tarWalk } from "./tar-walk.ts";
import type { TreeWalk } from "./tree-walk.ts";
import { type WalkerArguments, walkerArguments } from "./walker-arguments.ts";
import { listers, type Walker, walkers } from "./walkers.ts";

/** What a program call opens below folders, if it is one of those that are known to go through them. */
export function treeWalksOf(words: readonly ShellWord[]): readonly TreeWalk[] {
  const name = programName(words[0]) ?? "";
  if (name === "find") return listOf(findWalk(words.slice(1), goesDeeper));
  if (/^(bsd|g)?tar$/.test(name) || name === "jar") return listOf(tarWalk(words.slice(1)));
  return walksIn(opening, name, words, true);
}

/** Removing the folders of a name is about these alone. */
function goesDeeper(words: readonly ShellWord[]): boolean {
  return treeWalksOf(words).some(({ changes }) => changes !== "folders");
}

function listOf(walk: TreeWalk | undefined): readonly TreeWalk[] {
  return walk === undefined ? [] : [walk];
}

/** What lies below the folders whose files a program call prints the names of. */
export function namesWalksOf(words: readonly ShellWord[]): readonly TreeWalk[] {
  const name = programName(words[0]) ?? "";
  if (name === "find") return listOf(findWalk(words.slice(1), () => false, true));
  if (name === "echo" || name === "printf") return printedNames(words);
  const isNames = words.some(({ literal }) =>
    /^(-[A-Za-z]*[lL]|-g$|--files|--name-only)/.test(literal ?? ""),
  );
  const listed = walksIn(listing, name, words);
  return listed.length === 0 && isNames ? walksIn(opening, name, words) : listed;
}

/** `echo *.pem`: the shell has looked for the names. */
function printedNames(words: readonly ShellWord[]): readonly TreeWalk[] {
  const starts = words.filter(({ glob }) => glob !== undefined);
  if (starts.length === 0) return [];
  return [
    { starts, skipsHidden: false, followsLinks: false, opens: "some", depth: 0, leavesOut: () => false },
  ];
}

interface Form {
  readonly names: readonly string[];
  readonly walker: Walker;
  readonly valueFlags: ReadonlySet<string>;
}

type Forms = ReadonlyMap<string, readonly Form[]>;

/** The lists of the table, taken apart once. */
const split = new Map<string, readonly string[]>();

const opening = byProgram(walkers);
const listing = byProgram(listers);

function byProgram(table: readonly Walker[]): Forms {
  const forms = table.map(
    (walker): Form => ({
      names: names(walker.command),
      walker,
      valueFlags: new Set(names(walker.values)),
    }),
  );
  const programs = new Set(forms.map((form) => form.names[0] ?? ""));
  return new Map([...programs].map((name) => [name, forms.filter((form) => form.names[0] === name)]));
}

function walksIn(
  table: Forms,
  name: string,
  given: readonly ShellWord[],
  isOpening = false,
): readonly TreeWalk[] {
  const forms = table.get(name);
  if (forms === undefined) return [];
  const words = gitCommand(given);
  const form = forms.find((one) => one.names.every((part, i) => i === 0 || words[i]?.literal === part));
  return form === undefined ? [] : walksOf(form, words.slice(form.names.length), isOpening);
}

function walksOf(
  { walker, valueFlags }: Form,
  all: readonly ShellWord[],
  isOpening: boolean,
): readonly TreeWalk[] {
  const end = all.findIndex(({ literal }) => names(walker.ends).includes(literal ?? ""));
  const words = end < 0 ? all : all.slice(0, end + 1);
  const given = walkerArguments(words, valueFlags);
  const isRecursive = walker.recursive === undefined || has(given, walker.recursive);
  if (!isRecursive && walker.flat !== true) return [];
  if (isOpening && has(given, walker.namesOnly ?? "")) return [];
  const starts = startsOf(walker, given).filter((word) => walker.files !== true || isKnown(word));
  const isUnclear =
    walker.ignores === true ||
    has(given, walker.unclear ?? "") ||
    starts.some((word) => !isKnown(word)) ||
    (valuesOf(given, walker.only ?? "").length > 0 && all.some(mayBeFlag));
  const walk: TreeWalk = {
    starts: starts.length === 0 && walker.here === true ? [literalWord(".")] : starts,
    skipsHidden: walker.hidden !== undefined && !has(given, walker.hidden),
    followsLinks: walker.follows === "always" || has(given, walker.follows ?? ""),
    opens: isTracked(walker, given) ? "tracked" : isUnclear ? "some" : "all",
    ...(isRecursive ? {} : { depth: 1 }),
    ...(walker.files === true ? { files: true } : {}),
    ...(walker.changes === undefined ? {} : { changes: walker.changes }),
    leavesOut: passedBy(walker, given, all),
  };
  return isGit(walker) && starts.length > 0 ? gitWalks(walk, gitPathspecs(starts, given)) : [walk];
}

/** What git is told to look at may be files, patterns that it holds against names, and revisions. */
function gitWalks(walk: TreeWalk, { named, patterns, isAnywhere }: GitPathspecs): readonly TreeWalk[] {
  const anywhere: readonly TreeWalk[] = isAnywhere ? [{ ...walk, starts: [], fromTop: true }] : [];
  const ofNames: TreeWalk = { ...walk, starts: named };
  if (patterns.length > 0) {
    return [...anywhere, patternWalk(walk, patterns), ...(named.length > 0 ? [ofNames] : [])];
  }
  // A command that changes files goes to another revision by a name that is no file's.
  return [...anywhere, walk.changes === undefined ? { ...ofNames, orHere: true } : ofNames];
}

/** What git finds by itself below the folder that each pattern begins with. */
function patternWalk(walk: TreeWalk, patterns: GitPathspecs["patterns"]): TreeWalk {
  const endings = patterns.map(({ ending }) => ending);
  const isNone = (name: string): boolean => !endings.some((ending) => name.toLowerCase().endsWith(ending));
  return {
    ...walk,
    starts: patterns.map(({ folder }) => folder),
    leavesOut: (name, isFolder) => !isFolder && isNone(name),
  };
}

function isGit({ command }: Walker): boolean {
  return command.startsWith("git ");
}

function isTracked(walker: Walker, { flags }: WalkerArguments): boolean {
  if (!isGit(walker) || walker.command === "git status") return false;
  return !["--no-index", "--untracked", "-o", "--others"].some((flag) => flags.has(flag));
}

function startsOf({ patternFlags, targetFlags }: Walker, given: WalkerArguments): readonly ShellWord[] {
  // No folder is among numbers, and none is the output of a command that `<(...)` gives to read.
  const operands = given.operands.filter(({ stream, number }) => stream !== true && number !== true);
  if (patternFlags !== undefined) return has(given, patternFlags) ? operands : operands.slice(1);
  if (targetFlags !== undefined) return has(given, targetFlags) ? operands : operands.slice(0, -1);
  return operands;
}

/** A pattern that is not understood leaves nothing out. */
function passedBy(
  walker: Walker,
  given: WalkerArguments,
  words: readonly ShellWord[],
): TreeWalk["leavesOut"] {
  const { files, folders, both } = walker.leavesOut ?? {};
  if (has(given, walker.unclear ?? "")) return () => false;
  const outOfBoth = valuesOf(given, both);
  const outFiles = [...valuesOf(given, files), ...outOfBoth];
  const outFolders = [...valuesOf(given, folders), ...outOfBoth];
  const named = valuesOf(given, walker.only ?? "");
  // `!x` lets nothing through.
  const only = words.some(mayBeFlag) ? [] : named.filter((pattern) => !pattern.startsWith("!"));
  const isOnly = (name: string): boolean => only.some((pattern) => fitsName(pattern, name) !== false);
  return (name, isFolder) => {
    const isOut = (isFolder ? outFolders : outFiles).some((pattern) => fitsName(pattern, name) === true);
    if (isFolder) return isOut;
    // What fits both depends on their order.
    return isOut ? !isOnly(name) : only.length > 0 && outFiles.length === 0 && !isOnly(name);
  };
}

/** A word that is not known may be one more flag. */
function mayBeFlag(word: ShellWord): boolean {
  return !isKnown(word) && word.stream !== true && word.number !== true;
}

function isKnown({ literal, glob }: ShellWord): boolean {
  return literal !== undefined || glob !== undefined;
}

/** Also by an abbreviation, `--recurs`, that is no flag of its own. */
function has({ flags, valueFlags }: WalkerArguments, list: string): boolean {
  return names(list).some((name) => {
    const [flag = "", value] = name.split("=");
    return [...flags].some(
      ([one, values]) =>
        (one === flag ||
          (one.length > 3 && flag.startsWith(one) && one.startsWith("--") && !valueFlags.has(one))) &&
        (value === undefined || values.some((text) => value.startsWith(text))),
    );
  });
}

function valuesOf({ flags }: WalkerArguments, list: string | undefined): readonly string[] {
  return names(list).flatMap((name) => flags.get(name) ?? []);
}

/** The names in a list of the table. */
function names(list = ""): readonly string[] {
  const known = split.get(list) ?? list.split(" ").filter((name) => name !== "");
  split.set(list, known);
  return known;
}
