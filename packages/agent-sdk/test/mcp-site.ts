import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** An MCP server by hand, at `/mcp` (Streamable HTTP) and `/sse`, with the one tool `one`. */
export interface McpSite extends AsyncDisposable {
  readonly port: number;
  /** The methods that it was asked for, and `DELETE`. */
  readonly log: readonly string[];
}

export async function mcpSite(): Promise<McpSite> {
  const log: string[] = [];
  let stream: ServerResponse | undefined;
  const server = createServer(async (request, response) => {
    if (request.method === "DELETE") log.push("DELETE");
    if (request.method === "GET" && request.url === "/sse") {
      stream = response;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: endpoint\ndata: /messages\n\n");
    } else if (request.method === "POST") await answer(request, response);
    else response.writeHead(405).end();
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, method } = JSON.parse(await text(request)) as { id?: number; method: string };
    log.push(method);
    const result = results[method];
    const said = result === undefined ? { error: { code: -32601, message: "Not found" } } : { result };
    const message = JSON.stringify({ jsonrpc: "2.0", id, ...said });
    if (id === undefined) response.writeHead(202).end();
    else if (request.url === "/messages") {
      response.writeHead(202).end();
      stream?.write(`event: message\ndata: ${message}\n\n`);
    } else {
      response.writeHead(200, { "content-type": "application/json", "mcp-session-id": "session-1" });
      response.end(message);
    }
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    log,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const results: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "site", version: "1" },
  },
  "tools/list": { tools: [{ name: "one", inputSchema: { type: "object" } }] },
  "tools/call": { content: [{ type: "text", text: "It is done." }] },
};
