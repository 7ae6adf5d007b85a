import { join } from "node:path";
import { sessionId } from "@claw/agent-core";
import { type ScriptedReply, scriptedModel } from "@claw/agent-core/testing";
import {
  type Agent,
  type AgentEvent,
  type AgentOptions,
  createAgent,
  type DurableEvent,
  type Journal,
  type Message,
  type ModelRequest,
  plainText,
} from "@claw/agent-sdk";

/** What each agent says: the session's own is `main`, the others are known by their prompts. */
export type Roles = Readonly<Record<string, (request: ModelRequest, turn: number) => ScriptedReply>>;

/** A session in a folder of its own, and what its models were asked. */
export interface Scene {
  readonly agent: Agent;
  readonly requests: readonly ModelRequest[];
}

/** Makes scenes in one folder. */
export function scenesIn(folder: string): (roles: Roles, options?: AgentOptions) => Promise<Scene> {
  return async (roles, options = {}) => {
    const turns = new Map<string, number>();
    const { model, ref, requests } = scriptedModel((request) => {
      const role = Object.keys(roles).find((name) => request.system?.includes(`[${name}]`)) ?? "main";
      const turn = turns.get(role) ?? 0;
      turns.set(role, turn + 1);
      return roles[role]?.(request, turn) ?? { text: `nobody plays ${role}` };
    });
    const agent = await createAgent({
      connection: { model, ref },
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: join(folder, "user"), CLAW_HOME: join(folder, "home") },
      permissionMode: "bypassPermissions",
      agents: { worker: worker() },
      ...options,
    });
    return { agent, requests };
  };
}

export const worker = (more: object = {}) => ({ description: "Works.", prompt: "[worker] Work.", ...more });

/** Calls the worker once, then is done. */
export const main =
  (input: object = {}) =>
  (_request: ModelRequest, turn: number): ScriptedReply =>
    turn === 0 ? { calls: [callOf(input)] } : { text: "done" };

export const callOf = (input: object = {}) => ({
  name: "Agent",
  input: { description: "do it", prompt: "Do it.", subagent_type: "worker", ...input },
});

export async function play(agent: Agent, prompt = "go"): Promise<readonly AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of agent.run(prompt)) events.push(event);
  return events;
}

/** The results of the calls of one tool, in order. */
export function results(
  messages: readonly Message[],
  tool = "Agent",
): readonly { status: string; text: string }[] {
  return messages.flatMap((message) =>
    message.role === "tool" && message.name === tool
      ? [{ status: message.outcome.status, text: plainText(message.outcome.content) }]
      : [],
  );
}

export async function kept(journal: Journal, session: string): Promise<readonly DurableEvent[]> {
  const events: DurableEvent[] = [];
  for await (const event of journal.read(sessionId(session))) events.push(event);
  return events;
}
