import type { Agent, AgentEvent } from "@claw/agent-sdk";

/** Whether an event tells of a warning of the agent, which people are told of on its own, with what to do about it. */
export function isOwnWarning({ warnings }: Agent, event: AgentEvent): boolean {
  if (event.type !== "notice") return false;
  return warnings.some(({ code, message }) => code === event.code && message === event.text);
}
