import { type AssistantMessage, toolCalls } from "./message.ts";
import type { ToolOutcome } from "./outcome.ts";

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
  let recent: readonly Entry[] = [];
  return {
    turn(reply, outcomes) {
      const calls = JSON.stringify(toolCalls(reply).map((call) => [call.name, call.input]));
      recent = [...recent, { calls, outcomes }].slice(-2 * stopAfter);
      const rounds = Math.max(repeats(recent, 1), repeats(recent, 2));
      if (rounds >= stopAfter) return "stop";
      return rounds === warnAfter ? "warn" : "go-on";
    },
  };
}

/** One turn. Its results stay as they are: most turns differ in their calls, and nobody asks further. */
interface Entry {
  readonly calls: string;
  readonly outcomes: readonly ToolOutcome[];
}

/** How many times the last `period` entries stand in a row at the end. */
function repeats(entries: readonly Entry[], period: number): number {
  const last = entries.slice(-period);
  const [first] = last;
  if (last.length < period || first === undefined) return 0;
  if (period > 1 && last.every((entry) => isSame(entry, first))) return 0;
  let rounds = 0;
  for (let end = entries.length; end >= period; end -= period) {
    const round = entries.slice(end - period, end);
    if (round.some((entry, index) => !isSame(entry, last[index]))) break;
    rounds += 1;
  }
  return rounds;
}

function isSame(one: Entry, other: Entry | undefined): boolean {
  if (one === other) return true;
  return one.calls === other?.calls && results(one) === results(other);
}

function results({ outcomes }: Entry): string {
  return JSON.stringify(outcomes.map((outcome) => [outcome.status, outcome.content]));
}
