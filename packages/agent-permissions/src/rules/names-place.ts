import { addressClass, isLocalName } from "@claw/agent-core";
import { hostMatches } from "./host-pattern.ts";

/**
 * Whether the pattern of an allow rule names a place that is not on the public Internet, as somebody must have meant it:
 * its address, or `localhost`. A rule on a name from the public Internet does not: whoever owns the name decides where it
 * leads, also tomorrow.
 */
export function namesPlace(pattern: string, host: string, address: string): boolean {
  if (isLocalName(host) && hostMatches(pattern, host, "allow")) return true;
  if (addressClass(pattern.replace(/^\[|\]$/g, "")) === "invalid") return false;
  return hostMatches(pattern, address.includes(":") ? `[${address}]` : address, "allow");
}
