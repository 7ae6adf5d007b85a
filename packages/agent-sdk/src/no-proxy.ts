import { BlockList, isIP } from "node:net";

/**
 * Whether `NO_PROXY` excepts a host, as it stands in a URL: `*`, a host, a domain with all below it (`.corp.example`,
 * `*.corp.example`), an address, each also with a port, or a network (`10.0.0.0/8`, `fd00::/8`), with commas or blanks between.
 */
export function isExcepted(exceptions: string, hostname: string, port: string | undefined): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .some((exception) =>
      exception === "*" || isIP(host) === 0
        ? exceptsName(exception, host, port)
        : exceptsAddress(exception, host, port),
    );
}

function exceptsName(exception: string, host: string, port: string | undefined): boolean {
  if (exception === "*") return true;
  const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(exception) ?? [];
  const domain = name.replace(/^\*?\./, "");
  if (domain === "" || (only !== undefined && only !== port)) return false;
  return host === domain || host.endsWith(`.${domain}`);
}

function exceptsAddress(exception: string, host: string, port: string | undefined): boolean {
  const [, bare, bits] = /^\[?([^[\]/]*)\]?(?:\/(\d+))?$/.exec(exception) ?? [];
  if (bare !== undefined && isIP(bare) !== 0) return isWithin(host, bare, bits);
  const [, address = "", only] = /^\[?([^[\]]*)\]?:(\d+)$/.exec(exception) ?? [];
  return only === port && isIP(address) !== 0 && isWithin(host, address, undefined);
}

function isWithin(host: string, network: string, bits: string | undefined): boolean {
  const most = isIP(network) === 6 ? 128 : 32;
  const prefix = bits === undefined ? most : Number(bits);
  if (isIP(host) !== isIP(network) || prefix > most) return false;
  const family = most === 128 ? "ipv6" : "ipv4";
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(host, family);
}
