import { fileURLToPath } from "node:url";
import { type CallContext, plainText, type ToolOutcome, toolCallId } from "@claw/agent-core";
import {
  type ConfiguredServer,
  createMcp,
  definitionHash,
  type Mcp,
  type McpChange,
  type McpOptions,
  type Server,
  type ServerDefinition,
  type ServerState,
} from "@claw/agent-mcp";

export const fakeServer = fileURLToPath(new URL("fixtures/fake-server.mjs", import.meta.url));

/** A server that misbehaves in the given way; `notes` is the file that it writes down what happened in. */
export function fake(mode: string, notes = ""): ServerDefinition {
  return { type: "stdio", command: process.execPath, args: [fakeServer, mode, notes] };
}

const oddServer = fileURLToPath(new URL("fixtures/odd-server.mjs", import.meta.url));

/** A server that does what others do until `body`, of a function of `(message, say, flood, state)`, does otherwise: it returns true. */
export function odd(body: string): ServerDefinition {
  return { type: "stdio", command: process.execPath, args: [oddServer, body] };
}

export function configured(servers: Readonly<Record<string, ServerDefinition>>): readonly ConfiguredServer[] {
  return Object.entries(servers).map(([name, definition]) => ({
    name,
    definition,
    scope: "code",
    hash: definitionHash(name),
  }));
}

/** Fast where the defaults are for people. */
export const quick = {
  startMs: 20_000,
  callMs: 20_000,
  awayMs: 20_000,
  backoff: { firstMs: 5, capMs: 20, maxAttempts: 4, steadyMs: 60_000 },
  leave: { inputMs: 300, termMs: 300 },
} satisfies McpOptions["limits"];

export function startMcp(
  servers: Readonly<Record<string, ServerDefinition>>,
  options: Partial<McpOptions> = {},
): Promise<Mcp> {
  return createMcp({
    servers: configured(servers),
    cwd: process.cwd(),
    environment: { PATH: process.env["PATH"] ?? "" },
    limits: quick,
    ...options,
  });
}

export function serverOf(mcp: Mcp, name: string): Server {
  const server = mcp.server(name);
  if (server === undefined) throw new Error(`There is no server ${name}.`);
  return server;
}

/** Resolves with the first state of that kind, from now on. */
export function stateOf(mcp: Mcp, name: string, type: ServerState["type"]): Promise<ServerState> {
  const now = serverOf(mcp, name).state();
  if (now.type === type) return Promise.resolve(now);
  return new Promise((resolve) => {
    const forget = mcp.observe((change) => {
      if (change.type !== "state" || change.server !== name || change.state.type !== type) return;
      forget();
      resolve(change.state);
    });
  });
}

export function changeOf(mcp: Mcp, type: McpChange["type"]): Promise<McpChange> {
  return new Promise((resolve) => {
    const forget = mcp.observe((change) => {
      if (change.type !== type) return;
      forget();
      resolve(change);
    });
  });
}

export function context(options: Partial<CallContext> = {}): CallContext {
  return {
    call: toolCallId("call-1"),
    cwd: process.cwd(),
    signal: new AbortController().signal,
    idempotencyKey: "1",
    plan: () => Promise.resolve(),
    progress: () => undefined,
    invoke: () => Promise.resolve({ status: "cancelled", content: [] }),
    ...options,
  };
}

export async function call(
  mcp: Mcp,
  server: string,
  tool: string,
  input: Parameters<Server["call"]>[1] = {},
  options: Partial<CallContext> = {},
): Promise<ToolOutcome> {
  const found = serverOf(mcp, server)
    .catalog()
    .tools.find((each) => each.name === tool);
  if (found === undefined) throw new Error(`${server} has no tool ${tool}.`);
  return serverOf(mcp, server).call(found, input, context(options));
}

export function said(outcome: ToolOutcome): string {
  return plainText(outcome.content);
}

export function codeOf(outcome: ToolOutcome): string {
  return outcome.status === "failed" ? outcome.error.code : outcome.status;
}
