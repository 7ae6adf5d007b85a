import type { Decision, JsonValue, PermissionRequest } from "@claw/agent-core";
import type { AgentOptions } from "./agent-options.ts";
import { listSessions, readSession } from "./sessions.ts";
import { settledPermissions } from "./settled-permissions.ts";

/** Two settings, each as JSON text or the path of a file, and what to hold them against. */
export interface PolicyDiff {
  readonly before: string;
  readonly after: string;
  /** Ids. Default: every session of the folder. */
  readonly sessions?: readonly string[];
}

/** A call of a past session that the two settings decide differently. */
export interface ChangedDecision {
  readonly session: string;
  readonly call: string;
  readonly tool: string;
  readonly input: JsonValue;
  readonly before: Decision["type"];
  readonly after: Decision["type"];
  /** Of the later settings. */
  readonly reason: string;
  readonly rule?: string;
}

/**
 * Decides again what past sessions did, under each of two settings and nothing else, and gives the calls that come out
 * differently. Runs nothing; the disk is looked at as it is now. Rejects with what is wrong with the settings, and with
 * `session-unknown`.
 */
export async function* diffPolicies(
  options: AgentOptions,
  { before, after, sessions }: PolicyDiff,
  signal: AbortSignal,
): AsyncGenerator<ChangedDecision> {
  const alone = (settings: string): AgentOptions => ({
    ...options,
    settings,
    settingSources: [],
    managedSettings: [],
  });
  const [old, next] = await Promise.all([
    settledPermissions(alone(before)),
    settledPermissions(alone(after)),
  ]);
  const ids = sessions ?? (await listSessions(options)).map(({ session }) => session);
  for (const session of ids) {
    for await (const request of pastCalls(options, session, old.cwd)) {
      const was = await old.policy(request, signal);
      const now = await next.policy(request, signal);
      if (was === undefined || now === undefined || was.type === now.type) continue;
      const { call, tool, input } = request;
      const rule = now.rule === undefined ? {} : { rule: now.rule };
      yield { session, call, tool, input, before: was.type, after: now.type, reason: now.reason, ...rule };
    }
  }
}

/** Every call of a session that was decided, as it was judged then. */
async function* pastCalls(
  options: AgentOptions,
  session: string,
  here: string,
): AsyncGenerator<PermissionRequest> {
  const inputs = new Map<string, JsonValue>();
  let cwd = here;
  for await (const event of readSession(options, session)) {
    if (event.type === "run-start") cwd = event.cwd ?? cwd;
    if (event.type === "message" && event.message.role === "assistant") {
      for (const part of event.message.content)
        if (part.type === "tool-call") inputs.set(part.id, part.input);
    }
    if (event.type !== "permission-decision") continue;
    const { call, tool, effects } = event;
    yield { call, tool, effects, cwd, input: event.input ?? inputs.get(call) ?? {} };
    inputs.delete(call);
  }
}
