import type { PermissionRequest } from "@claw/agent-core";
import { createEvaluate } from "../evaluate.ts";
import type { PolicyOptions } from "../policy-options.ts";
import type { RuleEntry } from "../rules/rule-book.ts";
import type { CommandFacts } from "./command-facts.ts";

/** Why a call is decided as it is. */
export interface Explanation {
  readonly decision: "allow" | "ask" | "deny";
  /** One sentence. */
  readonly reason: string;
  readonly parts: readonly ExplainedPart[];
  /** How a command line was read; absent for other calls. */
  readonly command?: CommandFacts;
  /** What would change the decision. */
  readonly changes: readonly string[];
}

export interface ExplainedPart {
  readonly subject: string;
  readonly decision: "allow" | "ask" | "deny";
  readonly reason: string;
  readonly rule?: { readonly behavior: string; readonly text: string; readonly source: string };
  /** The rules that together would allow this part. */
  readonly needs: readonly string[];
}

/** Decides a call as the policy of these options would, and says how it was read and what would change it. */
export async function explain(
  request: PermissionRequest,
  options: PolicyOptions,
  signal: AbortSignal,
): Promise<Explanation> {
  const { decision, parts } = await createEvaluate(options)(request, signal);
  const command = await factsOf(request, options);
  const explained = parts.map(({ subject, decision: own, reason, needs, rule }) => ({
    subject,
    decision: own,
    reason,
    needs,
    ...(rule === undefined ? {} : { rule: named(rule) }),
  }));
  return {
    decision: decision.type,
    reason: decision.reason,
    parts: explained,
    changes: changesOf(explained, decision.type === "ask" ? (decision.suggestions ?? []) : [], options),
    ...(command === undefined ? {} : { command }),
  };
}

async function factsOf(
  { effects }: PermissionRequest,
  { home }: PolicyOptions,
): Promise<CommandFacts | undefined> {
  const shell = effects.find((effect) => effect.type === "shell");
  if (shell === undefined) return undefined;
  const { commandFacts } = await import("./command-facts.ts");
  return commandFacts(shell.command, { cwd: shell.cwd, home });
}

function named({ behavior, text, source }: RuleEntry): NonNullable<ExplainedPart["rule"]> {
  return { behavior, text, source: source.name };
}

function changesOf(
  parts: readonly ExplainedPart[],
  suggestions: readonly string[],
  { mode }: PolicyOptions,
): readonly string[] {
  const stopped = parts.filter(({ decision }) => decision !== "allow");
  if (stopped.length === 0) {
    return parts.flatMap(({ rule }) =>
      rule === undefined
        ? []
        : [`Without the ${rule.behavior} rule \`${rule.text}\` (${rule.source}) it may be asked about.`],
    );
  }
  const rules = stopped.flatMap(({ rule }) =>
    rule === undefined ? [] : [`Take out the ${rule.behavior} rule \`${rule.text}\` (${rule.source}).`],
  );
  const allow =
    suggestions.length === 0
      ? []
      : [`Allow it with ${suggestions.map((each) => `\`${each}\``).join(" and ")}.`];
  const changes = [...new Set([...rules, ...allow])];
  if (changes.length > 0) return changes;
  return mode() === "plan" || mode() === "dontAsk" || mode() === "deny"
    ? [`Choose another mode than ${mode()}.`]
    : ["No rule can allow this; a person has to be asked."];
}
