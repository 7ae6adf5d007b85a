import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { onAbort, type Transport, type TransportRequest, type TransportResponse } from "@claw/agent-core";
import { createHttpRoutes, type HttpRoute } from "./http-routes.ts";
import { createRequestBodies, type RequestBodies, type RequestBody } from "./request-bodies.ts";
import { unpackedBody } from "./unpacked-body.ts";

/** What a transport depends on. */
export interface NodeTransportOptions {
  /** Names proxies: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`. Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. Default: those of the machine. */
  readonly now?: () => number;
}

/**
 * A transport on `node:http`: keeps connections alive, has no fixed time limit (slow local models need minutes
 * before their first byte), goes through the proxy that the environment names, and costs a fraction of `fetch`.
 * Redirects are answers, not followed.
 */
export function nodeTransport(options: NodeTransportOptions = {}): Transport & Pick<RequestBodies, "letGo"> {
  const { env = process.env, now = Date.now } = options;
  const routeTo = createHttpRoutes({ env, now });
  const bodies = createRequestBodies();
  const transport: Transport = async ({ url, method, headers, body = [] }, signal) => {
    const route = await routeTo(url);
    return await send(route, { method, headers }, bodies.of(body), signal);
  };
  return Object.assign(transport, { letGo: bodies.letGo });
}

function send(
  route: HttpRoute,
  { method, headers: own }: Pick<TransportRequest, "method" | "headers">,
  body: RequestBody,
  signal: AbortSignal,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...own,
      ...route.headers,
      // Models send short text, in pieces that come at once as they are.
      "accept-encoding": "identity",
      ...(method === "POST" ? { "content-length": String(body.bytes.length) } : {}),
    };
    const outgoing = route.request({ ...route.options, method, headers }, (incoming) =>
      resolve(toResponse(incoming)),
    );
    outgoing.on("error", reject);
    // Not by the option `signal`, which watches the stream in ten ways for the moment to forget it.
    outgoing.once(
      "close",
      onAbort(signal, () => outgoing.destroy(abortError(signal))),
    );
    outgoing.once("socket", withErrorListener);
    // In one write: a long conversation is thousands of pieces, and each one costs more than its bytes.
    outgoing.end(body.bytes, body.sent);
  });
}

function abortError({ reason }: AbortSignal): Error {
  return new DOMException("The request was aborted.", { name: "AbortError", cause: reason });
}

function toResponse(incoming: IncomingMessage): TransportResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  incoming.on("error", ignore);
  return { status: incoming.statusCode ?? 0, headers, body: unpackedBody(incoming) };
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
