import type { RuleBehavior } from "./rule.ts";
import { wildcardMatches } from "./wildcard.ts";

/**
 * Whether a host fits the pattern of `WebFetch(domain:...)`. A leading `*.` stands for any depth of subdomains and
 * not for the domain itself; any other `*` stays within one label. `*` alone denies and asks about every host.
 */
export function hostMatches(pattern: string, host: string, behavior: RuleBehavior): boolean {
  if (pattern === "*" && behavior !== "allow") return true;
  const wanted = asciiHost(pattern).split(".");
  const actual = asciiHost(host).split(".");
  if (wanted[0] === "*" && wanted.length > 1) {
    wanted.shift();
    if (actual.length <= wanted.length) return false;
    actual.splice(0, actual.length - wanted.length);
  }
  return (
    wanted.length === actual.length && wanted.every((label, i) => wildcardMatches(label, actual[i] ?? ""))
  );
}

/** In lower case and punycode, as a URL has it, so that both sides are compared in one form. */
function asciiHost(host: string): string {
  const bare = host.toLowerCase().replace(/\.$/, "");
  if (bare.includes("*")) return bare;
  try {
    return new URL(`http://${bare}`).hostname;
  } catch {
    return bare;
  }
}
