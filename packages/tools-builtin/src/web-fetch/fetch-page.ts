import type { IncomingMessage } from "node:http";
import { proxyFaultIn, thrownText, timeLimit, webTarget } from "@claw/agent-core";
import { httpGet, pageHeaders } from "./http-get.ts";
import { isSamePlace } from "./is-same-place.ts";
import type { ProxiedPage, ProxiedPages } from "./proxied-pages.ts";
import { type Body, readBody } from "./read-body.ts";
import { type AllowAddress, type Lookup, type ResolvedHost, resolveHost } from "./resolve-host.ts";

export type FetchedPage =
  | {
      readonly type: "page";
      readonly url: URL;
      readonly status: number;
      /** As the server gave it; empty where it did not. */
      readonly contentType: string;
      readonly body: Body;
      /** Host and port of the proxy that it came through. */
      readonly proxy?: string;
    }
  /** A redirect to another host, which has to be permitted on its own. */
  | { readonly type: "elsewhere"; readonly url: URL }
  /** `unavailable`: a proxy is in the way, and nothing was asked for. */
  | { readonly type: "refused" | "failed" | "unavailable" | "timed-out"; readonly reason: string };

export interface FetchLimits {
  /** Milliseconds for everything: names, connections, redirects, the body. */
  readonly totalMs: number;
  /** Milliseconds without a byte of the body. */
  readonly idleMs: number;
  /** Decompressed bytes of the body that are kept. */
  readonly bytes: number;
  readonly redirects: number;
  /**
   * Milliseconds for the addresses of a name that is fetched through a proxy: where only the proxy knows names, the system's
   * resolver may be silent.
   */
  readonly lookupMs: number;
}

export interface FetchPorts {
  readonly lookup: Lookup;
  readonly allowAddress: AllowAddress;
  readonly limits: FetchLimits;
  readonly proxied: ProxiedPages;
}

/**
 * Gets one page. Each address is checked before it is dialled, and again after each redirect; redirects are followed
 * on the same host only. Through a proxy, which looks names up itself, the addresses that are known here are checked. Rejects
 * only when `signal` fires.
 */
export async function fetchPage(start: URL, ports: FetchPorts, signal: AbortSignal): Promise<FetchedPage> {
  using limit = timeLimit(ports.limits.totalMs, signal);
  try {
    return await follow(start, ports, limit.signal);
  } catch (thrown) {
    signal.throwIfAborted();
    if (limit.signal.aborted) {
      return {
        type: "timed-out",
        reason: `There was no whole answer within ${ports.limits.totalMs / 1000} seconds.`,
      };
    }
    const fault = proxyFaultIn(thrown);
    if (fault === undefined) return { type: "failed", reason: reasonOf(thrown) };
    const hint = fault.hint === undefined ? "" : ` ${fault.hint}`;
    return { type: "unavailable", reason: `${fault.message}.${hint}` };
  }
}

async function follow(start: URL, ports: FetchPorts, signal: AbortSignal): Promise<FetchedPage> {
  let url = start;
  for (let redirects = 0; redirects <= ports.limits.redirects; redirects += 1) {
    const proxied = await ports.proxied(url);
    const answer =
      proxied === undefined
        ? await askDirectly(url, ports, signal)
        : await askThrough(proxied, url, ports, signal);
    if ("type" in answer) return answer;
    const target = redirectTarget(answer);
    if (target === undefined) return await finish(url, answer, proxied, ports.limits);
    answer.destroy();
    const next = webTarget(target, url);
    if (next.type === "refused") {
      return { type: "refused", reason: `It redirects to ${target.slice(0, 200)}. ${next.reason}` };
    }
    if (!isSamePlace(url, next.url)) return { type: "elsewhere", url: next.url };
    url = next.url;
  }
  return { type: "failed", reason: `There were more than ${ports.limits.redirects} redirects.` };
}

async function askDirectly(
  url: URL,
  { lookup, allowAddress }: FetchPorts,
  signal: AbortSignal,
): Promise<IncomingMessage | FetchedPage> {
  const host = await resolveHost(url, lookup, allowAddress, signal);
  if (host.type === "resolved") return await httpGet(url, host.addresses, signal);
  return { type: host.type === "refused" ? "refused" : "failed", reason: host.reason };
}

/** A name that is not known here is left to the proxy: it was judged before the call. */
async function askThrough(
  { proxy, get }: ProxiedPage,
  url: URL,
  ports: FetchPorts,
  signal: AbortSignal,
): Promise<IncomingMessage | FetchedPage> {
  const host = await addressesInTime(url, ports, signal);
  if (host.type === "refused") return { type: "refused", reason: host.reason };
  try {
    return await get(pageHeaders, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    if (proxyFaultIn(thrown) !== undefined) throw thrown;
    throw new Error(`${reasonOf(thrown)} (through the proxy at ${proxy})`, { cause: thrown });
  }
}

async function addressesInTime(
  url: URL,
  { lookup, allowAddress, limits }: FetchPorts,
  signal: AbortSignal,
): Promise<ResolvedHost> {
  using limit = timeLimit(limits.lookupMs, signal);
  try {
    return await resolveHost(url, lookup, allowAddress, limit.signal);
  } catch {
    signal.throwIfAborted();
    return { type: "unknown", reason: `${url.hostname} was not found in time.` };
  }
}

function redirectTarget(response: IncomingMessage): string | undefined {
  const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0);
  return isRedirect ? response.headers.location : undefined;
}

async function finish(
  url: URL,
  response: IncomingMessage,
  proxied: ProxiedPage | undefined,
  limits: FetchLimits,
): Promise<FetchedPage> {
  const contentType = response.headers["content-type"] ?? "";
  return {
    type: "page",
    url,
    status: response.statusCode ?? 0,
    contentType,
    body: await readBody(response, limits),
    ...(proxied === undefined ? {} : { proxy: proxied.proxy }),
  };
}

/** Several addresses that all failed come as one error with a list and no message of its own. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(thrownText).join("; ");
  return thrownText(thrown);
}
