import type { Fetch } from "@claw/agent-mcp";

/** `proxiedFetch`, loaded with the first request: most servers are programs and need none. */
export function lateProxiedFetch(env: Readonly<Record<string, string | undefined>>): Fetch {
  let loaded: Promise<Fetch> | undefined;
  return async (url, init) => {
    loaded ??= import("./proxied-fetch.ts").then(({ proxiedFetch }) => proxiedFetch(env));
    return (await loaded)(url, init);
  };
}
