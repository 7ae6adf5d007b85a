import type { Agent } from "@claw/agent-sdk";
import { unlessAborted } from "./interruption.ts";

/** Milliseconds that closing a session may take. */
const closingTime = 5000;

/**
 * Gives the session back. When that takes too long, or `urgent` fires, it is left as the journal has it. Never
 * rejects.
 */
export async function closeAgent(agent: Agent, urgent?: AbortSignal): Promise<void> {
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), closingTime);
  const limit = urgent === undefined ? tooLong.signal : AbortSignal.any([urgent, tooLong.signal]);
  await unlessAborted(
    agent.close().catch(() => undefined),
    limit,
  );
  clearTimeout(timer);
}
