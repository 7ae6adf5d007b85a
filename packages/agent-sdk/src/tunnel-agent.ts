import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { type AgentOptions, Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";

/** How long a proxy may take to make a connection, in milliseconds. */
const patience = 60_000;

type ConnectOptions = Parameters<HttpsAgent["createConnection"]>[0];

/**
 * HTTPS through a proxy that makes connections (`CONNECT`): what goes through it is encrypted from end to end. A tunnel is
 * used again like any connection.
 */
export class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: ConnectOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const done = callback as ((error: Error | null, stream?: Duplex) => void) | undefined; // Node takes an error alone
    const host = options.host ?? "";
    openTunnel(this.#proxy, `${isIP(host) === 6 ? `[${host}]` : host}:${options.port}`).then(
      (socket) =>
        done?.(null, connect({ ...this.options, socket, servername: isIP(host) === 0 ? host : "" })),
      (error: unknown) => done?.(error as Error), // made below
    );
    return undefined;
  }
}

/** Rejects with an `Error` that names the proxy and holds no credentials. */
function openTunnel(proxy: URL, authority: string): Promise<Socket> {
  const failed = (why: string): Error => new Error(`the proxy at ${proxy.host} ${why}`);
  return new Promise((resolve, reject) => {
    const connecting: ClientRequest = (proxy.protocol === "https:" ? httpsRequest : httpRequest)({
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port,
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...proxyAuthorization(proxy) },
      agent: false,
      timeout: patience,
    });
    connecting.once("connect", (answer: IncomingMessage, socket: Socket) => {
      socket.setTimeout(0);
      if (answer.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(failed(`answered ${answer.statusCode} ${answer.statusMessage ?? ""}`.trim()));
    });
    connecting.once("timeout", () => {
      connecting.destroy();
      reject(failed(`did not answer within ${patience / 1000} seconds`));
    });
    connecting.on("error", (error) => reject(failed(`cannot be reached: ${error.message}`)));
    connecting.end();
  });
}

/** The header by which a proxy knows its user, where its address names one. */
export function proxyAuthorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}
