import { type AssistantMessage, toolCalls } from "./message.ts";
import type { ToolOutcome } from "./outcome.ts";
import { quickDigest } from "./quick-digest.ts";

/** Notices a model that goes in circles: the same calls with the same results, alone or in alternation. */
export interface LoopGuard {
  /** Tells after each turn whether to go on. */
  readonly turn: (reply: AssistantMessage, outcomes: readonly ToolOutcome[]) => "go-on" | "warn" | "stop";
}

/** Equal rounds in a row after which the model is told. */
export const warnAfter = 3;
/** Equal rounds in a row after which the run ends. */
export const stopAfter = 5;

export function createLoopGuard(): LoopGuard {
  let recent: string[] = [];
  return {
    turn(reply, outcomes) {
      recent = [...recent, signature(reply, outcomes)].slice(-2 * stopAfter);
      const rounds = Math.max(repeats(recent, 1), repeats(recent, 2));
      if (rounds >= stopAfter) return "stop";
      return rounds === warnAfter ? "warn" : "go-on";
    },
  };
}

/** How many times the last `period` entries stand in a row at the end. */
function repeats(entries: readonly string[], period: number): number {
  const last = entries.slice(-period);
  if (last.length < period || (period > 1 && new Set(last).size === 1)) return 0;
  let rounds = 0;
  for (let end = entries.length; end >= period; end -= period) {
    const round = entries.slice(end - period, end);
    if (round.some((entry, index) => entry !== last[index])) break;
    rounds += 1;
  }
  return rounds;
}

function signature(reply: AssistantMessage, outcomes: readonly ToolOutcome[]): string {
  const calls = toolCalls(reply).map((call) => [call.name, call.input]);
  return quickDigest(JSON.stringify([calls, outcomes.map((outcome) => [outcome.status, outcome.content])]));
}
