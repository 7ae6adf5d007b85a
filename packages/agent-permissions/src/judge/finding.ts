import type { RuleEntry } from "../rules/rule-book.ts";

/** What one part of a call comes to, before the mode is applied. */
export interface Finding {
  readonly behavior: "allow" | "ask" | "deny";
  /** What says so: it decides what a mode may still change. */
  readonly basis:
    | "rule"
    /** A file or a removal that no mode may wave through. */
    | "guard"
    /** What is known about the effect itself. */
    | "knowledge"
    /** Nothing speaks for it. */
    | "default";
  /** What the effect is: `edits` is writing a file in the workspace. */
  readonly nature: "reads" | "edits" | "acts";
  /** Set where a file that holds keys or passwords would be read. */
  readonly shows?: "secrets";
  /** One sentence. */
  readonly reason: string;
  /** What of the call it is about, as written; absent: the whole effect. */
  readonly subject?: string;
  readonly entry?: RuleEntry;
  /** The rules that together would allow exactly this; none where no rule can, or should. */
  readonly needs?: readonly string[];
}

/** The strictest of the findings; among equals one that less can wave through, then the first. */
export function worstFinding(findings: readonly Finding[]): Finding | undefined {
  let worst: Finding | undefined;
  for (const finding of findings) if (worst === undefined || weight(finding) > weight(worst)) worst = finding;
  return worst;
}

function weight({ behavior, basis, nature, shows }: Finding): number {
  if (behavior === "deny") return 5;
  // What does the most says best why it may be done.
  if (behavior !== "ask") return nature === "reads" ? 0 : 0.5;
  if (basis === "rule") return 4;
  if (basis === "guard") return 3;
  return shows === undefined ? 1 : 2;
}

/** How a rule is named in a reason. */
export function ruleName({ behavior, text, source }: RuleEntry): string {
  return `the ${behavior} rule \`${text}\` (${source.name})`;
}
