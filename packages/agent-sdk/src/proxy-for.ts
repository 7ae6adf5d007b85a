import { addressClass, isLocalName } from "@claw/agent-core";

/**
 * The proxy that the environment names for an address: `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, else `ALL_PROXY`, in
 * capitals or not; none where `NO_PROXY` excepts the host. This machine is never reached through another one.
 *
 * @throws Error where what is named is no proxy that can be used
 */
export function proxyFor(url: string, env: Readonly<Record<string, string | undefined>>): URL | undefined {
  const { protocol, hostname, port } = new URL(url);
  const ownPort = port === "" ? { "http:": "80", "https:": "443" }[protocol] : port;
  const name = protocol === "https:" ? "https_proxy" : "http_proxy";
  const [source, given] = named(env, name) ?? named(env, "all_proxy") ?? [];
  if (given === undefined || isThisMachine(hostname)) return undefined;
  const exceptions = named(env, "no_proxy")?.[1] ?? "";
  if (exceptions.split(/[\s,]+/).some((exception) => excepts(exception, hostname, ownPort))) return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (!URL.canParse(address)) throw new Error(`${source} is not the address of a proxy`);
  const proxy = new URL(address);
  if (proxy.protocol === "http:" || proxy.protocol === "https:") return proxy;
  throw new Error(
    `${source} names a proxy of the kind ${proxy.protocol}//, and only http and https can be used`,
  );
}

function isThisMachine(hostname: string): boolean {
  return isLocalName(hostname) || addressClass(hostname.replace(/^\[|\]$/g, "")) === "loopback";
}

function named(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): readonly [name: string, value: string] | undefined {
  for (const spelling of [name, name.toUpperCase()]) {
    const value = env[spelling]?.trim();
    if (value !== undefined && value !== "") return [spelling, value];
  }
  return undefined;
}

/** `*`, a host, a domain with all below it (`.corp.example`, `*.corp.example`), each also with a port. */
function excepts(exception: string, hostname: string, port: string | undefined): boolean {
  if (exception === "*") return true;
  const [, host = "", only] = /^(.*?)(?::(\d+))?$/.exec(exception.toLowerCase()) ?? [];
  const domain = host.replace(/^\*?\./, "");
  if (domain === "" || (only !== undefined && only !== port)) return false;
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
