import type { IncomingMessage } from "node:http";
import { thrownText, timeLimit, webTarget } from "@claw/agent-core";
import { httpGet } from "./http-get.ts";
import { isSamePlace } from "./is-same-place.ts";
import { type Body, readBody } from "./read-body.ts";
import { type AllowAddress, type Lookup, resolveHost } from "./resolve-host.ts";

export type FetchedPage =
  | {
      readonly type: "page";
      readonly url: URL;
      readonly status: number;
      /** As the server gave it; empty where it did not. */
      readonly contentType: string;
      readonly body: Body;
    }
  /** A redirect to another host, which has to be permitted on its own. */
  | { readonly type: "elsewhere"; readonly url: URL }
  | { readonly type: "refused" | "failed" | "timed-out"; readonly reason: string };

export interface FetchLimits {
  /** Milliseconds for everything: names, connections, redirects, the body. */
  readonly totalMs: number;
  /** Milliseconds without a byte of the body. */
  readonly idleMs: number;
  /** Decompressed bytes of the body that are kept. */
  readonly bytes: number;
  readonly redirects: number;
}

export interface FetchPorts {
  readonly lookup: Lookup;
  readonly allowAddress: AllowAddress;
  readonly limits: FetchLimits;
}

/**
 * Gets one page. Each address is checked before it is dialled, and again after each redirect; redirects are followed
 * on the same host only. Rejects only when `signal` fires.
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
    return { type: "failed", reason: reasonOf(thrown) };
  }
}

async function follow(start: URL, ports: FetchPorts, signal: AbortSignal): Promise<FetchedPage> {
  let url = start;
  for (let redirects = 0; redirects <= ports.limits.redirects; redirects += 1) {
    const host = await resolveHost(url, ports.lookup, ports.allowAddress, signal);
    if (host.type !== "resolved") {
      return { type: host.type === "refused" ? "refused" : "failed", reason: host.reason };
    }
    const response = await httpGet(url, host.addresses, signal);
    const target = redirectTarget(response);
    if (target === undefined) return await finish(url, response, ports.limits);
    response.destroy();
    const next = webTarget(target, url);
    if (next.type === "refused") {
      return { type: "refused", reason: `It redirects to ${target.slice(0, 200)}. ${next.reason}` };
    }
    if (!isSamePlace(url, next.url)) return { type: "elsewhere", url: next.url };
    url = next.url;
  }
  return { type: "failed", reason: `There were more than ${ports.limits.redirects} redirects.` };
}

function redirectTarget(response: IncomingMessage): string | undefined {
  const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0);
  return isRedirect ? response.headers.location : undefined;
}

async function finish(url: URL, response: IncomingMessage, limits: FetchLimits): Promise<FetchedPage> {
  const contentType = response.headers["content-type"] ?? "";
  return {
    type: "page",
    url,
    status: response.statusCode ?? 0,
    contentType,
    body: await readBody(response, limits),
  };
}

/** Several addresses that all failed come as one error with a list and no message of its own. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(thrownText).join("; ");
  return thrownText(thrown);
}
