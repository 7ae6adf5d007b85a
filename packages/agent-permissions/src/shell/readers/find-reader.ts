import { anything } from "../../rules/wildcard.ts";
import type { ShellWord } from "../shell-script.ts";
import { type FileList, listedFiles, listReading } from "./file-list.ts";
import { FindTests, type FoundFacts } from "./find-tests.ts";
import { findWords } from "./find-words.ts";
import type { Reader } from "./reader.ts";
import { type Reading, type Reads, reads, unproven } from "./reading.ts";

/** `find` with tests that only look and actions that only print, or run what `known` knows to only read. */
export function findReader(words: readonly ShellWord[], known: Reader): Reading {
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
  const from: readonly ShellWord[] = starts.length === 0 ? [{ text: ".", literal: "." }] : starts;
  const tests = new FindTests();
  const runs: Reads[] = [];
  const prints: { readonly action: string; readonly facts: FoundFacts }[] = [];
  for (; at < words.length; at += 1) {
    const word = words[at]?.literal;
    if (word === undefined) return unproven(`what \`${words[at]?.text ?? ""}\` becomes is not known`);
    if (word === "-exec") {
      const length = runLength(words.slice(at + 1));
      const run = runReading(
        words.slice(at + 1, at + 1 + length),
        { starts: from, ...placedFacts(tests.facts(), from), whole: true },
        known,
      );
      if (run.type === "unproven") return run;
      runs.push(run.reads);
      at += length;
      continue;
    }
    if (/^-(print0?|printf|ls)$/.test(word)) prints.push({ action: word, facts: tests.facts() });
    if (findWords.alone.has(word)) {
      tests.take(word);
      continue;
    }
    if (!findWords.withValue.has(word) && !/^-newer[aBcm][aBcmt]$/.test(word))
      return unproven(`nothing is known about \`${word}\``);
    at += 1;
    const value = words[at]?.literal;
    if (value === undefined) return unproven(`the value of \`${word}\` is not known`);
    tests.take(word, value);
  }
  // Only what was asked before it is printed holds for what is printed.
  const [print = { action: "-print", facts: tests.factsOfAll() }, ...others] = prints;
  const isList = runs.length + others.length === 0 && /^-print0?$/.test(print.action);
  const lists = { starts: from, ...placedFacts(print.facts, from), whole: print.action === "-print0" };
  // By itself it names files and opens none: the folders it walks are what it reads.
  const besides = runs.flatMap(({ paths }) => paths.filter((path) => !from.includes(path)));
  return reads([...starts, ...besides], {
    folder: starts.length === 0,
    recursive: runs.some(({ recursive }) => recursive),
    followsLinks: runs.some(({ followsLinks }) => followsLinks),
    skips: runs[0]?.skips.filter((name) => runs.every(({ skips }) => skips.includes(name))) ?? [],
    ...(isList ? { lists } : {}),
  });
}

/** `./x` names something only where the search starts in `.`. */
function placedFacts(facts: FoundFacts, starts: readonly ShellWord[]): FoundFacts {
  const { skips = [] } = facts;
  const isHere = starts.every(({ literal }) => literal === ".");
  return { ...facts, skips: isHere ? skips : skips.filter((name) => !name.startsWith("./")) };
}

/** Up to and with the `;`, or the `+` behind `{}`; everything where neither comes. */
function runLength(words: readonly ShellWord[]): number {
  const end = words.findIndex(
    ({ literal }, i) => literal === ";" || (literal === "+" && words[i - 1]?.literal === "{}"),
  );
  return end < 0 ? words.length : end + 1;
}

/** What is run for the files that are found: their names begin with where the search starts, so that none is a flag. */
function runReading(words: readonly ShellWord[], files: FileList, known: Reader): Reading {
  const end = words.at(-1)?.literal;
  if (end !== ";" && end !== "+") return unproven("what it runs has no end");
  const call = words.slice(0, -1).map((word) => (word.literal === "{}" ? listedFiles : word));
  const odd = call.find(({ literal }) => literal?.includes("{}") === true);
  if (odd !== undefined) return unproven(`what \`${odd.text}\` becomes is not known`);
  return listReading(call, files, known);
}
