import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { onAbort, type Transport, type TransportResponse } from "@claw/agent-core";
import { createRequestBodies, type RequestBodies } from "./request-bodies.ts";
import { unpackedBody } from "./unpacked-body.ts";

/**
 * A transport on `node:http`: keeps connections alive, has no fixed time limit (slow local models need minutes
 * before their first byte), and costs a fraction of `fetch`. Redirects are answers, not followed.
 */
export function nodeTransport(): Transport & Pick<RequestBodies, "letGo"> {
  // Each is made when it is first used: TLS is a large part of Node to load.
  let http: HttpAgent | undefined;
  let https: HttpsAgent | undefined;
  const agentOf = (secure: boolean): HttpAgent => {
    if (secure) {
      https ??= new HttpsAgent({ keepAlive: true });
      return https;
    }
    http ??= new HttpAgent({ keepAlive: true });
    return http;
  };
  const bodies = createRequestBodies();
  const transport: Transport = (request, signal) =>
    new Promise<TransportResponse>((resolve, reject) => {
      const secure = request.url.startsWith("https:");
      const { method, url } = request;
      const body = bodies.of(request.body ?? []);
      const headers = {
        ...request.headers,
        // Models send short text, in pieces that come at once as they are.
        "accept-encoding": "identity",
        ...(method === "POST" ? { "content-length": String(body.bytes.length) } : {}),
      };
      const options = { method, headers, agent: agentOf(secure) };
      const outgoing = (secure ? httpsRequest : httpRequest)(url, options, (incoming) =>
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
  return Object.assign(transport, { letGo: bodies.letGo });
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
