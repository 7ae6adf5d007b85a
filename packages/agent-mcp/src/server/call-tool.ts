import { type CallContext, type JsonObject, longestTimer, type ToolOutcome, text } from "@claw/agent-core";
import { failed } from "@claw/agent-tools";
import type { CallToolResult } from "@modelcontextprotocol/client";
import type { Connection } from "../connection/connection.ts";
import { loadSdk } from "../connection/load-sdk.ts";
import type { Session } from "../connection/session.ts";
import { type CallClock, callClock } from "./call-clock.ts";
import { callFailure } from "./call-failure.ts";
import type { ToolDefinition } from "./catalog.ts";
import type { OpenCalls } from "./open-calls.ts";
import { type PacedProgress, pacedProgress } from "./paced-progress.ts";
import { resultOutcome } from "./result-outcome.ts";

export interface CallPlaces {
  readonly name: string;
  readonly connection: Connection<Session>;
  readonly calls: OpenCalls;
  /** Of one call without a sign of life, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a call waits for a server that is away. */
  readonly waitMs: number;
}

/**
 * Calls a tool. When the connection is lost on the way, a call that may be repeated is repeated once; of any other
 * nobody knows whether it took effect, and the outcome says so.
 */
export async function callTool(
  tool: ToolDefinition,
  input: JsonObject,
  context: CallContext,
  places: CallPlaces,
): Promise<ToolOutcome> {
  const first = await attempt(tool, input, context, places);
  if (!("lost" in first)) return first;
  const again =
    first.reached && !tool.readOnly && !tool.idempotent ? first : await attempt(tool, input, context, places);
  return "lost" in again ? lostOutcome(tool, again, places.name) : again;
}

interface Lost {
  readonly lost: string;
  readonly reached: boolean;
}

async function attempt(
  tool: ToolDefinition,
  input: JsonObject,
  context: CallContext,
  places: CallPlaces,
): Promise<ToolOutcome | Lost> {
  const { name, connection, timeoutMs, waitMs } = places;
  const session = await connection.session(waitMs, context.signal);
  if (context.signal.aborted) return cancelled(tool);
  if (!("client" in session)) {
    const hint = session.hint === undefined ? "" : ` ${session.hint}`;
    return failed(
      "unavailable",
      `${tool.name} cannot run now, and nothing was run. ${session.message}${hint}`,
    );
  }
  using clock = callClock(timeoutMs, context.signal);
  using _open = places.calls.open({ context, clock });
  using progress = pacedProgress(context.progress);
  try {
    const result = await loggingIn(session, context, () =>
      request(session, tool, input, { clock, progress }),
    );
    return await resultOutcome(result, tool.outputSchema);
  } catch (error) {
    if (context.signal.aborted) return cancelled(tool);
    if (clock.ranOut()) return timedOut(tool, timeoutMs, name);
    return failureOutcome(error, tool, session, name);
  }
}

/** More rounds of logging in for one call than this end nowhere. */
const maxLogins = 3;

/** A server may want more rights for a call than for the connection. */
async function loggingIn<Result>(
  session: Session,
  { signal }: CallContext,
  ask: () => Promise<Result>,
): Promise<Result> {
  const { UnauthorizedError } = await loadSdk();
  for (let logins = 0; ; logins += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof UnauthorizedError) || logins >= maxLogins || !(await session.logIn(signal)))
        throw error;
    }
  }
}

function request(
  session: Session,
  tool: ToolDefinition,
  input: JsonObject,
  { clock, progress: shown }: { readonly clock: CallClock; readonly progress: PacedProgress },
): Promise<CallToolResult> {
  return session.client.callTool(
    { name: tool.name, arguments: { ...input } },
    {
      signal: clock.signal,
      // Our own clock knows when the person is being asked; the SDK's does not.
      timeout: longestTimer,
      onprogress: ({ progress, total, message }) => {
        clock.touch();
        shown.tell(message ?? (total === undefined ? `${progress}` : `${progress} of ${total}`));
      },
    },
  );
}

async function failureOutcome(
  error: unknown,
  tool: ToolDefinition,
  session: Session,
  name: string,
): Promise<ToolOutcome | Lost> {
  const failure = callFailure(await loadSdk(), error);
  switch (failure.type) {
    case "lost":
      session.lost({
        code: "mcp-connection-lost",
        message: `The connection to the MCP server "${name}" was lost: ${failure.why}`,
      });
      return { lost: failure.why, reached: failure.reached };
    case "needs-login": {
      const message = `The MCP server "${name}" wants you to log in.`;
      session.lost({ code: "mcp-needs-login", message, hint: `Run claw mcp login ${name}.` });
      return failed("unavailable", `${tool.name} was not run. ${message}`);
    }
    case "refused":
      return failed("tool-failed", `The MCP server "${name}" refused the call: ${failure.why}`);
    case "broken":
      return failed("tool-broken", `The call of ${tool.name} broke: ${failure.why}`);
  }
}

function lostOutcome(tool: ToolDefinition, { lost, reached }: Lost, name: string): ToolOutcome {
  if (!reached)
    return failed("unavailable", `${tool.name} was not run: the MCP server "${name}" is away (${lost}).`);
  return failed(
    "outcome-unknown",
    `The connection to the MCP server "${name}" was lost while ${tool.name} ran (${lost}). Whether it took effect is not known: check before you repeat it.`,
  );
}

function timedOut(tool: ToolDefinition, timeoutMs: number, name: string): ToolOutcome {
  const unknown = tool.readOnly ? "" : " Whether it took effect is not known.";
  return failed(
    "timed-out",
    `${tool.name} gave no sign of life for ${timeoutMs / 1000} seconds; the MCP server "${name}" was told to stop.${unknown}`,
  );
}

function cancelled(tool: ToolDefinition): ToolOutcome {
  return { status: "cancelled", content: [text(`${tool.name} was cancelled; its server was told.`)] };
}
