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
  const before = behind.find(({ programs }) => programs.test(name))?.flag;
  if (before !== undefined)
    return rest.flatMap((word, i) => (before.test(rest[i - 1]?.literal ?? "") ? literals([word]) : []));
  if (name === "uniq" || name === "split") return literals(rest.filter(isOperand)).slice(1);
  return outputs
    .filter(({ programs }) => programs.test(name))
    .flatMap(({ flags }) => valuesOf([...flags], walkerArguments(rest, flags)));
}

/** Subcommands that change the files they are given, or make folders, and the flags that name an output. */
function gitOutputs([subcommand, ...rest]: readonly ShellWord[]): readonly string[] {
  const name = subcommand?.literal ?? "";
  if (/^(rm|mv|restore|checkout|clean|clone|init|worktree)$/.test(name)) return literals(rest);
  const flags = /^(archive|format-patch)$/.test(name) ? "-o --output --output-directory" : "--output";
  return valuesOf(flags.split(" "), walkerArguments(rest, names(flags)));
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

/** No number, as the value of a flag is. */
function isOperand({ literal = "" }: ShellWord): boolean {
  return !/^\d+[A-Za-z]*$/.test(literal);
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

/** Flags of words of their own, each with the path behind it. */
const behind = [
  { programs: /^openssl$/, flag: /^-(key)?out$/ },
  { programs: /^find$/, flag: /^-(fprint0?|fprintf|fls)$/ },
] as const;

const outputs = [
  {
    programs: /^curl$/,
    flags: names(
      "-o -D -c --output --output-dir --dump-header --cookie-jar --trace --trace-ascii --stderr --etag-save --libcurl --hsts --alt-svc",
    ),
  },
  {
    programs: /^wget2?$/,
    flags: names(
      "-O -o -a -P --output-document --output-file --append-output --directory-prefix --save-cookies --warc-file",
    ),
  },
  {
    programs:
      /^(sort|shuf|tree|pandoc|gpg2?|age|gcc|g\+\+|cc|c\+\+|clang(\+\+)?|ld|rustc|esbuild|xmllint|dot|iconv|zstd|aria2c|https?|yt-dlp|babel|go|tsc)$/,
    flags: names("-o --output --outfile --outFile --outDir"),
  },
  { programs: /^ssh-keygen$/, flags: names("-f") },
  { programs: /^(unzip|jar)$/, flags: names("-d") },
  { programs: /^aria2c$/, flags: names("-d --dir") },
  { programs: /^csplit$/, flags: names("-f --prefix") },
] as const;

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
