import { anything } from "../../rules/wildcard.ts";
import type { ShellWord } from "../shell-script.ts";
import { type Reading, reads, unproven } from "./reading.ts";

/** `find` with tests that only look and actions that only print. */
export function findReader(words: readonly ShellWord[]): Reading {
  let at = 0;
  while (words[at]?.literal === "-P") at += 1;
  const starts: ShellWord[] = [];
  for (; at < words.length; at += 1) {
    const word = words[at];
    const text = word?.literal ?? word?.glob;
    if (word === undefined || text === undefined) return unproven("where it starts is not known");
    if (/^[-(!,]/.test(text)) break;
    if (text.startsWith(anything)) return unproven(`\`${word.text}\` may become an action`);
    starts.push(word);
  }
  for (; at < words.length; at += 1) {
    const word = words[at]?.literal;
    if (word === undefined) return unproven(`what \`${words[at]?.text ?? ""}\` becomes is not known`);
    if (alone.has(word)) continue;
    if (!withValue.has(word) && !/^-newer[aBcm][aBcmt]$/.test(word))
      return unproven(`nothing is known about \`${word}\``);
    at += 1;
    if (words[at]?.literal === undefined) return unproven(`the value of \`${word}\` is not known`);
  }
  // It names files and opens none: the folders it walks are what it reads.
  return reads(starts, { folder: starts.length === 0 });
}

const alone: ReadonlySet<string> = new Set(
  "( ) ! , -not -a -and -o -or -true -false -empty -print -print0 -ls -prune -quit -depth -mount -xdev -readable -writable -executable -nouser -nogroup -daystart -noleaf -nowarn -warn".split(
    " ",
  ),
);

const withValue: ReadonlySet<string> = new Set(
  "-name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -lname -ilname -type -xtype -size -maxdepth -mindepth -mtime -mmin -ctime -cmin -atime -amin -perm -user -group -uid -gid -links -inum -fstype -printf -newer -anewer -cnewer -samefile".split(
    " ",
  ),
);
