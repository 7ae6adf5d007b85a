import type { IncomingMessage } from "node:http";
import type { RequestOptions as HttpsOptions } from "node:https";
import type { Socket } from "node:net";
import { onAbort } from "@claw/agent-core";
import type { HttpRoute } from "./http-routes.ts";

export interface RoutedRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Called once the body is read. */
  readonly sent?: () => void;
  /** For all headers of the answer, in bytes. Default: Node's. */
  readonly maxHeaderSize?: number;
  /** Whether the other end has to prove who it is, whatever the environment says. Default: that decides. */
  readonly rejectUnauthorized?: boolean;
}

/**
 * Sends one request on its way and gives the beginning of the answer. Follows nothing. Rejects with what broke, with a
 * `FaultError` of a `ProxyFaultCode` where that is the proxy, and with an `AbortError` when the signal fires.
 */
export function sendOver(
  route: HttpRoute,
  { method, headers, body, sent, ...own }: RoutedRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { proxy } = route;
  const options: HttpsOptions & { readonly until: AbortSignal } = {
    ...route.options,
    ...own,
    method,
    headers: { ...headers, ...route.headers },
    until: signal,
  };
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const outgoing = route.request(options, (incoming) => {
      incoming.on("error", ignore);
      const { statusCode, statusMessage = "" } = incoming;
      // Nobody but a proxy answers so.
      const refused =
        statusCode === 407 && proxy?.asks ? proxy.faults.answered(407, statusMessage) : undefined;
      if (refused === undefined) {
        resolve(incoming);
        return;
      }
      incoming.destroy();
      reject(refused);
    });
    outgoing.on("error", (error) => {
      if (signal.aborted) reject(abortError(signal));
      else reject(proxy?.asks && !isConnected ? proxy.faults.notThere(error) : error);
    });
    // Not by the option `signal`, which watches the stream in ten ways for the moment to forget it.
    outgoing.once(
      "close",
      onAbort(signal, () => outgoing.destroy(abortError(signal))),
    );
    // Node waits for ever for the answer behind it, unless somebody takes the connection over.
    outgoing.once("upgrade", (_incoming, socket) => {
      socket.destroy();
      reject(new Error("it answers in another protocol than HTTP (101)"));
    });
    outgoing.once("socket", (socket) => {
      withErrorListener(socket);
      isConnected = !socket.connecting;
      if (isConnected || !proxy?.asks) return;
      socket.once("encrypted" in socket ? "secureConnect" : "connect", () => {
        isConnected = true;
      });
    });
    outgoing.end(body, sent);
  });
}

function abortError({ reason }: AbortSignal): Error {
  return new DOMException("The request was aborted.", { name: "AbortError", cause: reason });
}

/**
 * Between the end of an answer and the next use of its connection, Node listens to no error of the socket, and an
 * abort in that moment would end the process. A socket is used many times and needs one listener.
 */
function withErrorListener(socket: Socket): void {
  if (!socket.listeners("error").includes(ignore)) socket.on("error", ignore);
}

/** Whoever still reads or waits is told by what they await. */
function ignore(): void {}
