import { addressClass, addressKind, ipv4Within, isLocalName, webTarget } from "@claw/agent-core";
import { hostMatches } from "../rules/host-pattern.ts";
import { namesPlace } from "../rules/names-place.ts";
import type { RuleBehavior } from "../rules/rule.ts";
import type { RuleEntry } from "../rules/rule-book.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName } from "./finding.ts";
import { allowedTool } from "./judge-path.ts";
import { hostSuggestion } from "./suggestions.ts";

/**
 * Judges one request to the network by its host and the addresses that are known of it. No host is harmless by itself,
 * and one that is not on the public Internet is refused, in every mode, unless an allow rule names it.
 */
export async function judgeNet(facts: CallFacts, url: string, method: string): Promise<Finding> {
  const isRead = /^(get|head)$/i.test(method);
  const nature = isRead ? "reads" : "acts";
  const target = webTarget(url);
  const host = target.url?.hostname ?? "";
  const addresses = await addressesOf(facts, host);
  for (const behavior of ["deny", "ask"] as const) {
    const names = [host, ...addresses.flatMap(asHosts)];
    const entry = names.map((name) => hostEntry(facts, behavior, name)).find((found) => found !== undefined);
    if (entry === undefined) continue;
    const says = behavior === "deny" ? "is denied by" : "is asked about because of";
    const reason = `Reaching ${visible(host)} ${says} ${ruleName(entry)}.`;
    return { behavior, basis: "rule", nature, entry, reason };
  }
  if (target.type === "refused") {
    // No tool fetches it, so no mode may say yes to it.
    const reason = `\`${visible(url)}\` is not for fetching. ${target.reason}`;
    return { behavior: "ask", basis: "guard", nature: "acts", reason };
  }
  const inner = addresses.find((address) => !mayReach(facts, host, address));
  if (inner !== undefined) return refusedPlace(host, inner);
  const isUnknown = addresses.length === 0 && isInnerName(host);
  if (isUnknown && hostEntry(facts, "allow", host) === undefined) {
    const reason = `${visible(host)} is a name for use inside of a network, and always asked about.`;
    return {
      behavior: "ask",
      basis: "guard",
      nature: "acts",
      needs: isRead ? hostSuggestion(host) : [],
      reason,
    };
  }
  if (facts.toolAllow !== undefined) return allowedTool(facts.toolAllow, nature);
  // The rule speaks of fetching: it does not let another tool send something to the host.
  const entry = isRead || facts.request.tool === "WebFetch" ? hostEntry(facts, "allow", host) : undefined;
  if (entry !== undefined) {
    const reason = `Reaching ${host} is allowed by ${ruleName(entry)}.`;
    return { behavior: "allow", basis: "rule", nature, entry, reason };
  }
  const needs = isRead ? hostSuggestion(host) : [];
  const reason = `No rule allows reaching ${visible(host)}.`;
  return { behavior: "ask", basis: "default", nature, needs, reason };
}

/** The addresses that are known without, or by, asking; none for a name of which nothing is known. */
async function addressesOf({ resolve }: CallFacts, host: string): Promise<readonly string[]> {
  const bare = host.replace(/^\[|\]$/g, "");
  if (bare === "") return [];
  if (isLocalName(bare)) return ["127.0.0.1"];
  if (addressClass(bare) !== "invalid") return [bare];
  if (isMetadataName(bare)) return ["169.254.169.254"];
  try {
    return (await resolve?.(host.replace(/\.$/, ""))) ?? [];
  } catch {
    // It leads nowhere now; whoever connects looks at the address then.
    return [];
  }
}

/** Names of the service that gives a machine in a cloud its credentials. */
function isMetadataName(host: string): boolean {
  const name = host.replace(/\.$/, "").toLowerCase();
  return /^(metadata|instance-data)(\..*)?(?<=\.internal|^[^.]*)$/.test(name) || metadataNames.has(name);
}

const metadataNames: ReadonlySet<string> = new Set([
  "metadata.goog",
  "metadata.tencentyun.com",
  "metadata.packet.net",
  "metadata.platformequinix.com",
]);

/** Names that mean nothing on the public Internet: without a dot, or below a top that networks use for themselves. */
function isInnerName(host: string): boolean {
  const name = host.replace(/\.$/, "");
  if (name === "" || name.startsWith("[")) return false;
  return !name.includes(".") || innerTops.test(name);
}

const innerTops =
  /\.(internal|intranet|private|local|localdomain|lan|home|corp|svc|home\.arpa|in-addr\.arpa|ip6\.arpa)$/i;

/** An address as rules name hosts, also as the IPv4 address that it stands for. */
function asHosts(address: string): readonly string[] {
  const inner = ipv4Within(address);
  const own = address.includes(":") ? `[${address}]` : address;
  return inner === undefined ? [own] : [own, inner];
}

function mayReach(facts: CallFacts, host: string, address: string): boolean {
  return (
    addressClass(address) === "public" ||
    facts.rules.hosts.allow.some(({ rule }) => namesPlace(rule.pattern, host, address))
  );
}

function refusedPlace(host: string, address: string): Finding {
  const shown = host.replace(/^\[|\]$/g, "") === address ? visible(host) : `${visible(host)} (${address})`;
  const rule = isLocalName(host) ? host.replace(/\.$/, "") : (asHosts(address)[0] ?? address);
  const reason =
    `Reaching ${shown} is refused: it is not on the public Internet (${addressKind(addressClass(address))}). ` +
    `Only an allow rule that names it lets it through: \`WebFetch(domain:${rule})\`.`;
  return { behavior: "deny", basis: "guard", nature: "acts", reason };
}

function hostEntry(facts: CallFacts, behavior: RuleBehavior, host: string): RuleEntry | undefined {
  return facts.rules.hosts[behavior].find(({ rule }) => hostMatches(rule.pattern, host, behavior))?.entry;
}
