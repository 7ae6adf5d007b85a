import { programName } from "../command-layers.ts";
import { literalWord, type ShellWord } from "../shell-script.ts";
import { findWalk } from "./find-walk.ts";
import { fitsName } from "./fits-name.ts";
import { gitCommand } from "./git-command.ts";
import { tarWalk } from "./tar-walk.ts";
import type { TreeWalk } from "./tree-walk.ts";
import { type WalkerArguments, walkerArguments } from "./walker-arguments.ts";
import { listers, type Walker, walkers } from "./walkers.ts";

/** What a program call opens below folders, if it is one of those that are known to go through them. */
export function treeWalkOf(words: readonly ShellWord[]): TreeWalk | undefined {
  const name = programName(words[0]) ?? "";
  if (name === "find") return findWalk(words.slice(1), (run) => treeWalkOf(run) !== undefined);
  if (/^(bsd|g)?tar$/.test(name) || name === "jar") return tarWalk(words.slice(1));
  return walkIn(opening, name, words);
}

/** What lies below the folders whose files a program call prints the names of. */
export function namesWalkOf(words: readonly ShellWord[]): TreeWalk | undefined {
  const name = programName(words[0]) ?? "";
  if (name === "find") return findWalk(words.slice(1), () => false, true);
  if (name === "echo" || name === "printf") return printedNames(words);
  const isNames = words.some(({ literal }) =>
    /^(-[A-Za-z]*[lL]|-g$|--files|--name-only)/.test(literal ?? ""),
  );
  return walkIn(listing, name, words) ?? (isNames ? walkIn(opening, name, words) : undefined);
}

/** `echo *.pem`: the shell has looked for the names. */
function printedNames(words: readonly ShellWord[]): TreeWalk | undefined {
  const starts = words.filter(({ glob }) => glob !== undefined);
  if (starts.length === 0) return undefined;
  return { starts, skipsHidden: false, followsLinks: false, opens: "some", depth: 0, leavesOut: () => false };
}

type Forms = ReadonlyMap<string, readonly { readonly names: readonly string[]; readonly walker: Walker }[]>;

const opening = byProgram(walkers);
const listing = byProgram(listers);

function byProgram(table: readonly Walker[]): Forms {
  const forms = table.map((walker) => ({ names: names(walker.command), walker }));
  const programs = new Set(forms.map((form) => form.names[0] ?? ""));
  return new Map([...programs].map((name) => [name, forms.filter((form) => form.names[0] === name)]));
}

function walkIn(table: Forms, name: string, given: readonly ShellWord[]): TreeWalk | undefined {
  const forms = table.get(name);
  if (forms === undefined) return undefined;
  const words = gitCommand(given);
  const form = forms.find((one) => one.names.every((part, i) => i === 0 || words[i]?.literal === part));
  return form === undefined ? undefined : walkOf(form.walker, words.slice(form.names.length));
}

function walkOf(walker: Walker, all: readonly ShellWord[]): TreeWalk | undefined {
  const end = all.findIndex(({ literal }) => names(walker.ends).includes(literal ?? ""));
  const words = end < 0 ? all : all.slice(0, end + 1);
  const given = walkerArguments(words, new Set(names(walker.values)));
  const isRecursive = walker.recursive === undefined || has(given, walker.recursive);
  if (!isRecursive && walker.flat !== true) return undefined;
  const starts = startsOf(walker, given).filter((word) => walker.files !== true || isKnown(word));
  const isUnclear =
    walker.ignores === true || has(given, walker.unclear ?? "") || starts.some((word) => !isKnown(word));
  return {
    starts: starts.length === 0 && walker.here === true ? [literalWord(".")] : starts,
    skipsHidden: walker.hidden !== undefined && !has(given, walker.hidden),
    followsLinks: walker.follows === "always" || has(given, walker.follows ?? ""),
    opens: isTracked(walker, given) ? "tracked" : isUnclear ? "some" : "all",
    ...(isRecursive ? {} : { depth: 1 }),
    ...(walker.files === true ? { files: true } : {}),
    ...(walker.command.startsWith("git ") && starts.length > 0 ? { orHere: true } : {}),
    leavesOut: passedBy(walker, given),
  };
}

function isTracked({ command }: Walker, { flags }: WalkerArguments): boolean {
  if (!command.startsWith("git ") || command === "git status") return false;
  return !["--no-index", "--untracked", "-o", "--others"].some((flag) => flags.has(flag));
}

function startsOf({ patternFlags, targetFlags }: Walker, given: WalkerArguments): readonly ShellWord[] {
  const { operands } = given;
  if (patternFlags !== undefined) return has(given, patternFlags) ? operands : operands.slice(1);
  if (targetFlags !== undefined) return has(given, targetFlags) ? operands : operands.slice(0, -1);
  return operands;
}

/** A pattern that is not understood leaves nothing out. */
function passedBy(walker: Walker, given: WalkerArguments): TreeWalk["leavesOut"] {
  const { files, folders, both } = walker.leavesOut ?? {};
  if (has(given, walker.unclear ?? "")) return () => false;
  const outFiles = valuesOf(given, `${files ?? ""} ${both ?? ""}`);
  const outFolders = valuesOf(given, `${folders ?? ""} ${both ?? ""}`);
  const only = valuesOf(given, walker.only ?? "");
  const isOnly = (name: string): boolean => only.some((pattern) => fitsName(pattern, name) !== false);
  return (name, isFolder) => {
    const isOut = (isFolder ? outFolders : outFiles).some((pattern) => fitsName(pattern, name) === true);
    if (isFolder) return isOut;
    // What fits both depends on their order.
    return isOut ? !isOnly(name) : only.length > 0 && outFiles.length === 0 && !isOnly(name);
  };
}

function isKnown({ literal, glob }: ShellWord): boolean {
  return literal !== undefined || glob !== undefined;
}

/** Also by an abbreviation: `--recurs`. */
function has({ flags }: WalkerArguments, list: string): boolean {
  return names(list).some((name) => {
    const [flag = "", value] = name.split("=");
    return [...flags].some(
      ([one, values]) =>
        (one === flag || (one.length > 3 && flag.startsWith(one) && one.startsWith("--"))) &&
        (value === undefined || values.some((text) => value.startsWith(text))),
    );
  });
}

function valuesOf({ flags }: WalkerArguments, list: string): readonly string[] {
  return names(list).flatMap((name) => flags.get(name) ?? []);
}

function names(list = ""): readonly string[] {
  return list.split(" ").filter((name) => name !== "");
}
