import type { RuleEntry } from "../rules/rule-book.ts";
import { wildcardMatches } from "../rules/wildcard.ts";
import { type CommandLayer, commandLayers, mostLayers, runsOthers } from "../shell/command-layers.ts";
import { hits, spellings } from "../shell/command-text.ts";
import type { ShellPart } from "../shell/shell-parts.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName } from "./finding.ts";
import type { InnerParts } from "./inner-parts.ts";

/** What deny and ask rules on commands say about one command, and about what wrappers around it run. */
export function commandRuleFindings(facts: CallFacts, { command }: ShellPart): readonly Finding[] {
  if (command.words.length === 0) return [];
  const layers = commandLayers(command.words);
  const findings = layers.flatMap((layer, i) =>
    layerFindings(facts, layer, i === 0 ? command.text : undefined),
  );
  return layers.length < mostLayers ? findings : [...findings, ...deepFindings(facts, command.text)];
}

/** What lies deeper than layers are followed is held against rules as text, and asked about in every mode. */
function deepFindings(facts: CallFacts, text: string): readonly Finding[] {
  const shown = visible(text.length > 300 ? `${text.slice(0, 300)}...` : text);
  const reason = `\`${shown}\` runs a program through too many others to be followed.`;
  const ask: Finding = { behavior: "ask", basis: "guard", nature: "acts", reason };
  return [...rawTextFindings(facts, text), ask];
}

/** What deny and ask rules on commands say about scripts that cannot be read, or not in full. */
export function unreadFindings(facts: CallFacts, text: string, inner: InnerParts): readonly Finding[] {
  const findings = inner.broken.flatMap((source) => rawTextFindings(facts, source));
  const entry = mayBeRuled(facts);
  if (entry !== undefined && (inner.unread || inner.broken.length > 0))
    findings.push(perhapsRuled(text, entry));
  return findings;
}

/**
 * What deny and ask rules say about a text that does not parse, cut at everything that may end a command, and at every
 * word where a program that runs others begins.
 */
export function rawTextFindings(facts: CallFacts, source: string): readonly Finding[] {
  const pieces = source
    .replace(/\\\n/g, "")
    .replace(/[<>]&\s*-/g, ";")
    .split(/[;&|\n\r(){}`]|\$\(/)
    .map((piece) =>
      piece
        .replace(/["'\\]/g, "")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((piece) => piece !== "");
  const commands = pieces.flatMap((piece) =>
    runsOthers(piece.split(" ", 1)[0]) ? suffixes(piece) : [piece],
  );
  for (const behavior of ["deny", "ask"] as const) {
    for (const { pattern, entry } of facts.rules.commands[behavior]) {
      const piece = commands.find((one) => pattern.forms.some((form) => wildcardMatches(form, one)));
      if (piece !== undefined) return [ruled(behavior, piece, entry)];
    }
  }
  return [];
}

function suffixes(piece: string): readonly string[] {
  const starts = [0, ...[...piece.matchAll(/ /g)].map(({ index }) => index + 1)];
  return starts.slice(0, mostSuffixes).map((start) => piece.slice(start));
}

/** More words than that before the program proper are asked about like any text that does not parse. */
const mostSuffixes = 50_000;

/** Some deny or ask rule on commands: one that a command which cannot be read might be meant by. */
export function mayBeRuled(facts: CallFacts): RuleEntry | undefined {
  return (facts.rules.commands.deny[0] ?? facts.rules.commands.ask[0])?.entry;
}

function layerFindings(facts: CallFacts, layer: CommandLayer, raw: string | undefined): readonly Finding[] {
  const findings: Finding[] = [];
  const texts = spellings(layer, raw);
  const shown = raw ?? layer.words.map(({ text }) => text).join(" ");
  for (const behavior of ["deny", "ask"] as const) {
    for (const { pattern, entry } of facts.rules.commands[behavior]) {
      const hit = hits(pattern, texts);
      if (hit === "sure") findings.push(ruled(behavior, shown, entry));
      if (hit === "perhaps") findings.push(perhapsRuled(shown, entry));
    }
  }
  return findings;
}

function ruled(behavior: "ask" | "deny", text: string, entry: RuleEntry): Finding {
  const says = behavior === "deny" ? "is denied by" : "is asked about because of";
  const reason = `\`${visible(text)}\` ${says} ${ruleName(entry)}.`;
  return { behavior, basis: "rule", nature: "acts", entry, reason };
}

function perhapsRuled(text: string, entry: RuleEntry): Finding {
  const reason = `\`${visible(text)}\` may be meant by ${ruleName(entry)}: what it runs cannot be read.`;
  return { behavior: "ask", basis: "rule", nature: "acts", entry, reason };
}
