import type { ProxiedPages } from "@claw/tools-builtin";

/** `proxiedPages`, loaded with the first page. */
export function lateProxiedPages(env: Readonly<Record<string, string | undefined>>): ProxiedPages {
  let loaded: Promise<ProxiedPages> | undefined;
  return async (url) => {
    loaded ??= import("./proxied-pages.ts").then(({ proxiedPages }) => proxiedPages(env));
    return (await loaded)(url);
  };
}
