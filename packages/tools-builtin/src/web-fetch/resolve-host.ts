import { lookup as systemLookup } from "node:dns/promises";
import { isIP } from "node:net";
import { addressClass, addressKind, isLocalName, thrownText } from "@claw/agent-core";

export interface HostAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a name. Rejects when there are none. */
export type Lookup = (hostname: string, signal: AbortSignal) => Promise<readonly HostAddress[]>;

/** Whether an address that is not public may be reached after all, such as one that a rule names. */
export type AllowAddress = (address: string, url: URL) => boolean;

export type ResolvedHost =
  | { readonly type: "resolved"; readonly addresses: readonly HostAddress[] }
  | { readonly type: "refused" | "unknown"; readonly reason: string };

/**
 * The addresses that may be dialled for a URL: all that its host has, and none when a single one of them is not public
 * and not allowed. Rejects only when `signal` fires.
 */
export async function resolveHost(
  url: URL,
  lookup: Lookup,
  allowAddress: AllowAddress,
  signal: AbortSignal,
): Promise<ResolvedHost> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = await addressesOf(host, lookup, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    return thrownText(error);
  });
  if (typeof addresses === "string")
    return { type: "unknown", reason: `${host} cannot be found: ${addresses}` };
  if (addresses.length === 0) return { type: "unknown", reason: `${host} has no address.` };
  for (const { address } of addresses) {
    const kind = addressClass(address);
    if (kind === "public" || (kind !== "invalid" && allowAddress(address, url))) continue;
    return {
      type: "refused",
      reason: `${named(host, address)} is not on the public Internet (${addressKind(kind)}).`,
    };
  }
  return { type: "resolved", addresses };
}

async function addressesOf(
  host: string,
  lookup: Lookup,
  signal: AbortSignal,
): Promise<readonly HostAddress[]> {
  const family = isIP(host);
  if (family === 4 || family === 6) return [{ address: host, family }];
  if (isLocalName(host)) return [loopback];
  return lookup(host, signal);
}

const loopback: HostAddress = { address: "127.0.0.1", family: 4 };

/** The system's resolver. A signal cannot stop it, so it is no longer waited for. */
export const lookupAll: Lookup = async (hostname, signal) => {
  const found = await Promise.race([systemLookup(hostname, { all: true, verbatim: true }), aborted(signal)]);
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

function named(host: string, address: string): string {
  return host === address ? address : `${host} (${address})`;
}
