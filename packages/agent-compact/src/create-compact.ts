import {
  aborted,
  type Compact,
  type CompactView,
  checkPlan,
  type Message,
  untilAborted,
} from "@claw/agent-core";
import { clearResults } from "./clear-results.ts";
import { dropOldest } from "./drop-oldest.ts";
import { dropRepeats } from "./drop-repeats.ts";
import { handOver } from "./hand-over.ts";
import { planBetween } from "./plan-between.ts";
import type { CompactionWork, Facts, Strategy } from "./strategy.ts";
import { summarise } from "./summarise.ts";
import { trimResults } from "./trim-results.ts";

export interface CompactOptions {
  /** Tokens of a whole prompt with these messages, system prompt and tools included. */
  readonly measure: (messages: readonly Message[]) => number;
  /** Tokens of the largest prompt and its answer together. `undefined`: nobody knows, so only an overflow tells. */
  readonly window: () => number | undefined;
  /**
   * The part of the window that is left for the answer, and for what the measure cannot see. Default: 0.15, and in a
   * small window up to a quarter of it.
   */
  readonly reserve?: number;
  /** The part of what the conversation may fill that it is brought down to. Default: 0.5. */
  readonly target?: number;
  /** Tried in turn until the target is reached. Default: from the cheapest to the last resort. */
  readonly strategies?: readonly Strategy[];
  /** Whether the agent has a tool `Recall`, which what was left out may then refer to. Default: it has. */
  readonly recall?: boolean;
  /** What code knows and no summary may lose. Default: nothing. */
  readonly facts?: (messages: readonly Message[]) => Facts | Promise<Facts>;
}

/** From the cheapest to the last resort. */
export function defaultStrategies(): readonly Strategy[] {
  return [dropRepeats(), clearResults(), summarise(), dropOldest(), trimResults()];
}

/** A strategy for runs, made of a ladder of strategies. Says when a conversation cannot be made to fit at all. */
export function createCompact(options: CompactOptions): Compact {
  const { measure, strategies = defaultStrategies(), facts = () => ({}), recall = true } = options;
  return async (view, signal) => {
    const used = measure(view.messages);
    const bounds = boundsFor(view, used, options);
    if (bounds === undefined) return undefined;
    const leave = view.begin === undefined ? {} : await view.begin();
    if (leave === undefined) return undefined;
    const instructions = [view.instructions, leave.instructions].filter(Boolean).join("\n");
    const work: Omit<CompactionWork, "messages"> = {
      ...bounds,
      measure,
      facts,
      ask: view.ask,
      ...(recall ? { reference: `c${view.compactions + 1}` } : {}),
      ...(instructions === "" ? {} : { instructions }),
    };
    const ladder =
      view.cause === "manual" ? strategies.filter(({ name }) => name === "summarise") : strategies;
    const { messages, names } = await climb(view.messages, ladder, work, signal);
    const plan = { strategy: names.join("+"), edits: planBetween(view.messages, messages) };
    const isSound = names.length > 0 && checkPlan(view.messages, plan).type === "sound";
    const reached = isSound ? messages : view.messages;
    if (view.cause !== "manual" && measure(reached) > bounds.limit) {
      const exhausted = `The conversation needs about ${measure(reached)} tokens, of ${bounds.limit} that fit, and cannot be made shorter.`;
      return { exhausted, handOver: handOver(view.messages, await facts(view.messages)) };
    }
    return isSound ? plan : undefined;
  };
}

/** `undefined`: there is nothing to do. */
function boundsFor(
  { cause, messages }: CompactView,
  used: number,
  options: CompactOptions,
): Pick<CompactionWork, "target" | "limit" | "room"> | undefined {
  if (messages.length === 0) return undefined;
  const limit = limitFor(cause, used, options);
  if (limit === undefined || (cause === "threshold" && used <= limit)) return undefined;
  const fixed = options.measure([]);
  const room = Math.max(leastRoom, Math.floor((limit - fixed) * (options.target ?? 0.5)));
  return { limit, room, target: fixed + room };
}

/** Tokens of a conversation that says anything. */
const leastRoom = 200;

function limitFor(
  cause: CompactView["cause"],
  used: number,
  { window: windowOf, reserve }: CompactOptions,
): number | undefined {
  const window = windowOf();
  const share = reserve ?? (window === undefined ? 0 : Math.max(0.15, Math.min(0.25, smallReserve / window)));
  const most = window === undefined ? Number.POSITIVE_INFINITY : Math.floor(window * (1 - share));
  switch (cause) {
    case "threshold":
      return window === undefined ? undefined : most;
    case "overflow":
      // The vendor says that it is too much, whatever the measure thinks.
      return Math.min(most, Math.floor(used * 0.9));
    case "manual":
      return Math.min(most, used);
  }
}

/** Tokens that an answer and the errors of an estimate need, however small the window is. */
const smallReserve = 1_500;

async function climb(
  start: readonly Message[],
  ladder: readonly Strategy[],
  work: Omit<CompactionWork, "messages">,
  signal: AbortSignal,
): Promise<{ readonly messages: readonly Message[]; readonly names: readonly string[] }> {
  let messages = start;
  const names: string[] = [];
  for (const strategy of ladder) {
    if (signal.aborted || (names.length > 0 && work.measure(messages) <= work.target)) break;
    const shorter = await attempt(strategy, { ...work, messages }, signal);
    if (shorter === undefined || work.measure(shorter) >= work.measure(messages)) continue;
    messages = shorter;
    names.push(strategy.name);
  }
  return { messages, names };
}

/** A rung that breaks is passed over: the next one may hold. */
async function attempt(
  strategy: Strategy,
  work: CompactionWork,
  signal: AbortSignal,
): Promise<readonly Message[] | undefined> {
  try {
    const shorter = await untilAborted(strategy.shorten(work, signal), signal);
    return shorter === aborted ? undefined : shorter;
  } catch {
    return undefined;
  }
}
