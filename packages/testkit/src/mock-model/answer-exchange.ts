import type { IncomingMessage, ServerResponse } from "node:http";
import { answerInquiry } from "./answer-inquiry.ts";
import { answerPrompt } from "./answer-prompt.ts";
import { createConnection } from "./connection.ts";
import type { Exchange } from "./exchange.ts";
import { complain } from "./exchange.ts";
import type { RequestBody } from "./request-body.ts";
import { readRequestBody } from "./request-body.ts";
import { findRoute } from "./route.ts";
import type { ServerState } from "./server-state.ts";
import type { RequestHeaders } from "./wire.ts";

/** Answers one HTTP request. Never rejects. */
export async function answerExchange(
  incoming: IncomingMessage,
  response: ServerResponse,
  state: ServerState,
): Promise<void> {
  const method = incoming.method ?? "";
  const path = (incoming.url ?? "").replace(/\?.*$/, "");
  const serial = state.hits.push({ method, path });
  const headers = plainHeaders(incoming);
  const connection = createConnection(response, () => {
    // Only the loss of a reply is told of; listings have no request to name.
    const request = state.requests.items.find((one) => one.serial === serial);
    if (request !== undefined) state.drops.push(request);
  });
  let body: RequestBody;
  try {
    body = method === "POST" ? await readRequestBody(incoming) : { type: "json", raw: "", body: {} };
  } catch {
    return; // the client left while it was sending
  }
  await answerRoute({ serial, method, path, headers, body, connection, state });
}

async function answerRoute(exchange: Exchange): Promise<void> {
  const { method, path, headers, state } = exchange;
  const route = findRoute(method, path, headers, state.wires);
  switch (route.type) {
    case "reply":
      await answerPrompt(exchange, route.format);
      break;
    case "unknown":
      complain(exchange, "no API has this path with this method");
      answerText(exchange, 404, "404 page not found");
      break;
    case "not-offered":
      answerText(exchange, 404, "404 page not found");
      break;
    case "greeting":
      answerText(exchange, 200, "Ollama is running");
      break;
    default:
      answerInquiry(exchange, route);
  }
}

function answerText({ connection }: Exchange, status: number, text: string): void {
  connection.head(status, { "content-type": "text/plain" });
  connection.end(text);
}

function plainHeaders(incoming: IncomingMessage): RequestHeaders {
  return Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
