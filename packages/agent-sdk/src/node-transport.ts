import type { IncomingMessage } from "node:http";
import type { Transport, TransportResponse } from "@claw/agent-core";
import { createHttpRoutes } from "./http-routes.ts";
import { createRequestBodies, type RequestBodies } from "./request-bodies.ts";
import { sendOver } from "./send-over.ts";
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
    const { bytes, sent } = bodies.of(body);
    // Models send short text, in pieces that come at once as they are.
    const own = { ...headers, "accept-encoding": "identity" };
    const sized = method === "POST" ? { ...own, "content-length": String(bytes.length) } : own;
    // In one write: a long conversation is thousands of pieces, and each one costs more than its bytes.
    return toResponse(await sendOver(route, { method, headers: sized, body: bytes, sent }, signal));
  };
  return Object.assign(transport, { letGo: bodies.letGo });
}

function toResponse(incoming: IncomingMessage): TransportResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return { status: incoming.statusCode ?? 0, headers, body: unpackedBody(incoming) };
}
