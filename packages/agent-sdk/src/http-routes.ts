import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { connectPatience } from "./connect-patience.ts";
import type { ProxyFaults } from "./proxy-faults.ts";
import { type NamedProxy, proxyFor } from "./proxy-for.ts";

/** How to reach an address: directly, or through a proxy. */
export interface HttpRoute {
  readonly request: typeof httpRequest;
  /** Where to connect, and as what to ask there. */
  readonly options: Pick<RequestOptions, "protocol" | "hostname" | "port" | "path" | "agent">;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: there is none on the way. */
  readonly proxy?: RouteProxy;
}

export interface RouteProxy {
  /** Its host and port, for people: nothing of its user. */
  readonly host: string;
  /** It is asked itself, by whole addresses, and does not just make a connection. */
  readonly asks: boolean;
  readonly faults: ProxyFaults;
}

export interface HttpRoutesOptions {
  /** Names proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Finds routes, and keeps their connections for the next requests. */
export function createHttpRoutes({ env, now }: HttpRoutesOptions): (url: string) => Promise<HttpRoute> {
  const agents = new Map<string, HttpAgent>();
  const idleSince = new WeakMap<object, number>();

  const agentOf: AgentOf = (key, make) => {
    const agent = agents.get(key) ?? watched(make());
    agents.set(key, agent);
    closeStale(agent);
    return agent;
  };
  const watched = (agent: HttpAgent): HttpAgent => {
    agent.on("free", (socket: object) => idleSince.set(socket, now()));
    return agent;
  };
  /** By the clock on the wall: a computer that slept has connections that nobody at the other end knows any more. */
  const closeStale = (agent: HttpAgent): void => {
    for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) {
      if (now() - (idleSince.get(socket) ?? 0) > longestIdle) socket.destroy();
    }
  };

  return async (url) => {
    const proxy = proxyFor(url, env);
    if (proxy !== undefined) return await routeThrough(proxy, new URL(url), agentOf);
    const { protocol, ...target } = targetOf(new URL(url));
    const isSecure = protocol === "https:";
    const agent = agentOf(protocol, () => new (isSecure ? HttpsAgent : HttpAgent)(connecting));
    const request = isSecure ? httpsRequest : httpRequest;
    return { request, options: { protocol, ...target, agent }, headers: {} };
  };
}

type AgentOf = (key: string, make: () => HttpAgent) => HttpAgent;

async function routeThrough(proxy: NamedProxy, url: URL, agentOf: AgentOf): Promise<HttpRoute> {
  const [{ proxyAuthorization, TunnelAgent }, { proxyFaults }] = await Promise.all([
    import("./tunnel-agent.ts"),
    import("./proxy-faults.ts"),
  ]);
  const { address } = proxy;
  const via = { host: address.host, faults: proxyFaults(proxy) };
  if (url.protocol === "https:") {
    const agent = agentOf("tunnel", () => new TunnelAgent(proxy, connecting));
    const options = { ...targetOf(url), agent };
    return { request: httpsRequest, options, headers: {}, proxy: { ...via, asks: false } };
  }
  const viaTls = address.protocol === "https:";
  const agent = agentOf(address.protocol, () => new (viaTls ? HttpsAgent : HttpAgent)(connecting));
  return {
    request: viaTls ? httpsRequest : httpRequest,
    // Without what else an address may hold: a user, a password, a fragment.
    options: { ...targetOf(address), path: url.origin + url.pathname + url.search, agent },
    headers: { host: url.host, ...proxyAuthorization(address) },
    proxy: { ...via, asks: true },
  };
}

function targetOf({ protocol, hostname, port, pathname, search }: URL): {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
} {
  return { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port, path: pathname + search };
}

const connecting = { keepAlive: true, ...connectPatience } as const;

/** A connection that was idle for longer is not used again: routers forget such ones without a word, and a request would wait for minutes. */
const longestIdle = 60_000;
