import {
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction, Socket } from "node:net";
import type { HostAddress } from "./resolve-host.ts";

/** As what pages are asked for. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "user-agent": "Mozilla/5.0 (compatible; claw; WebFetch)",
  accept: "text/markdown, text/html;q=0.9, application/xhtml+xml;q=0.9, text/*;q=0.8, */*;q=0.5",
  "accept-encoding": "gzip, deflate, br",
  "accept-language": "en, *;q=0.5",
};

/**
 * Sends one GET, over a connection of its own, to one of the addresses given and to no other: they are what was
 * checked, so a name that has changed its address since leads nowhere new. Follows nothing. Rejects when there is no
 * answer or `signal` fires.
 */
export function httpGet(
  url: URL,
  addresses: readonly HostAddress[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method: "GET",
      headers: { ...pageHeaders },
      agent: false,
      signal,
      lookup: pinned(addresses),
      maxHeaderSize: 65_536,
    };
    const request =
      url.protocol === "https:"
        ? requestHttps(url, { ...options, rejectUnauthorized: true })
        : requestHttp(url, options);
    request.once("response", resolve);
    request.on("error", reject);
    request.once("socket", (socket: Socket) => verify(socket, addresses, request));
    request.end();
  });
}

/** Answers with the checked addresses whatever is asked. */
function pinned(addresses: readonly HostAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else if (first === undefined) callback(new Error("There is no address."), "", 4);
    else callback(null, first.address, first.family);
  };
}

/** The proof: where the connection really leads, before anything is sent. */
function verify(socket: Socket, addresses: readonly HostAddress[], request: ClientRequest): void {
  socket.once("connect", () => {
    const peer = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, "");
    if (addresses.some(({ address }) => sameAddress(address, peer))) return;
    request.destroy(new Error(`The connection led to ${peer ?? "nowhere"}, which was not checked.`));
  });
}

function sameAddress(one: string, other: string | undefined): boolean {
  if (other === undefined) return false;
  const canonical = (address: string) =>
    address.includes(":") ? new URL(`http://[${address.replace(/%.*$/, "")}]/`).hostname : address;
  const plain = one.replace(/^::ffff:(?=\d+\.)/i, "");
  return plain === other || canonical(plain) === canonical(other);
}
