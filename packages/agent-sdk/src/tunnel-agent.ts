import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { type AgentOptions, Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import { onAbort } from "@claw/agent-core";
import { connectPatience } from "./connect-patience.ts";
import { proxyFaults } from "./proxy-faults.ts";
import type { NamedProxy } from "./proxy-for.ts";

/** How long a proxy may take to make a connection, in milliseconds. */
const patience = 60_000;

type ConnectOptions = Parameters<HttpsAgent["createConnection"]>[0] & {
  /** Of the request that the connection is for; `signal` itself is kept from agents by Node. */
  readonly until?: AbortSignal;
};

/**
 * HTTPS through a proxy that makes connections (`CONNECT`): what goes through it is encrypted from end to end. A tunnel is
 * used again like any connection.
 */
export class TunnelAgent extends HttpsAgent {
  readonly #proxy: NamedProxy;

  constructor(proxy: NamedProxy, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: ConnectOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const done = callback as ((error: Error | null, stream?: Duplex) => void) | undefined; // Node takes an error alone
    const { rejectUnauthorized, until = new AbortController().signal } = options;
    const host = options.host ?? "";
    const kind = isIP(host);
    // For this host the other end has to prove itself. Were it left out, an address would be held to the name of the proxy.
    const proof = {
      ...{ host, servername: kind === 0 ? host : "" },
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    };
    openTunnel(this.#proxy, `${kind === 6 ? `[${host}]` : host}:${options.port}`, until).then(
      (socket) => done?.(null, connect({ ...this.options, ...proof, socket })),
      (error: unknown) => done?.(error as Error), // made below
    );
    return undefined;
  }
}

/** Rejects with a `FaultError` of a `ProxyFaultCode`, also when the signal fires. */
function openTunnel(proxy: NamedProxy, authority: string, signal: AbortSignal): Promise<Socket> {
  const { address } = proxy;
  const faults = proxyFaults(proxy);
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const connecting: ClientRequest = (address.protocol === "https:" ? httpsRequest : httpRequest)({
      host: address.hostname.replace(/^\[|\]$/g, ""),
      port: address.port,
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...proxyAuthorization(address) },
      agent: false,
      timeout: patience,
      ...connectPatience,
    });
    const forget = onAbort(signal, () => connecting.destroy(new Error("the request was given up")));
    connecting.once("close", forget);
    connecting.once("socket", (socket) =>
      socket.once(address.protocol === "https:" ? "secureConnect" : "connect", () => {
        isConnected = true;
      }),
    );
    connecting.once("connect", ({ statusCode = 0, statusMessage = "" }: IncomingMessage, socket: Socket) => {
      forget();
      socket.setTimeout(0);
      if (statusCode >= 200 && statusCode < 300) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(faults.answered(statusCode, statusMessage));
    });
    connecting.once("timeout", () => {
      connecting.destroy();
      reject(faults.failed(`did not answer within ${patience / 1000} seconds`));
    });
    connecting.on("error", (error) =>
      reject(isConnected ? faults.failed(`made no connection: ${error.message}`) : faults.notThere(error)),
    );
    connecting.end();
  });
}

/** The header by which a proxy knows its user, where its address names one. */
export function proxyAuthorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") return {};
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/** Many write a `%` of a password as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
