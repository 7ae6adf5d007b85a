import { hostMatches } from "../rules/host-pattern.ts";
import type { RuleBehavior } from "../rules/rule.ts";
import type { RuleEntry } from "../rules/rule-book.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName } from "./finding.ts";
import { allowedTool } from "./judge-path.ts";
import { hostSuggestion } from "./suggestions.ts";

/** Judges one request to the network by its host. No host is harmless by itself. */
export function judgeNet(facts: CallFacts, url: string, method: string): Finding {
  const isRead = /^(get|head)$/i.test(method);
  const nature = isRead ? "reads" : "acts";
  const target = webTarget(url);
  if (typeof target === "string") {
    return { behavior: "ask", basis: "default", nature: "acts", reason: `\`${visible(url)}\` ${target}.` };
  }
  const host = target.hostname;
  for (const behavior of ["deny", "ask"] as const) {
    const entry = hostEntry(facts, behavior, host);
    if (entry === undefined) continue;
    const says = behavior === "deny" ? "is denied by" : "is asked about because of";
    return { behavior, basis: "rule", nature, entry, reason: `Reaching ${host} ${says} ${ruleName(entry)}.` };
  }
  if (facts.toolAllow !== undefined) return allowedTool(facts.toolAllow, nature);
  // The rule speaks of fetching: it does not let another tool send something to the host.
  const entry = isRead || facts.request.tool === "WebFetch" ? hostEntry(facts, "allow", host) : undefined;
  if (entry !== undefined) {
    return {
      behavior: "allow",
      basis: "rule",
      nature,
      entry,
      reason: `Reaching ${host} is allowed by ${ruleName(entry)}.`,
    };
  }
  const needs = isRead ? hostSuggestion(host) : [];
  return {
    behavior: "ask",
    basis: "default",
    nature,
    needs,
    reason: `No rule allows reaching ${visible(host)}.`,
  };
}

/** Parsed once, as `fetch` will parse it; or what speaks against it. */
function webTarget(url: string): URL | string {
  let target: URL;
  try {
    target = new URL(url);
  } catch {
    return "is not a URL";
  }
  if (target.protocol !== "http:" && target.protocol !== "https:") return "is not a web address";
  return target.username !== "" || target.password !== "" ? "carries a user name or password" : target;
}

function hostEntry(facts: CallFacts, behavior: RuleBehavior, host: string): RuleEntry | undefined {
  return facts.rules.hosts[behavior].find(({ rule }) => hostMatches(rule.pattern, host, behavior))?.entry;
}
