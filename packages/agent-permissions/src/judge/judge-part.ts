import type { RuleEntry } from "../rules/rule-book.ts";
import { type CommandLayer, commandLayers, programName } from "../shell/command-layers.ts";
import { coverableText, covers } from "../shell/command-text.ts";
import { isOwnVariable, isSafeAssignment, isSeparator } from "../shell/safe-assignment.ts";
import type { ShellPart } from "../shell/shell-parts.ts";
import { onlyExactly, wrappers } from "../shell/wrappers.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName } from "./finding.ts";
import { innerParts, type Work } from "./inner-parts.ts";
import { commandRuleFindings, unreadFindings } from "./judge-command-rules.ts";
import {
  globFindings,
  isSettled,
  operandFindings,
  redirectFindings,
  removalFindings,
} from "./judge-operands.ts";
import { allowedTool } from "./judge-path.ts";
import { judgeReader } from "./judge-reader.ts";
import { commandRules } from "./suggestions.ts";

/** What the rest of the command line means for each of its commands. */
export interface PartSetting {
  /** The allow rule that spells out the whole line, or the one on the tool as such. */
  readonly whole: RuleEntry | undefined;
  /** The line does something that knowing its commands does not explain; only a rule on the whole covers that. */
  readonly isDoubtful: boolean;
  /** Some command changes what names mean: built-in knowledge does not count. */
  readonly changesShell: boolean;
  /** What is left to be done for all that its commands most likely are. */
  readonly likelyWork: Work;
}

/** Judges one simple command: rules on it and its files, its redirections, and whether anything allows running it. */
export async function judgePart(
  facts: CallFacts,
  part: ShellPart,
  setting: PartSetting,
): Promise<readonly Finding[]> {
  const redirects = await redirectFindings(facts, part);
  const reading = part.command.words.length === 0 ? noProgram : await judgeReader(facts, part);
  const nature = natureOf(reading, redirects);
  const settled = [
    // An ask rule on what only reads leaves it that.
    ...(await settledFindings(facts, part, setting.likelyWork)).map((one) =>
      one.behavior === "ask" ? { ...one, nature } : one,
    ),
    ...[...redirects, reading].filter(isSettled),
  ];
  const whole = setting.whole ?? exactEntry(facts, part);
  if (whole !== undefined) return [...settled, allowedTool(whole, nature)];
  // Asked about as a whole already.
  if (setting.isDoubtful) return settled;
  const run = judgeRun(facts, part, setting, reading);
  if (isSettled(run)) return settled;
  const open = redirects.filter((finding) => !isSettled(finding));
  // The rule that would allow the command as it is written covers its redirections too.
  const isAsked = run.behavior === "ask";
  return [...settled, run, ...open.map((one) => (isAsked ? { ...one, needs: run.needs ?? [] } : one))];
}

const noProgram: Finding = {
  behavior: "allow",
  basis: "knowledge",
  nature: "reads",
  reason: "It runs no program.",
};

/** What stands whatever allows the command: rules and guards on it, and on the scripts inside it. */
async function settledFindings(
  facts: CallFacts,
  part: ShellPart,
  likelyWork: Work,
): Promise<readonly Finding[]> {
  const inner = innerParts(facts, part);
  const findings: Finding[] = [...unreadFindings(facts, part.command.text, inner)];
  for (const one of [part, ...inner.parts, ...likelyParts(facts, part, likelyWork)]) {
    findings.push(...commandRuleFindings(facts, one));
    findings.push(...(await removalFindings(facts, one)), ...(await operandFindings(facts, one)));
    findings.push(...(await globFindings(facts, one)));
  }
  for (const one of inner.parts) findings.push(...(await redirectFindings(facts, one)).filter(isSettled));
  return findings;
}

/** What a command that cannot be known most likely is, with the scripts inside that. */
function likelyParts(
  facts: CallFacts,
  { likely = [], ...part }: ShellPart,
  work: Work,
): readonly ShellPart[] {
  return likely.flatMap((command) => {
    const one: ShellPart = { ...part, command };
    return work.left <= 0 ? [one] : [one, ...innerParts(facts, one, work).parts];
  });
}

/** The allow rule that spells out this command. */
function exactEntry(facts: CallFacts, { command }: ShellPart): RuleEntry | undefined {
  if (command.words.length === 0) return undefined;
  return facts.rules.commands.allow.find(({ pattern }) => pattern.exact === command.text)?.entry;
}

/** For the modes: what a command does, also where a rule allows it. */
function natureOf(reading: Finding, redirects: readonly Finding[]): Finding["nature"] {
  return [reading, ...redirects].every(({ nature }) => nature === "reads") ? "reads" : "acts";
}

function judgeRun(facts: CallFacts, part: ShellPart, setting: PartSetting, reading: Finding): Finding {
  const { command } = part;
  const shown = `\`${visible(command.text)}\``;
  const ask = { behavior: "ask", basis: "default", nature: "acts", ...commandRules(part) } as const;
  const isAlone = command.words.length === 0;
  const unsafe = command.assignments.find(
    (assignment) =>
      !isSafeAssignment(assignment) &&
      !(isAlone && isOwnVariable(assignment)) &&
      !isSeparator(assignment, command.words),
  );
  if (unsafe !== undefined) {
    return { ...ask, reason: `${shown} sets ${visible(unsafe.name)}, which may change what programs do.` };
  }
  if (isAlone || isSettled(reading)) return reading;
  if (reading.behavior === "allow" && !setting.changesShell) return reading;
  const entry = coveringEntry(facts, part);
  if (entry !== undefined) {
    const reason = `${shown} is allowed by ${ruleName(entry)}.`;
    return { behavior: "allow", basis: "rule", nature: reading.nature, entry, reason };
  }
  return setting.changesShell && reading.behavior === "allow"
    ? { ...ask, reason: `${shown} may not be what it seems: the command line changes the shell.` }
    : reading;
}

/** The allow rule that fits the command itself, or what a harmless wrapper runs. */
function coveringEntry(facts: CallFacts, { command }: ShellPart): RuleEntry | undefined {
  for (const layer of commandLayers(command.words)) {
    const text = layer.transparent ? coverableText(layer) : undefined;
    if (text === undefined) continue;
    const onlyExact = isOpenEnded(layer);
    const found = facts.rules.commands.allow.find(
      ({ pattern }) => (pattern.exact !== undefined || !onlyExact) && covers(pattern, text),
    );
    if (found !== undefined) return found.entry;
  }
  return undefined;
}

/** A program for which a rule with a wildcard would allow running anything. */
function isOpenEnded({ words }: CommandLayer): boolean {
  const name = programName(words[0]) ?? "";
  if (onlyExactly.has(name) || wrappers.get(name)?.transparent === "always") return true;
  return (
    name === "find" && words.some(({ literal }) => /^-(exec|ok|delete|fprint|fls)/.test(literal ?? "-exec"))
  );
}
