import { type Fault, FaultError, proxyFaultIn } from "@claw/agent-core";
import type { Client, ClientOptions, Transport } from "@modelcontextprotocol/client";
import type { ServerAuth } from "../auth/server-auth.ts";
import type { RemoteDefinition, ServerDefinition, StdioDefinition } from "../config/server-definition.ts";
import { answerInTurn } from "./answer-in-turn.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { causeText } from "./cause-text.ts";
import { clientCapabilities, setClientHandlers } from "./client-handlers.ts";
import type { ClientHost } from "./client-host.ts";
import type { Fetch } from "./fetch.ts";
import { loadSdk, type Sdk } from "./load-sdk.ts";
import type { LeaveLimits } from "./process-group.ts";
import { resumingFetch } from "./resuming-fetch.ts";
import type { McpFaultCode } from "./server-state.ts";
import type { ListKind, Session } from "./session.ts";
import { StdioTransport } from "./stdio-transport.ts";
import { rejectAtStreamEnd } from "./stream-end.ts";
import type { TextRing } from "./text-ring.ts";
import { tidyAnswer } from "./tidy-answer.ts";

export interface OpenOptions {
  readonly name: string;
  readonly definition: ServerDefinition;
  readonly host: ClientHost;
  /** Absolute. */
  readonly cwd: string;
  /** What a server program gets besides what its definition says. */
  readonly environment: Readonly<Record<string, string>>;
  readonly auth?: ServerAuth | undefined;
  /** What the server says beside the protocol. */
  readonly errors: TextRing;
  readonly onListChanged: (kind: ListKind) => void;
  /** Default: what is new is tried first. */
  readonly era?: Era;
  /** Of requests while it connects, in milliseconds. */
  readonly timeoutMs: number;
  readonly leave?: LeaveLimits;
  readonly fetch?: Fetch;
}

/** `auto`: asks whether the server speaks 2026-07-28 or later, and falls back to the handshake of the years before. */
export type Era = "auto" | "legacy";

/** How long a program that may be of the older kind is given to answer the question of the newer one. */
const probeMs = 5_000;
/** One message over HTTP; those over stdio are held to the same. */
const maxMessageBytes = 10 * 1024 * 1024;
/** A server says itself when a stream that it ended is to be asked for again, but not in a ring, nor never. */
const shortestRetryMs = 100;
const longestRetryMs = 60_000;
/** After so many tries to take up a broken stream again the session is made anew. */
const maxStreamRetries = 3;

/** Connects once. Rejects with a `FaultError` of a `McpFaultCode`. */
export async function openSession(options: OpenOptions, signal: AbortSignal): Promise<Session> {
  const { era = "auto", definition } = options;
  const sdk = await loadSdk();
  try {
    return await connectAuthorized(sdk, options, era, signal);
  } catch (error) {
    // Some older programs end at the first request that they do not know.
    const mayBeOld = era === "auto" && definition.type === "stdio" && !signal.aborted && !isFinal(error);
    if (!mayBeOld) throw told(sdk, options, error);
    try {
      return await connectAuthorized(sdk, options, "legacy", signal);
    } catch (again) {
      throw told(sdk, options, again);
    }
  }
}

/** More rounds of logging in than this end nowhere. */
const maxLogins = 3;

/** Connects; where the server wants a person to log in and there is one, after that. */
async function connectAuthorized(
  sdk: Sdk,
  options: OpenOptions,
  era: Era,
  signal: AbortSignal,
): Promise<Session> {
  for (let logins = 0; ; logins += 1) {
    const opening = await begin(sdk, options, era);
    try {
      return await connect(sdk, options, opening, signal);
    } catch (error) {
      const wanted = error instanceof sdk.UnauthorizedError && logins < maxLogins;
      const done = wanted && (await logIn(opening.transport, options.auth, signal));
      const closed = opening.transport.close().catch(() => undefined);
      // A stubborn program must not delay the next attempt. Who gives up on all of them wants to know when it is gone.
      if (signal.aborted) await closed;
      if (!done) throw error;
    }
  }
}

/** Takes the person through the browser. False: there is no person, or nothing to open. */
async function logIn(
  transport: Transport,
  auth: ServerAuth | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const address = auth?.pending();
  if (address === undefined || auth?.authorize === undefined) return false;
  if (!("finishAuth" in transport) || typeof transport.finishAuth !== "function") return false;
  await transport.finishAuth(await auth.authorize(address, signal));
  return true;
}

function isFinal(error: unknown): boolean {
  return FaultError.isInstance(error);
}

interface Opening {
  readonly client: Client;
  readonly transport: Transport;
  readonly end: ReturnType<typeof ending>;
}

async function begin(sdk: Sdk, options: OpenOptions, era: Era): Promise<Opening> {
  const { name, host, onListChanged } = options;
  const end = ending();
  const client = new sdk.Client(clientInfo, {
    capabilities: clientCapabilities(host),
    versionNegotiation: era === "legacy" ? { mode: "legacy" } : { mode: "auto", probe: probeOf(options) },
    jsonSchemaValidator: believing,
    listChanged: listHandlers(onListChanged),
  });
  setClientHandlers(client, name, host);
  const lost = (why: string): void => end.tell(lostFault(name, why));
  const transport = await openTransport(sdk, options, lost);
  const { onmessage: heard } = transport;
  // The SDK hears after whoever was there before it.
  transport.onmessage = (message, extra) => {
    heard?.(message, extra);
    tidyAnswer(message, sdk, (what) => options.errors.add(`[${what}]\n`));
  };
  client.onclose = () => lost("it was closed.");
  client.onerror = (error) => {
    options.errors.add(`${error.message}\n`);
    if (error instanceof sdk.SseError) lost(error.message);
  };
  return { client, transport, end };
}

async function connect(
  sdk: Sdk,
  { timeoutMs, auth, onListChanged }: OpenOptions,
  { client, transport, end }: Opening,
  signal: AbortSignal,
): Promise<Session> {
  const giveUp = (): void => {
    void client.close().catch(() => undefined);
    // Until both have agreed on a version, the transport is not yet the client's to close.
    void transport.close().catch(() => undefined);
  };
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await client.connect(transport, { timeout: timeoutMs, signal });
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  keepListening(client, onListChanged);
  const info = client.getServerVersion();
  const instructions = client.getInstructions();
  return {
    client,
    protocol: client.getNegotiatedProtocolVersion() ?? "unknown",
    ...(info === undefined ? {} : { serverInfo: { name: info.name, version: info.version } }),
    ...(instructions === undefined ? {} : { instructions }),
    ended: end.told,
    lost: end.tell,
    logIn: (loginSignal) => logIn(transport, auth, loginSignal),
    close: async () => {
      if (transport instanceof sdk.StreamableHTTPClientTransport) await leave(transport);
      await client.close();
      await transport.close();
    },
  };
}

const clientInfo = { name: "claw", version: "0.1.0" };

function probeOf({ definition, timeoutMs }: OpenOptions): { timeoutMs: number } {
  return { timeoutMs: definition.type === "stdio" ? Math.min(probeMs, timeoutMs) : timeoutMs };
}

/** What servers send is checked where it is used, and without their regular expressions: see `resultOutcome`. */
const believing: NonNullable<ClientOptions["jsonSchemaValidator"]> = {
  getValidator: () => (input) => ({
    valid: true,
    // The SDK hands it on as what it came as: unknown.
    data: input as never,
    errorMessage: undefined,
  }),
};

function listHandlers(onListChanged: (kind: ListKind) => void): NonNullable<ClientOptions["listChanged"]> {
  const handler = (kind: ListKind): { autoRefresh: false; debounceMs: 0; onChanged: () => void } => ({
    autoRefresh: false,
    // How often it is asked anew is ours to say: a wait that begins with each word of the server could last for ever.
    debounceMs: 0,
    onChanged: () => onListChanged(kind),
  });
  return { tools: handler("tools"), prompts: handler("prompts"), resources: handler("resources") };
}

/** The newer protocol tells of changes on a stream of its own; when that breaks, a change may have been missed. */
function keepListening(client: Client, onListChanged: (kind: ListKind) => void): void {
  const subscription = client.autoOpenedSubscription;
  if (subscription === undefined) return;
  const { honoredFilter } = subscription;
  let retries = 0;
  const again = (how: string): void => {
    if (how !== "remote" || retries >= maxStreamRetries) return;
    retries += 1;
    const timer = setTimeout(
      () => {
        client.listen(honoredFilter).then(
          (next) => {
            for (const kind of ["tools", "prompts", "resources"] as const) onListChanged(kind);
            void next.closed.then(again);
          },
          () => again("remote"),
        );
      },
      1_000 * 2 ** retries,
    );
    timer.unref();
  };
  void subscription.closed.then(again);
}

function ending(): {
  readonly told: Promise<Fault<McpFaultCode>>;
  readonly tell: (fault: Fault<McpFaultCode>) => void;
} {
  let tell: (fault: Fault<McpFaultCode>) => void = () => undefined;
  const told = new Promise<Fault<McpFaultCode>>((resolve) => {
    tell = resolve;
  });
  return { told, tell: (fault) => tell(fault) };
}

function lostFault(name: string, why: string): Fault<McpFaultCode> {
  return {
    code: "mcp-connection-lost",
    message: `The connection to the MCP server "${name}" was lost: ${why}`,
  };
}

async function openTransport(
  sdk: Sdk,
  options: OpenOptions,
  lost: (why: string) => void,
): Promise<Transport> {
  const { definition } = options;
  const asksTooMuch = (): void => lost("it asks for more than can be answered.");
  switch (definition.type) {
    case "stdio":
      return stdioTransport(sdk, definition, options);
    case "in-process": {
      const [ours, theirs] = sdk.InMemoryTransport.createLinkedPair();
      await definition.connect(theirs);
      return ours;
    }
    case "http": {
      const transport = new sdk.StreamableHTTPClientTransport(new URL(definition.url), {
        ...(await remoteOptions(definition, options)),
        reconnectionOptions: {
          initialReconnectionDelay: 1_000,
          maxReconnectionDelay: 30_000,
          reconnectionDelayGrowFactor: 2,
          maxRetries: maxStreamRetries + 1,
        },
        reconnectionScheduler: (retry, delayMs, attempt) => {
          if (attempt >= maxStreamRetries) lost("its stream could not be taken up again.");
          const timer = setTimeout(retry, Math.min(Math.max(delayMs, shortestRetryMs), longestRetryMs));
          timer.unref();
          return () => clearTimeout(timer);
        },
      });
      rejectAtStreamEnd(transport);
      answerInTurn(transport, asksTooMuch);
      return transport;
    }
    case "sse": {
      const remote = await remoteOptions(definition, options);
      const transport = new sdk.SSEClientTransport(new URL(definition.url), remote);
      answerInTurn(transport, asksTooMuch);
      return transport;
    }
  }
}

function stdioTransport(sdk: Sdk, definition: StdioDefinition, options: OpenOptions): StdioTransport {
  const { command, args = [], env, cwd = options.cwd } = definition;
  return new StdioTransport({
    command,
    args,
    cwd,
    env: { ...options.environment, ...env },
    errors: options.errors,
    framing: { parse: sdk.parseJSONRPCMessage, print: sdk.serializeMessage },
    ...(options.leave === undefined ? {} : { leave: options.leave }),
  });
}

type RemoteOptions = NonNullable<ConstructorParameters<Sdk["StreamableHTTPClientTransport"]>[1]>;

async function remoteOptions(
  { headers }: RemoteDefinition,
  { auth, fetch }: OpenOptions,
): Promise<Pick<RemoteOptions, "authProvider" | "requestInit" | "fetch">> {
  const provider = await auth?.provider();
  return {
    ...(provider === undefined ? {} : { authProvider: provider }),
    ...(headers === undefined ? {} : { requestInit: { headers: { ...headers } } }),
    fetch: resumingFetch(boundedFetch(fetch ?? globalThis.fetch, maxMessageBytes)),
  };
}

/** Tells the server that its session is over; one that does not answer is not waited for. */
async function leave(transport: InstanceType<Sdk["StreamableHTTPClientTransport"]>): Promise<void> {
  if (transport.sessionId === undefined) return;
  const limit = new Promise<void>((resolve) => {
    setTimeout(resolve, 1_000).unref();
  });
  await Promise.race([transport.terminateSession().catch(() => undefined), limit]);
}

/** Our fault for whatever came out of an attempt to connect. */
function told(sdk: Sdk, { name, definition, errors }: OpenOptions, error: unknown): FaultError {
  const proxy = proxyFaultIn(error);
  if (proxy !== undefined) {
    const message = `The MCP server "${name}" cannot be connected to: ${proxy.message}.`;
    return new FaultError({ ...proxy, message }, { cause: error });
  }
  if (FaultError.isInstance(error)) return error;
  if (error instanceof sdk.UnauthorizedError || statusOf(error) === 401) return needsLogin(name, error);
  const said = definition.type === "stdio" ? lastLines(errors.text()) : "";
  const isTimeout = error instanceof sdk.SdkError && error.code === sdk.SdkErrorCode.RequestTimeout;
  return new FaultError(
    {
      code: isTimeout ? "mcp-timed-out" : "mcp-refused",
      message: `The MCP server "${name}" cannot be connected to: ${causeText(error).replace(/[.\s]*$/, ".")}${said}`,
      hint: `claw mcp get ${name} shows how it is started.`,
    },
    { cause: error },
  );
}

function needsLogin(name: string, cause: unknown): FaultError {
  return new FaultError(
    {
      code: "mcp-needs-login",
      message: `The MCP server "${name}" wants you to log in.`,
      hint: `Run claw mcp login ${name}.`,
    },
    { cause },
  );
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && "status" in error ? error.status : undefined;
}

function lastLines(said: string): string {
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  // Each attempt may end in the same way.
  const last = lines.filter((line, index) => line !== lines[index - 1]).slice(-3);
  return last.length === 0 ? "" : ` It said: ${last.join(" | ").slice(-500)}`;
}
