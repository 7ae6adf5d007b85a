import type { ShellWord } from "../shell-script.ts";
import type { Reader } from "./reader.ts";
import { type Reading, unproven } from "./reading.ts";
import { tableReader } from "./table-reader.ts";

/** `tar tzf x.tgz`: listing an archive that is a file here (`host:file` would be on another machine). */
export function tarReader(words: readonly ShellWord[]): Reading {
  const [first, ...rest] = words;
  // In the old style `f` takes the next word wherever it stands; at the end both styles mean the same.
  const isOldStyle = first?.literal !== undefined && /^[tvzjJ]+f$/.test(first.literal);
  if (words.some(({ literal }) => literal?.includes(":") === true))
    return unproven("it may mean another machine");
  return listing(isOldStyle ? [{ text: first.text, literal: `-${first.literal}` }, ...rest] : words);
}

const listing: Reader = tableReader({
  command: "tar",
  operands: "text",
  needs: "-t --list",
  flags: "-t -v -z -j -J --list --verbose --gzip --bzip2 --xz",
  files: "-f --file",
});
