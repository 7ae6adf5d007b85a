import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface Message {
  readonly id?: number | string;
  /** Absent: it answers. */
  readonly method?: string;
  readonly params?: {
    readonly arguments?: { readonly text?: string };
    readonly _meta?: { readonly progressToken?: number };
  };
}

export interface Asked {
  readonly message: Message;
  readonly session: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface Site {
  readonly url: string;
  /** Of each request: the method of HTTP, or that of the protocol, with the session that it named. */
  readonly log: readonly string[];
  readonly open: () => number;
}

/** By method, what servers answer. */
export const answers: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "site", version: "1" },
  },
  "tools/list": {
    tools: ["write", "read"].map((name) => ({
      ...{ name, inputSchema: { type: "object" } },
      annotations: { readOnlyHint: name === "read" },
    })),
  },
  "tools/call": { content: [{ type: "text", text: "did it" }] },
};

/** An MCP server over HTTP that does what others do until `odd` does otherwise, which it tells by `true`. */
export async function site(
  odd: (asked: Asked) => boolean,
  stream: (response: ServerResponse, request: IncomingMessage) => void = (response) =>
    void response.writeHead(405).end(),
): Promise<Site> {
  const log: string[] = [];
  let sessions = 0;
  let open = 0;
  const server = createServer(async (request, response) => {
    open += 1;
    response.once("close", () => {
      open -= 1;
    });
    const session = `${request.headers["mcp-session-id"] ?? "-"}`;
    if (request.method !== "POST") {
      log.push(`${request.method} ${session}`);
      if (request.method === "GET") stream(response, request);
      else response.writeHead(200).end();
      return;
    }
    const message = JSON.parse(await text(request)) as Message;
    log.push(`${message.method} ${session}`);
    if (odd({ message, session, request, response })) return;
    const { id, method } = message;
    const result = answers[method ?? ""];
    if (id === undefined || method === undefined) response.writeHead(202).end();
    else {
      if (method === "initialize") {
        sessions += 1;
        response.setHeader("mcp-session-id", `session-${sessions}`);
      }
      const said = result === undefined ? { error: { code: -32601, message: "Not found" } } : { result };
      json(response, { jsonrpc: "2.0", id, ...said });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return { url: `http://127.0.0.1:${port}/mcp`, log, open: () => open };
}

export function json(response: ServerResponse, value: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** Writes without an end, as fast as somebody reads. */
export function flood(response: ServerResponse, piece: string): { readonly sent: () => number } {
  let sent = 0;
  const more = (): void => {
    if (response.destroyed) return;
    sent += piece.length;
    if (response.write(piece)) setImmediate(more);
    else response.once("drain", more);
  };
  more();
  return { sent: () => sent };
}
