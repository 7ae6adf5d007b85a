import type { ShellWord } from "../shell-script.ts";
import type { FileList } from "./file-list.ts";
import { knownReader } from "./known-reader.ts";
import type { Reads } from "./reading.ts";

/** The files whose names a command prints, if that is all that it does; `before` is what it reads itself. */
export function listedBy(words: readonly ShellWord[], before: FileList | undefined): FileList | undefined {
  const texts = words.map(({ literal }) => literal);
  // What lets lines through as they are.
  if (before !== undefined && !before.whole && passesLines(texts)) return before;
  const lister = listers.find(({ command }) => command.every((word, i) => texts[i] === word));
  if (lister === undefined && texts[0] !== "find") return undefined;
  const reading = knownReader(words);
  if (reading.type !== "reads") return undefined;
  if (lister === undefined) return reading.reads.lists;
  return filesOf(lister, texts.slice(lister.command.length), reading.reads);
}

/** A program that prints the names of files, with the flags that leave it so. */
interface Lister {
  readonly command: readonly string[];
  readonly flags: RegExp;
  /** Without one of these it prints something else. */
  readonly needs?: RegExp;
  /** With one of these every name ends with a NUL. */
  readonly whole: RegExp;
  /** Its operands are patterns for files of the repository, below the folder it runs in. */
  readonly inRepository?: true;
}

const listers: readonly Lister[] = [
  {
    command: ["git", "ls-files"],
    flags: /^(-z|-[cmo]|--cached|--modified|--others|--exclude-standard|--)$/,
    whole: /^-z$/,
    inRepository: true,
  },
  {
    command: ["git", "grep"],
    flags: /^(-z|--|--name-only|--files-with-matches|-[linwEF]+)$/,
    needs: /^(--name-only|--files-with-matches|-[a-zA-Z]*l[a-zA-Z]*)$/,
    whole: /^-z$/,
    inRepository: true,
  },
  {
    command: ["git", "diff"],
    flags: /^(-z|--name-only|--cached|--staged|--diff-filter=\w+|--)$/,
    needs: /^--name-only$/,
    whole: /^-z$/,
    inRepository: true,
  },
  ...["grep", "rg"].map((program) => ({
    command: [program],
    flags:
      /^(--files|--files-with-matches|-[rRinlwEFZ]+|--null|-0|--(include|exclude|exclude-dir|glob|type)=.*)$/,
    needs: /^(--files|--files-with-matches|-[A-Za-z]*l[A-Za-z]*)$/,
    whole: /^(--null|-0|-[a-zA-Z]*Z[a-zA-Z]*)$/,
  })),
];

function filesOf(
  { flags, needs, whole, inRepository }: Lister,
  words: readonly (string | undefined)[],
  { paths, folder }: Reads,
): FileList | undefined {
  const given = words.filter((word) => word?.startsWith("-") === true).map(String);
  const fits = given.every((flag) => flags.test(flag)) && !words.includes(undefined);
  if (!fits || (needs !== undefined && !given.some((flag) => needs.test(flag)))) return undefined;
  // With `..` or `:/` it would tell of what lies elsewhere.
  if (inRepository && words.some((word) => /^[:/]|(^|\/)\.\.(\/|$)/.test(word ?? ""))) return undefined;
  const starts = inRepository || folder ? [] : paths;
  return { starts, regular: false, whole: given.some((flag) => whole.test(flag)) };
}

function passesLines([name, ...words]: readonly (string | undefined)[]): boolean {
  if (name === "sort" || name === "uniq") return words.every((word) => /^-[rufV]+$/.test(word ?? ""));
  if (name === "head" || name === "tail") {
    return words.every((word) => /^(-\d+|-n|\d+|-n\d+)$/.test(word ?? ""));
  }
  const isSearch = name === "grep" || name === "egrep" || name === "fgrep";
  const flags = words.filter((word) => word?.startsWith("-") === true);
  return (
    isSearch && words.length - flags.length === 1 && flags.every((flag) => /^-[viEFw]+$/.test(flag ?? ""))
  );
}
