import {
  aborted,
  type CallContext,
  type Content,
  FaultError,
  text,
  thrownText,
  untilAborted,
} from "@claw/agent-core";
import type { GetPromptResult, RequestOptions } from "@modelcontextprotocol/client";
import type { ServerAuth } from "../auth/server-auth.ts";
import type { ConfiguredServer } from "../config/server-definition.ts";
import { type Backoff, defaultBackoff } from "../connection/backoff.ts";
import type { ClientHost } from "../connection/client-host.ts";
import { createConnection } from "../connection/connection.ts";
import type { Fetch } from "../connection/fetch.ts";
import { openSession } from "../connection/open-session.ts";
import type { LeaveLimits } from "../connection/process-group.ts";
import type { ServerState } from "../connection/server-state.ts";
import type { ListKind, Session } from "../connection/session.ts";
import { type TextRing, textRing } from "../connection/text-ring.ts";
import { blockContent } from "./block-content.ts";
import { callTool } from "./call-tool.ts";
import { calmly } from "./calmly.ts";
import type { Catalog } from "./catalog.ts";
import { catalogKeeper } from "./catalog-keeper.ts";
import { openCalls } from "./open-calls.ts";
import { resourceContent } from "./resource-content.ts";
import { resourceWatch } from "./resource-watch.ts";
import type { Completion, Server } from "./server.ts";

export interface ServerOptions {
  readonly key: string;
  readonly configured: ConfiguredServer;
  readonly host: ServerHost;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly auth?: ServerAuth | undefined;
  readonly fetch?: Fetch | undefined;
  /** What it offered the last time. */
  readonly known?: Catalog | undefined;
  readonly limits?: ServerLimits;
  readonly onCatalog: (catalog: Catalog) => void;
  readonly onState: (state: ServerState) => void;
}

/** What servers may ask; a model's reply they get only for a call that is open. */
export interface ServerHost extends Omit<ClientHost, "sample"> {
  readonly sample?: (
    sampling: Parameters<NonNullable<ClientHost["sample"]>>[0],
    call: CallContext,
    signal: AbortSignal,
  ) => ReturnType<NonNullable<ClientHost["sample"]>>;
}

export interface ServerLimits {
  /** One attempt to connect, in milliseconds. Default 30,000. */
  readonly startMs?: number;
  /** One call without a sign of life, where the definition says nothing. Default 60,000. */
  readonly callMs?: number;
  /** How long a call waits for a server that is away. Default 10,000. */
  readonly awayMs?: number;
  readonly backoff?: Backoff;
  readonly leave?: LeaveLimits;
}

/** As much as is kept of what a server says beside the protocol, in characters. */
const maxErrors = 64 * 1024;

export function createServer(options: ServerOptions): Server {
  const { key, configured, limits = {} } = options;
  const { name, definition } = configured;
  const timeoutMs = definition.timeoutMs ?? limits.callMs ?? 60_000;
  const awayMs = limits.awayMs ?? 10_000;
  const errors = textRing(maxErrors);
  const calls = openCalls();
  const complain = (what: string, error: unknown): void => errors.add(`[${what}: ${thrownText(error)}]\n`);
  const keeper = catalogKeeper(options.known, options.onCatalog, complain);
  const watch = resourceWatch((error) => complain("subscription", error));
  let current: Session | undefined;
  const relist = calmly(async () => {
    if (current !== undefined && connection.state().type === "ready") await keeper.refresh(current);
  });
  const connection = createConnection<Session>({
    name,
    startLimitMs: limits.startMs ?? 30_000,
    backoff: limits.backoff ?? defaultBackoff,
    open,
  });
  connection.observe(options.onState);

  async function open(signal: AbortSignal): Promise<Session> {
    let hasChanged = false;
    const onListChanged = (_kind: ListKind): void => {
      hasChanged = true;
      relist();
    };
    const session = await openSession(
      {
        name,
        definition,
        errors,
        onListChanged,
        host: hostFor(options.host, { name, key, errors }, calls),
        cwd: options.cwd,
        environment: options.environment,
        auth: options.auth,
        ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
        timeoutMs: limits.startMs ?? 30_000,
        ...(limits.leave === undefined ? {} : { leave: limits.leave }),
      },
      signal,
    );
    // A server that is ready has told what it offers; one that loses the connection over it is not ready.
    try {
      const told = Promise.race([keeper.refresh(session), session.ended.then(lostAtOnce)]);
      if ((await untilAborted(told, signal)) === aborted) throw new FaultError(givenUp(name));
    } catch (error) {
      await session.close();
      throw error;
    }
    current = session;
    // It may have changed behind the part that was asked for already.
    if (hasChanged) relist();
    watch.follow(session);
    return session;
  }

  async function ask<Value>(
    signal: AbortSignal,
    request: (session: Session, options: RequestOptions) => Promise<Value>,
  ): Promise<Value> {
    const session = await connection.session(awayMs, signal);
    if (!("client" in session)) throw new FaultError(session);
    return request(session, { signal, timeout: timeoutMs });
  }

  return {
    key,
    configured,
    state: connection.state,
    catalog: keeper.catalog,
    protocol: () => (connection.state().type === "ready" ? current?.protocol : undefined),
    errors: errors.text,
    start: connection.start,
    reconnect: connection.reconnect,
    settled: async (waitMs, signal) => {
      if (connection.state().type !== "waiting") await connection.session(waitMs, signal);
    },
    call: (tool, input, context) =>
      callTool(tool, input, context, { name, connection, calls, timeoutMs, waitMs: awayMs }),
    readResource: (uri, signal) =>
      ask(signal, async ({ client }, request) => {
        const { contents } = await client.readResource({ uri }, { ...request, cacheMode: "refresh" });
        return contents.flatMap(resourceContent);
      }),
    getPrompt: (prompt, values, signal) =>
      ask(signal, async ({ client }, request) =>
        promptContent(await client.getPrompt({ name: prompt, arguments: { ...values } }, request)),
      ),
    complete: (wanted, signal) =>
      ask(signal, async ({ client }, request) => {
        if (client.getServerCapabilities()?.completions === undefined) return [];
        return (await client.complete(completionParameters(wanted), request)).completion.values;
      }),
    subscribe: watch.subscribe,
    rootsChanged: () => {
      if (connection.state().type === "ready")
        void current?.client.sendRootsListChanged().catch(() => undefined);
    },
    close: connection.close,
  };
}

function givenUp(name: string): { readonly code: string; readonly message: string } {
  return { code: "mcp-timed-out", message: `The MCP server "${name}" has not told in time what it offers.` };
}

function lostAtOnce(fault: ConstructorParameters<typeof FaultError>[0]): never {
  throw new FaultError(fault);
}

/** The same host; a call's clock stands still while somebody is asked for it. */
function hostFor(
  host: ServerHost,
  { name, key, errors }: { readonly name: string; readonly key: string; readonly errors: TextRing },
  calls: ReturnType<typeof openCalls>,
): ClientHost {
  const { roots, elicit, sample, log } = host;
  let waiting = 0;
  /** Nobody can answer many questions at once, and each that waits is kept. */
  async function inTurn<Value>(ask: () => Promise<Value>): Promise<Value> {
    if (waiting >= mostQuestions) throw new FaultError(tooMany(name));
    waiting += 1;
    try {
      return await calls.holdWhile(ask);
    } finally {
      waiting -= 1;
    }
  }
  return {
    ...(roots === undefined ? {} : { roots }),
    log: (entry) => {
      errors.add(`[${entry.level}] ${entry.text}\n`);
      log?.(entry);
    },
    ...(elicit === undefined
      ? {}
      : {
          elicit: (elicitation, signal) =>
            inTurn(() => elicit(elicitation, signal)).catch(() => ({ action: "cancel" as const })),
        }),
    ...(sample === undefined
      ? {}
      : {
          sample: async (sampling, signal) => {
            const call = calls.newest();
            if (call === undefined) throw new FaultError(noOpenCall(name));
            return inTurn(() => {
              if (!call.mayAskModel()) throw new FaultError(tooMany(name));
              return sample({ ...sampling, server: key }, call.context, signal);
            });
          },
        }),
  };
}

/** Questions of one server, to the person and to the model, that wait for an answer. */
const mostQuestions = 8;

function tooMany(name: string): { readonly code: string; readonly message: string } {
  return { code: "mcp-refused", message: `${name} asks for more than is answered at once, or for one call.` };
}

function noOpenCall(name: string): { readonly code: string; readonly message: string } {
  return { code: "mcp-refused", message: `No call of ${name} is running, so the model is not asked.` };
}

function completionParameters({ of, argument, value, known }: Completion) {
  return {
    ref:
      of.type === "prompt"
        ? { type: "ref/prompt" as const, name: of.name }
        : { type: "ref/resource" as const, uri: of.uriTemplate },
    argument: { name: argument, value },
    ...(known === undefined ? {} : { context: { arguments: { ...known } } }),
  };
}

/** The messages of a prompt as one: what the assistant is made to say is marked as such. */
function promptContent({ messages }: GetPromptResult): Content {
  return messages.flatMap(({ role, content }) => {
    const parts = blockContent(content);
    return role === "user" ? parts : [text("[assistant] "), ...parts];
  });
}
