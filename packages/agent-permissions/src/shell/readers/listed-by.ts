import type { ShellWord } from "../shell-script.ts";
import type { FileList } from "./file-list.ts";
import { knownReader } from "./known-reader.ts";

/** The files whose names a command prints, if that is all that it does; `before` is what it reads itself. */
export function listedBy(words: readonly ShellWord[], before: FileList | undefined): FileList | undefined {
  const [name, ...rest] = words.map(({ literal }) => literal);
  // What lets lines through as they are.
  if (before !== undefined && !before.whole && passesLines(name, rest)) return before;
  const reading = knownReader(words);
  if (reading.type !== "reads") return undefined;
  if (reading.reads.lists !== undefined) return reading.reads.lists;
  const flags = rest.filter((word) => word?.startsWith("-") === true);
  const here = { starts: [], regular: false } as const;
  if (name === "git" && rest[0] === "ls-files") {
    const fit = flags.every((flag) =>
      /^(-z|-[cmo]|--cached|--modified|--others|--exclude-standard|--)$/.test(flag ?? ""),
    );
    // With `..` or `:/` it would list what lies elsewhere.
    const isBelow = rest.slice(1).every((word) => word !== undefined && !/^[:/]|\.\./.test(word));
    return fit && isBelow ? { ...here, whole: flags.includes("-z") } : undefined;
  }
  if (name === "git" && rest[0] === "grep") {
    const fit = flags.every((flag) =>
      /^(-z|--|--name-only|--files-with-matches|-[linwEF]+)$/.test(flag ?? ""),
    );
    const isList = flags.some((flag) =>
      /^(--name-only|--files-with-matches|-[a-zA-Z]*l[a-zA-Z]*)$/.test(flag ?? ""),
    );
    const isBelow = rest.slice(1).every((word) => word !== undefined && !/^[:/]|\.\./.test(word));
    return fit && isList && isBelow ? { ...here, whole: flags.includes("-z") } : undefined;
  }
  if (name === "git" && rest[0] === "diff") {
    const fit = flags.every((flag) =>
      /^(-z|--name-only|--cached|--staged|--diff-filter=\w+|--)$/.test(flag ?? ""),
    );
    return fit && flags.includes("--name-only") ? { ...here, whole: flags.includes("-z") } : undefined;
  }
  if (name === "rg" || name === "grep") {
    const isList = flags.some((flag) =>
      /^(--files|--files-with-matches|-[A-Za-z]*l[A-Za-z]*)$/.test(flag ?? ""),
    );
    const fit = flags.every((flag) =>
      /^(--files|--files-with-matches|-[rRinlwEFZ]+|--null|-0|--(include|exclude|exclude-dir|glob|type)=.*)$/.test(
        flag ?? "",
      ),
    );
    if (!isList || !fit || rest.includes(undefined)) return undefined;
    const { paths, folder } = reading.reads;
    const whole = flags.some((flag) => /^(--null|-0|-[a-zA-Z]*Z[a-zA-Z]*)$/.test(flag ?? ""));
    return { starts: folder ? [] : paths, regular: false, whole };
  }
  return undefined;
}

function passesLines(name: string | undefined, words: readonly (string | undefined)[]): boolean {
  if (name === "sort" || name === "uniq") return words.every((word) => /^-[rufV]+$/.test(word ?? ""));
  if (name === "head" || name === "tail")
    return words.every((word) => /^(-\d+|-n|\d+|-n\d+)$/.test(word ?? ""));
  const isSearch = name === "grep" || name === "egrep" || name === "fgrep";
  const flags = words.filter((word) => word?.startsWith("-") === true);
  return (
    isSearch && words.length - flags.length === 1 && flags.every((flag) => /^-[viEFw]+$/.test(flag ?? ""))
  );
}
