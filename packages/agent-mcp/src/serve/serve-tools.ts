import type { Readable, Writable } from "node:stream";
import type { JsonObject, ToolOutcome, ToolSpec } from "@claw/agent-core";
import type { CallToolResult, ContentBlock, Server, ServerContext } from "@modelcontextprotocol/server";

/** Tools that are offered to other programs. Each call goes the way that its owner says. */
export interface ServedTools {
  readonly specs: readonly ToolSpec[];
  /** Must not reject. */
  readonly call: (call: ServedCall) => Promise<ToolOutcome>;
}

export interface ServedCall {
  readonly name: string;
  readonly input: JsonObject;
  /** Fires when the client takes the call back or leaves. */
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** Asks the person behind the client. `undefined`: the client can ask nobody. */
  readonly confirm: (question: string, signal: AbortSignal) => Promise<boolean | undefined>;
}

export interface ServeOptions {
  readonly version: string;
  readonly instructions?: string;
  readonly input: Readable;
  readonly output: Writable;
}

/** Serves until the input ends, in both eras of the protocol. */
export async function serveTools(tools: ServedTools, options: ServeOptions): Promise<void> {
  const { Server } = await import("@modelcontextprotocol/server");
  const { StdioServerTransport, serveStdio } = await import("@modelcontextprotocol/server/stdio");
  const { input, output, version, instructions } = options;
  const ended = new Promise<void>((resolve) => {
    input.once("end", resolve);
    input.once("close", resolve);
    output.once("error", () => resolve());
  });
  const handle = serveStdio(
    () => {
      const server = new Server(
        { name: "claw", version },
        { capabilities: { tools: {} }, ...(instructions === undefined ? {} : { instructions }) },
      );
      setHandlers(server, tools);
      return server;
    },
    { transport: new StdioServerTransport(input, output) },
  );
  await ended;
  await handle.close();
}

function setHandlers(server: Server, tools: ServedTools): void {
  server.setRequestHandler("tools/list", () => ({
    tools: tools.specs.map(({ name, description, inputSchema }) => ({
      name,
      description,
      inputSchema: { ...inputSchema, type: "object" as const },
    })),
  }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const { progressToken } = params._meta ?? {};
    let steps = 0;
    const outcome = await tools.call({
      name: params.name,
      // It came as JSON.
      input: (params.arguments ?? {}) as JsonObject,
      signal: context.mcpReq.signal,
      progress: (message) => {
        if (progressToken === undefined) return;
        steps += 1;
        const update = { progressToken, progress: steps, message };
        void context.mcpReq
          .notify({ method: "notifications/progress", params: update })
          .catch(() => undefined);
      },
      confirm: (question, signal) => confirm(context, question, signal),
    });
    return resultOf(outcome);
  });
}

/** A client that cannot ask, or whose person does not answer, has said nothing. */
async function confirm(
  context: ServerContext,
  message: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const answer = await context.mcpReq.elicitInput(
      {
        mode: "form",
        message,
        requestedSchema: {
          type: "object",
          properties: { allow: { type: "boolean", title: "Allow this once", default: false } },
          required: ["allow"],
        },
      },
      { signal, timeout: 10 * 60_000 },
    );
    return answer.action === "accept" && answer.content?.["allow"] === true;
  } catch {
    return undefined;
  }
}

function resultOf(outcome: ToolOutcome): CallToolResult {
  const content = outcome.content.map((part): ContentBlock => {
    if (part.type === "text") return part;
    if (part.type === "image") return { type: "image", mimeType: part.mediaType, data: part.data };
    const uri = `file:///${encodeURIComponent(part.name ?? "output")}`;
    return { type: "resource", resource: { uri, mimeType: part.mediaType, blob: part.data } };
  });
  return outcome.status === "ok" ? { content } : { content, isError: true };
}
