import type { Fault, RunEnd } from "@claw/agent-sdk";

/**
 * Why a run is no success, as a sentence for people; `undefined` for one that completed. `warnings`: those of its agent.
 */
export function endFault(end: RunEnd, warnings: readonly Fault[] = []): Fault | undefined {
  switch (end.reason) {
    case "completed":
      return undefined;
    case "max-turns":
      return {
        code: "max-turns",
        message: `Stopped after ${end.turns} model ${end.turns === 1 ? "request" : "requests"}, the limit of one query.`,
        hint: "--max-turns raises it.",
      };
    case "budget":
      return {
        code: "budget",
        message: spent[end.limit],
        ...(end.limit === "cost" ? { hint: "--max-budget-usd raises it." } : {}),
      };
    case "cancelled":
      return { code: "cancelled", message: "Interrupted." };
    case "refused":
      return {
        code: "refused",
        message: "The model refused to answer.",
        hint: "Ask in other words, or ask another model with --model.",
      };
    case "awaiting-permission":
      return {
        code: "awaiting-permission",
        message: "Stopped: a call waits for a permission.",
        hint: isSaved(warnings)
          ? "claw answer ID shows what it waits for; claw answer ID allow, or deny, goes on."
          : "It cannot be answered later, as this session is not saved: mend that and ask again.",
      };
    case "context-exhausted":
    case "failed":
      return end.error;
  }
}

/** Whether another process can go on with the session. */
export function isSaved(warnings: readonly Fault[]): boolean {
  return !warnings.some(({ code }) => code === "journal-unwritable");
}

const spent = {
  cost: "Stopped: the dollars of this query are spent.",
  tokens: "Stopped: the tokens of this query are used up.",
  time: "Stopped: the time of this query is over.",
} as const;
