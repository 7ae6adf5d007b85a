import { anything } from "../rules/wildcard.ts";
import { programName } from "./command-layers.ts";
import { gitCommand } from "./git-command.ts";
import { literalWord, type ShellWord } from "./shell-script.ts";
import { type WalkerArguments, walkerArguments } from "./walks/walker-arguments.ts";

/** The files and folders that a program writes to because a flag, or its subcommand, says so: `curl -o x`, `git rm x`. */
export function outputPaths(words: readonly ShellWord[]): readonly string[] {
  const name = programName(words[0]) ?? "";
  const rest = words.slice(1);
  if (name === "git") return gitOutputs(gitCommand(words).slice(1));
  if (editors.has(name) || (inPlace.test(name) && rest.some(isInPlace))) return literals(rest);
  if (/^(bsd|g)?tar$/.test(name)) return tarOutputs(rest);
  if (name === "openssl")
    return rest.flatMap((word, i) =>
      /^-(key)?out$/.test(rest[i - 1]?.literal ?? "") ? literals([word]) : [],
    );
  const flags = outputs.find(({ programs }) => programs.test(name))?.flags;
  if (flags === undefined) return [];
  const given = walkerArguments(rest, flags);
  return valuesOf([...flags], given);
}

/** Subcommands that change the files they are given. */
function gitOutputs([subcommand, ...rest]: readonly ShellWord[]): readonly string[] {
  return /^(rm|mv|restore|checkout|clean)$/.test(subcommand?.literal ?? "") ? literals(rest) : [];
}

/** The archive that it makes, or where it unpacks one. */
function tarOutputs([first, ...rest]: readonly ShellWord[]): readonly string[] {
  if (first === undefined) return [];
  // In the old style the flags have no dash.
  const isOldStyle = /^[A-Za-z]+$/.test(first.literal ?? "");
  const words = [isOldStyle ? literalWord(`-${first.literal ?? ""}`) : first, ...rest];
  const given = walkerArguments(words, names("-f -C --file --directory --one-top-level"));
  const makes = ["-c", "-r", "-u", "--create", "--append", "--update"].some((flag) => given.flags.has(flag));
  const places = makes ? ["-f", "--file"] : ["-C", "--directory", "--one-top-level"];
  return valuesOf(places, given);
}

function valuesOf(names: readonly string[], { flags }: WalkerArguments): readonly string[] {
  const values = names.flatMap((name) => flags.get(name) ?? []);
  return values.filter((path) => path !== "-" && !path.includes(anything));
}

function literals(words: readonly ShellWord[]): readonly string[] {
  return words.flatMap(({ literal }) =>
    literal === undefined || literal === "" || literal.startsWith("-") ? [] : [literal],
  );
}

const editors: ReadonlySet<string> = new Set(["ed", "red", "ex"]);

const inPlace = /^(perl|ruby|yq|[gn]awk|awk)[\d.]*$/;

function isInPlace({ literal = "" }: ShellWord): boolean {
  return /^-[a-zA-Z0]*i/.test(literal) || literal === "--inplace";
}

const outputs = [
  {
    programs: /^curl$/,
    flags: names("-o -D -c --output --output-dir --dump-header --cookie-jar --trace --trace-ascii --stderr"),
  },
  {
    programs: /^wget2?$/,
    flags: names("-O -o -a -P --output-document --output-file --append-output --directory-prefix"),
  },
  {
    programs:
      /^(sort|shuf|tree|pandoc|gpg2?|age|gcc|g\+\+|cc|c\+\+|clang(\+\+)?|ld|rustc|esbuild|xmllint|dot)$/,
    flags: names("-o --output --outfile"),
  },
  { programs: /^ssh-keygen$/, flags: names("-f") },
  { programs: /^(unzip|jar)$/, flags: names("-d") },
] as const;

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
