import { addressClass, FaultError, isLocalName, type ProxyFaultCode, parseUrl } from "@claw/agent-core";
import { isExcepted } from "./no-proxy.ts";

/** A proxy, and who names it. */
export interface NamedProxy {
  readonly address: URL;
  /** Of the environment, as it is spelled there. */
  readonly variable: string;
}

/**
 * The proxy that the environment names for an address: `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, else `ALL_PROXY`, in
 * capitals or not; none where `NO_PROXY` excepts the host. This machine is never reached through another one.
 *
 * @throws FaultError `proxy-unusable` where what is named is no proxy that can be used
 */
export function proxyFor(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): NamedProxy | undefined {
  const { protocol, hostname, port } = new URL(url);
  const ownPort = port === "" ? { "http:": "80", "https:": "443" }[protocol] : port;
  const name = protocol === "https:" ? "https_proxy" : "http_proxy";
  const [variable = "", given] = named(env, name) ?? named(env, "all_proxy") ?? [];
  if (given === undefined || isThisMachine(hostname)) return undefined;
  const exceptions = named(env, "no_proxy")?.[1] ?? "";
  if (isExcepted(exceptions, hostname, ownPort)) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const address = parseUrl(text);
  if (address === undefined) throw unusable(`${variable} is not the address of a proxy`);
  if (address.protocol === "http:" || address.protocol === "https:") return { address, variable };
  throw unusable(
    `${variable} names a proxy of the kind ${address.protocol}//, and only http and https can be used`,
  );
}

function unusable(message: string): FaultError<ProxyFaultCode> {
  return new FaultError({
    code: "proxy-unusable",
    message,
    hint: "Name it as http://HOST:PORT, or the host in NO_PROXY.",
  });
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
