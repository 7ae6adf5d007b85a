import type { ProxiedPages } from "@claw/tools-builtin";
import { createHttpRoutes } from "./http-routes.ts";
import { sendOver } from "./send-over.ts";

/** Held to what holds for pages that are fetched directly. */
const page = { method: "GET", maxHeaderSize: 65_536, rejectUnauthorized: true } as const;

/** For WebFetch: the way to a page where the environment names a proxy for it, and none where it does not. */
export function proxiedPages(env: Readonly<Record<string, string | undefined>>): ProxiedPages {
  const routeTo = createHttpRoutes({ env, now: Date.now });
  return async (url) => {
    const route = await routeTo(url.href);
    if (route.proxy === undefined) return undefined;
    return {
      proxy: route.proxy.host,
      get: (headers, signal) => sendOver(route, { ...page, headers }, signal),
    };
  };
}
