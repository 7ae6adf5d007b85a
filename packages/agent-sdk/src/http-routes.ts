import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { proxyFor } from "./proxy-for.ts";

/** How to reach an address: directly, or through a proxy. */
export interface HttpRoute {
  readonly request: typeof httpRequest;
  /** Where to connect, and as what to ask there. */
  readonly options: Pick<RequestOptions, "protocol" | "hostname" | "port" | "path" | "agent">;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpRoutesOptions {
  /** Names proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Finds routes, and keeps their connections for the next requests. */
export function createHttpRoutes({ env, now }: HttpRoutesOptions): (url: string) => Promise<HttpRoute> {
  const agents = new Map<string, Promise<HttpAgent>>();
  const idleSince = new WeakMap<object, number>();

  const agentOf = async (key: string, make: () => HttpAgent | Promise<HttpAgent>): Promise<HttpAgent> => {
    const kept = agents.get(key) ?? Promise.resolve(make()).then(watched);
    agents.set(key, kept);
    const agent = await kept;
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
    const { protocol, hostname, port, pathname, search, host } = new URL(url);
    const isSecure = protocol === "https:";
    const request = isSecure ? httpsRequest : httpRequest;
    const target = { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port, path: pathname + search };
    const proxy = proxyFor(url, env);
    if (proxy === undefined) {
      const agent = await agentOf(
        protocol,
        () => new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true }),
      );
      return { request, options: { ...target, agent }, headers: {} };
    }
    const { proxyAuthorization, TunnelAgent } = await import("./tunnel-agent.ts");
    if (isSecure) {
      const agent = await agentOf("tunnel", () => new TunnelAgent(proxy, { keepAlive: true }));
      return { request, options: { ...target, agent }, headers: {} };
    }
    const viaTls = proxy.protocol === "https:";
    const agent = await agentOf(
      proxy.protocol,
      () => new (viaTls ? HttpsAgent : HttpAgent)({ keepAlive: true }),
    );
    const place = {
      protocol: proxy.protocol,
      hostname: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port,
    };
    return {
      request: viaTls ? httpsRequest : httpRequest,
      options: { ...place, path: url, agent },
      headers: { host, ...proxyAuthorization(proxy) },
    };
  };
}

/** A connection that was idle for longer is not used again: routers forget such ones without a word, and a request would wait for minutes. */
const longestIdle = 60_000;
