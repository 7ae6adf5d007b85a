import { anything } from "../../rules/wildcard.ts";
import { changesOperands } from "../changes-operands.ts";
import { commandLayers, programName } from "../command-layers.ts";
import { FindTests, type FoundFacts } from "../readers/find-tests.ts";
import { findWords } from "../readers/find-words.ts";
import { literalWord, type ShellWord } from "../shell-script.ts";
import { fitsName } from "./fits-name.ts";
import { opensNothing } from "./opens-nothing.ts";
import type { TreeWalk } from "./tree-walk.ts";

/** What `find` runs programs on, or takes away; with `isList` what it names. */
export function findWalk(
  words: readonly ShellWord[],
  goesOn: (words: readonly ShellWord[]) => boolean,
  isList = false,
): TreeWalk | undefined {
  const isFollowing = words.some(({ literal }) => literal === "-L" || literal === "-follow");
  const textAt = (i: number): string => words[i]?.literal ?? words[i]?.glob ?? "";
  let at = 0;
  while (/^-([HLP]$|D$|O)/.test(textAt(at))) at += textAt(at) === "-D" ? 2 : 1;
  const begin = at;
  while (at < words.length && !/^[-(!,]/.test(textAt(at))) at += 1;
  const starts = words.slice(begin, at);
  const tests = new FindTests();
  const facts: ReturnType<FindTests["facts"]>[] = [];
  let isUnknown = false;
  let isDeep = false;
  let isChanging = false;
  for (; at < words.length; at += 1) {
    const word = words[at]?.literal ?? "";
    if (/^-(exec|ok)(dir)?$/.test(word)) {
      const run = runOf(words.slice(at + 1));
      if (!opensNothing.has(programName(run[0]) ?? "")) facts.push(tests.facts());
      isChanging ||= commandLayers(run).some((layer) => changesOperands(layer.words));
      isDeep ||= goesOn(run);
      at += run.length + 1;
    } else if (word === "-delete") {
      facts.push(tests.facts());
      isChanging = true;
    } else if (isList && /^-(print0?|printf|ls)$/.test(word)) {
      facts.push(tests.facts());
    } else if (findWords.alone.has(word)) tests.take(word);
    else if (findWords.withValue.has(word) || /^-newer[aBcm][aBcmt]$/.test(word)) {
      at += 1;
      tests.take(word, words[at]?.literal ?? anything);
    } else isUnknown = true;
  }
  if (isList && facts.length === 0) facts.push(tests.factsOfAll());
  if (facts.length === 0) return undefined;
  const known = isUnknown || isDeep ? [] : facts;
  const isHere = starts.every(({ literal }) => literal === ".");
  const [only] = known.length === 1 ? known : [];
  return {
    starts: starts.length === 0 ? [literalWord(".")] : starts,
    skipsHidden: false,
    followsLinks: isFollowing,
    opens: isUnknown ? "some" : "all",
    ...(isChanging ? { changes: "files" } : {}),
    leavesOut: (name, isFolder, isTop) =>
      only !== undefined && (isFolder ? skips(only, name, isTop && isHere) : passesBy(only, name)),
  };
}

/** A folder may not come through by its name, and what is in it does. */
function skips({ skips: skipped = [] }: FoundFacts, name: string, isTop: boolean): boolean {
  return skipped.includes(name) || (isTop && skipped.includes(`./${name}`));
}

function passesBy({ names, without = [] }: FoundFacts, name: string): boolean {
  const isNone = names?.every((pattern) => fitsName(pattern.toLowerCase(), name.toLowerCase()) === false);
  return isNone === true || without.some((pattern) => fitsName(pattern, name) === true);
}

/** Up to the `;`, or the `+` behind `{}`. */
function runOf(words: readonly ShellWord[]): readonly ShellWord[] {
  const end = words.findIndex(
    ({ literal }, i) => literal === ";" || (literal === "+" && words[i - 1]?.literal === "{}"),
  );
  return end < 0 ? words : words.slice(0, end);
}
