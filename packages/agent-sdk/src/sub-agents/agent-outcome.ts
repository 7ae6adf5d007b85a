import type { AgentIdentity, JsonObject, RunEnd, RunResult, ToolOutcome } from "@claw/agent-core";
import { failed, ok } from "@claw/agent-tools";

/** How a sub-agent ended, as the result of the call that it ran for: an answer only where it came to one. */
export function agentOutcome(agent: AgentIdentity, { end, text }: RunResult, note = ""): ToolOutcome {
  const footer = `[${agent.id}: ${figures(end)}.${note} SendMessage to ${agent.id} goes on with it.]`;
  const details: JsonObject = { agent: agent.id, kind: agent.name, reason: end.reason, turns: end.turns };
  if (end.reason === "completed") return ok(`${text}\n\n${footer}`, details);
  const until = text.trim() === "" ? "" : `\nWhat it had said until then:\n${text}`;
  const words = `${ending(end)}${until}\n\n${footer}`;
  if (end.reason === "cancelled") return { status: "cancelled", content: [{ type: "text", text: words }] };
  const code = end.reason === "failed" && end.error.code === "too-deep" ? "unavailable" : "tool-failed";
  return failed(code, words, details);
}

/** What is said of an end that is no answer. */
function ending(end: RunEnd): string {
  switch (end.reason) {
    case "completed":
      return "The sub-agent came to an answer.";
    case "max-turns":
      return `The sub-agent did not finish: it reached its limit of ${end.turns} turns.`;
    case "budget":
      return `The sub-agent did not finish: the ${end.limit === "cost" ? "money" : end.limit} for it is used up.`;
    case "cancelled":
      return "The sub-agent was cancelled.";
    case "refused":
      return "The sub-agent's model refused to go on.";
    case "awaiting-permission":
      return "The sub-agent waits for a permission that nobody gives here.";
    case "context-exhausted":
    case "failed":
      return `The sub-agent failed: ${end.error.message}${end.error.hint === undefined ? "" : ` ${end.error.hint}`}`;
  }
}

function figures({ reason, turns, usage, denials, parked }: RunEnd): string {
  return [
    `${reason}, ${counted(turns, "turn")}`,
    ...(usage.input === undefined ? [] : [`${usage.input} tokens in`]),
    ...(usage.output === undefined ? [] : [`${usage.output} out`]),
    ...(usage.cost === undefined || usage.cost === 0 ? [] : [`$${(usage.cost / 1e6).toFixed(4)}`]),
    ...(denials.length === 0 ? [] : [`${counted(denials.length, "call")} refused`]),
    ...(parked.length === 0 ? [] : [`${counted(parked.length, "call")} of unknown outcome`]),
  ].join(", ");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
