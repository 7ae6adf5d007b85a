import { credentialName } from "../paths/credential-name.ts";
import { filesBelow } from "../paths/files-below.ts";
import { joinPath, normalPath, parentPath } from "../paths/path-name.ts";
import type { RuleEntry } from "../rules/rule-book.ts";
import { anything } from "../rules/wildcard.ts";
import { commandLayers } from "../shell/command-layers.ts";
import { expandGlob } from "../shell/expand-glob.ts";
import { type Reads, unproven } from "../shell/readers/reading.ts";
import type { ShellPart } from "../shell/shell-parts.ts";
import type { ShellWord } from "../shell/shell-script.ts";
import { unlikeWords } from "../shell/unlike-words.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName, worstFinding } from "./finding.ts";
import { isSettled } from "./judge-operands.ts";
import { judgePath } from "./judge-path.ts";
import { mayBeFolder } from "./judge-search.ts";
import { placedGit } from "./placed-git.ts";
import { plantedProgram } from "./planted-program.ts";
import { readingOf } from "./reading-of.ts";
import { ruledGlob } from "./ruled-glob.ts";
import { commandRules } from "./suggestions.ts";

/** Judges a command by what is known about its program: allowed when it provably only reads where one may read. */
export async function judgeReader(facts: CallFacts, given: ShellPart): Promise<Finding> {
  const part = placedGit(given);
  const shown = `\`${visible(part.command.text)}\``;
  const ask = { behavior: "ask", basis: "default", ...commandRules(part) } as const;
  if (part.command.words[0]?.literal === "cd") return judgeCd(facts, part);
  const reading = part.command.readsVariables
    ? unproven("it is given the value of a variable")
    : readingOf(facts, part.command);
  if (reading.type === "unproven") {
    const why = reading.reason === undefined ? "" : `: ${visible(reading.reason)}`;
    return { ...ask, nature: "acts", reason: `${shown} is not known to be harmless${why}.` };
  }
  const findings = await readFindings(facts, part, reading.reads);
  const worst = worstFinding(findings);
  const problem = worst !== undefined && isSettled(worst) ? undefined : await gitProblem(facts, given);
  if (problem !== undefined) {
    return { ...ask, nature: "acts", reason: `${shown} is asked about: ${problem}.` };
  }
  if (worst === undefined || worst.behavior === "allow") {
    const planted = await plantedProgram(facts, given);
    if (planted !== undefined) {
      const reason = `${shown} may run \`${visible(planted)}\`, which is a file of the workspace.`;
      return { ...ask, nature: "acts", reason };
    }
    return {
      behavior: "allow",
      basis: "knowledge",
      nature: "reads",
      reason: `${shown} only reads, and only where reading is allowed.`,
    };
  }
  if (worst.basis === "rule") return worst;
  const open = findings.filter(({ behavior }) => behavior === "ask");
  const byPath = open.length === 1 && worst.needs?.length === 1 ? worst.needs : [];
  return { ...worst, needs: ask.needs.length === 0 ? byPath : ask.needs };
}

/** `cd` reads where it goes to; a `Cd` rule may say more. */
async function judgeCd(facts: CallFacts, part: ShellPart): Promise<Finding> {
  const shown = `\`${visible(part.command.text)}\``;
  const operands = part.command.words.slice(part.command.words[1]?.literal === "--" ? 2 : 1);
  const target = operands[0]?.literal;
  const ask = {
    behavior: "ask",
    basis: "default",
    nature: "reads",
    ...commandRules(part),
  } as const;
  if (target === undefined || operands.length !== 1 || target.startsWith("-") || part.folders === undefined) {
    return { ...ask, reason: `Where ${shown} leads is not known.` };
  }
  const findings: Finding[] = [];
  for (const folder of part.folders) {
    const path = joinPath(folder, target);
    findings.push(cdRuleFinding(facts, normalPath(path)) ?? (await judgePath(facts, "read", path)));
  }
  const worst = worstFinding(findings);
  if (worst === undefined || worst.behavior === "allow") {
    return {
      behavior: "allow",
      basis: "knowledge",
      nature: "reads",
      reason: `${shown} stays where reading is allowed.`,
    };
  }
  return worst.basis === "rule" ? worst : { ...ask, reason: worst.reason };
}

function cdRuleFinding(facts: CallFacts, path: string): Finding | undefined {
  for (const behavior of ["deny", "ask", "allow"] as const) {
    const entry = facts.rules.paths[behavior].find(
      ({ rule, pattern }) => rule.tool === "Cd" && pattern.matches(path),
    )?.entry;
    if (entry === undefined) continue;
    const reason = `Going to \`${visible(path)}\` falls under ${ruleName(entry)}.`;
    return { behavior, basis: "rule", nature: "reads", entry, reason };
  }
  return undefined;
}

/** Git reads the settings of the repository it is in, and they can name programs. */
async function gitProblem(facts: CallFacts, part: ShellPart): Promise<string | undefined> {
  const names = commandLayers(part.command.words).map(({ words }) => words[0]?.literal);
  if (!names.includes("git")) return undefined;
  // By names alone, the folder that `-C` names is one of the workspace; where a `cd` led, anything may have been made.
  const isElsewhere = part.moved || (placedGit(part) !== part && !facts.paths.linkless);
  if (isElsewhere && !facts.seesRepositories)
    return "git in another folder may follow the settings of another repository";
  for (const folder of placedGit(part).folders ?? []) {
    const hazard = await facts.gitHazard(folder);
    if (hazard !== undefined)
      return `git would follow what stands in the repository here (${visible(hazard)})`;
  }
  return undefined;
}

async function readFindings(facts: CallFacts, part: ShellPart, reads: Reads): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const opened: string[] = reads.folder ? [...(part.folders ?? [facts.cwd])] : [];
  for (const word of unlikeWords(reads.paths)) {
    const entry = facts.paths.linkless ? ruledGlob(facts, word) : undefined;
    const paths = entry === undefined ? await wordPaths(facts, part, word) : undefined;
    if (entry !== undefined) findings.push(perhapsRuled(word, entry));
    else if (paths === undefined)
      findings.push(unknown(`What \`${visible(word.text)}\` stands for is not known.`));
    else {
      opened.push(...paths);
      const flag = flagAmong(word, paths);
      if (flag !== undefined) findings.push(unknown(`\`${visible(flag)}\` would be taken for a flag.`));
    }
  }
  for (const path of new Set(opened)) findings.push(...(await openedFindings(facts, path, reads)));
  // Where it runs is a guess: good enough for what rules forbid, not for what may be allowed.
  const isPlaced = part.folders !== undefined || (!reads.folder && reads.paths.every(isAbsolute));
  return isPlaced
    ? findings
    : [...findings.filter(isSettled), unknown("In which folder it runs is not known.")];
}

/** A name that a wildcard at the beginning of a word becomes, and that no program takes for one. */
function flagAmong({ glob }: ShellWord, paths: readonly string[]): string | undefined {
  if (glob?.startsWith(anything) !== true) return undefined;
  const length = glob.split("/").filter((segment) => segment !== "").length;
  return paths.find((path) => path.split("/").at(-length)?.startsWith("-"));
}

function unknown(reason: string): Finding {
  return { behavior: "ask", basis: "default", nature: "reads", reason };
}

function isAbsolute(word: ShellWord): boolean {
  return (word.literal ?? word.glob)?.startsWith("/") === true;
}

async function openedFindings(facts: CallFacts, path: string, reads: Reads): Promise<readonly Finding[]> {
  const findings = [await judgeOpened(facts, path, reads)];
  if (reads.filesOnly && !facts.paths.linkless && (await mayBeFolder(facts.paths, path))) {
    findings.push(unknown(`\`${visible(path)}\` is a folder, and links in it could lead anywhere.`));
  }
  if ((reads.followsLinks || reads.splitsNames) && !facts.paths.linkless) {
    findings.push(...(await listedFindings(facts, path, reads)));
  }
  return findings;
}

/** What links below a folder lead to, where a program follows them, and names that it would take for others. */
async function listedFindings(facts: CallFacts, path: string, reads: Reads): Promise<readonly Finding[]> {
  const found = await filesBelow(facts.paths, path, reads.skips);
  if (found === undefined) {
    return [unknown(`Below \`${visible(path)}\` there are more files, or links, than can be looked at.`)];
  }
  if (reads.splitsNames && found.oddName !== undefined) {
    return [unknown(`The name \`${visible(found.oddName)}\` would be taken for others.`)];
  }
  return reads.followsLinks ? Promise.all(found.links.map((link) => judgePath(facts, "read", link))) : [];
}

/** Telling the name of a file that may hold secrets tells no more than listing its folder. */
async function judgeOpened(facts: CallFacts, path: string, { namesOnly }: Reads): Promise<Finding> {
  const finding = await judgePath(facts, "read", path);
  if (!namesOnly || finding.behavior === "allow" || isSettled(finding)) return finding;
  const { paths } = await facts.paths.views(path);
  const [only, ...others] = paths;
  const isPlain = only !== undefined && others.length === 0 && credentialName(only) !== undefined;
  return isPlain ? judgePath(facts, "read", parentPath(only)) : finding;
}

async function wordPaths(
  facts: CallFacts,
  { folders }: ShellPart,
  word: ShellWord,
): Promise<readonly string[] | undefined> {
  const path = word.literal ?? word.glob;
  if (path === undefined) return undefined;
  const places = path.startsWith("/") ? ["/"] : (folders ?? [facts.cwd]);
  if (word.literal !== undefined) return places.map((folder) => joinPath(folder, path));
  const found = await Promise.all(places.map((folder) => expandGlob(path, folder, facts.paths)));
  return found.every((paths) => paths !== undefined) ? found.flat() : undefined;
}

function perhapsRuled({ text }: ShellWord, entry: RuleEntry): Finding {
  const reason = `What \`${visible(text)}\` stands for may be meant by ${ruleName(entry)}.`;
  return { behavior: "ask", basis: "rule", nature: "reads", entry, reason };
}
