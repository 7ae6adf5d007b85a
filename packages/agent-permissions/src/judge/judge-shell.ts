import { repositoryTopOf } from "../paths/repository-top-of.ts";
import type { RuleEntry } from "../rules/rule-book.ts";
import { commandLayers } from "../shell/command-layers.ts";
import { readShell } from "../shell/read-shell.ts";
import { isHarmlessSetting } from "../shell/readers/shell-setting-reader.ts";
import { setsByPrinting } from "../shell/sets-by-printing.ts";
import { type ShellPart, shellParts } from "../shell/shell-parts.ts";
import { literalWord, type ShellScript } from "../shell/shell-script.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName } from "./finding.ts";
import { newWork } from "./inner-parts.ts";
import { mayBeRuled, rawTextFindings } from "./judge-command-rules.ts";
import { judgePart } from "./judge-part.ts";
import { allowedTool } from "./judge-path.ts";
import { walkFindings } from "./judge-walks.ts";
import { exactRule } from "./suggestions.ts";

/** Judges a command line for bash: every simple command in it, wherever it stands. */
export async function judgeShell(facts: CallFacts, source: string, cwd: string): Promise<readonly Finding[]> {
  const script = readShell(source, facts.home);
  const top = source.includes("--show-toplevel")
    ? await repositoryTopOf(facts.paths, cwd, facts.cwd)
    : undefined;
  const parts = shellParts(script, cwd, source, top);
  const whole = exactEntry(facts, source) ?? facts.toolAllow;
  const findings: Finding[] = [];
  const isBroken = script.faults.length > 0;
  if (isBroken) findings.push(...rawTextFindings(facts, source), notUnderstood(facts, source, script));
  const doubt = script.doubts[0];
  if (doubt !== undefined) findings.push(doubtful(source, doubt, whole));
  for (const text of script.evaluated) findings.push(...rawTextFindings(facts, text));
  const setting = {
    whole,
    isDoubtful: isBroken || doubt !== undefined,
    changesShell: parts.some(changesShell),
    likelyWork: newWork(100_000),
  };
  for (const part of parts) {
    const subject = part.command.text;
    findings.push(...(await judgePart(facts, part, setting)).map((finding) => ({ ...finding, subject })));
  }
  findings.push(...(await walkFindings(facts, parts)));
  return findings.length > 0 ? findings : [nothingToRun];
}

/** Judges a program that is run without a shell. */
export async function judgeExec(
  facts: CallFacts,
  argv: readonly string[],
  cwd: string,
): Promise<readonly Finding[]> {
  if (argv.length === 0) {
    return [{ ...nothingToRun, behavior: "ask", basis: "default", nature: "acts" }];
  }
  const words = argv.map(literalWord);
  const bare = { assignments: [], redirects: [], nested: [], hasHereDocument: false, readsVariables: false };
  const part: ShellPart = {
    command: { ...bare, words, text: argv.map(quoted).join(" ") },
    folders: [cwd],
    moved: false,
  };
  const findings = await judgePart(facts, part, {
    whole: facts.toolAllow,
    isDoubtful: false,
    changesShell: false,
    likelyWork: newWork(0),
  });
  return [...findings, ...(await walkFindings(facts, [part]))];
}

/** As a shell would need it written, so that one argument never looks like two. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./~-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

const nothingToRun: Finding = {
  behavior: "allow",
  basis: "knowledge",
  nature: "reads",
  reason: "It runs no program.",
};

/** The allow rule that spells out the whole command line. */
function exactEntry(facts: CallFacts, source: string): RuleEntry | undefined {
  const text = source.trim();
  return facts.rules.commands.allow.find(({ pattern }) => pattern.exact === text)?.entry;
}

/** No allow rule covers what cannot be read; a mode can, unless a deny or ask rule may be about it. */
function notUnderstood(facts: CallFacts, source: string, { faults }: ShellScript): Finding {
  const reason = `\`${excerpt(source)}\` cannot be judged: ${faults[0] ?? ""}.`;
  const entry = mayBeRuled(facts);
  const ask = { behavior: "ask", nature: "acts" } as const;
  return entry === undefined
    ? { ...ask, basis: "default", reason }
    : { ...ask, basis: "rule", entry, reason: `${reason} It may be meant by ${ruleName(entry)}.` };
}

function doubtful(source: string, doubt: string, whole: RuleEntry | undefined): Finding {
  if (whole !== undefined) return allowedTool(whole, "acts");
  const reason = `\`${excerpt(source)}\` is not known to be harmless: ${doubt}.`;
  return { behavior: "ask", basis: "default", nature: "acts", needs: exactRule(source.trim()), reason };
}

/** Commands after which a name may no longer mean the program that it names. */
function changesShell({ command }: ShellPart): boolean {
  // `command export` is `export`.
  return commandLayers(command.words).some(({ words: [head, ...rest] }) => {
    if (head?.literal === "printf") return setsByPrinting(rest);
    return shellChangers.has(head?.literal ?? "") && !isHarmlessSetting(command.words);
  });
}

const shellChangers: ReadonlySet<string> = new Set(
  "export declare typeset readonly local alias unalias unset set shopt enable hash source . eval exec builtin trap read mapfile readarray getopts let ulimit umask".split(
    " ",
  ),
);

function excerpt(text: string): string {
  const shown = visible(text);
  return shown.length > 300 ? `${shown.slice(0, 300)}...` : shown;
}
