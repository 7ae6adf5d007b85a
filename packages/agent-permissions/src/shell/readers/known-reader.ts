import { literalWord, type ShellWord } from "../shell-script.ts";
import { awkReader } from "./awk-reader.ts";
import { echoReader, printenvReader, printfReader } from "./echo-reader.ts";
import { findReader } from "./find-reader.ts";
import { readOnlyDeveloperTools } from "./read-only-developer-tools.ts";
import { readOnlyGit } from "./read-only-git.ts";
import { readOnlyPrograms } from "./read-only-programs.ts";
import { type ReadOnlyTable, readOnlyTable } from "./read-only-table.ts";
import type { Reader } from "./reader.ts";
import { type Reading, reads, unproven } from "./reading.ts";
import { sedReader } from "./sed-reader.ts";
import { readReader, setReader } from "./shell-setting-reader.ts";
import { tableReader } from "./table-reader.ts";
import { tarReader } from "./tar-reader.ts";
import { bracketReader, testReader } from "./test-reader.ts";

/**
 * What a program call does, for the programs that are known to only read. The name must be bare (a path may lead to
 * another program), and every flag must be on the program's list. `added` is what the user knows besides.
 */
export function knownReader(words: readonly ShellWord[], added?: ReadOnlyTable): Reading {
  const reading = builtInReading(words);
  if (reading.type === "reads") return reading;
  const found = added?.find(words);
  return found === undefined ? reading : found.read(found.rest);
}

const builtIn = readOnlyTable([...readOnlyPrograms, ...readOnlyDeveloperTools, ...readOnlyGit]);

function builtInReading(words: readonly ShellWord[]): Reading {
  const name = words[0]?.literal;
  if (name === undefined) return unproven("which program it runs is not known");
  const rest = words.slice(1);
  const language = languages.get(name);
  const only = rest.length === 1 ? rest[0]?.literal : undefined;
  const isKnown = language !== undefined || builtIn.knows(name) || tellsVersion.has(name);
  // What a program says about itself.
  if (isKnown && (only === "--help" || only === "--version")) return reads([]);
  if (language !== undefined) return language(rest);
  const found = builtIn.find(name === "git" ? gitWords(words) : words);
  if (found !== undefined) return found.read(found.rest);
  if (tellsVersion.has(name) && (only === "-v" || only === "-V")) return reads([]);
  const subcommand = rest[0]?.literal ?? "without a clear command";
  return builtIn.knows(name) ? unproven(`\`${name} ${subcommand}\` may change something`) : unproven();
}

/** Programs whose arguments are a language of their own. */
const languages: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["find", (words) => findReader(words, builtInReading)],
  ["sed", sedReader],
  ["awk", awkReader],
  ["gawk", awkReader],
  ["mawk", awkReader],
  ["tar", tarReader],
  ["echo", echoReader],
  ["printf", printfReader],
  ["printenv", printenvReader],
  ["test", testReader],
  ["[", bracketReader],
  ["set", setReader],
  ["read", readReader],
  ["command", commandReader],
]);

/** Behind `-v` nothing runs; without it `command` is a wrapper. */
function commandReader([flag, ...names]: readonly ShellWord[]): Reading {
  return flag?.literal === "-v" || flag?.literal === "-V" ? namesOnly(names) : unproven();
}

const namesOnly = tableReader({ command: "command -v", operands: "text" });

/** The command and its arguments, with an example of each object name that git prints into them. */
function gitWords(words: readonly ShellWord[]): readonly ShellWord[] {
  let at = 1;
  while (harmlessGlobals.has(words[at]?.literal ?? "")) at += 1;
  return [...words.slice(0, 1), ...words.slice(at)].map((word) =>
    word.literal === undefined && word.revision !== undefined ? literalWord(word.revision) : word,
  );
}

const harmlessGlobals: ReadonlySet<string> = new Set(["--no-pager", "--no-optional-locks", "-P"]);

/**
 * Programs that tell their version and do nothing else. None that may run what a repository names instead of itself:
 * yarn (`yarnPath`), pnpm (`packageManager`), cargo and rustc (a toolchain's `path`).
 */
const tellsVersion: ReadonlySet<string> = new Set(
  "node npm bun deno python python3 pip pip3 ruby java javac gcc g++ clang make cmake git docker bash tsc rg perl php jq curl wget gh npx uv".split(
    " ",
  ),
);
