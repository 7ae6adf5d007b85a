import { caught } from "./caught.ts";
import { checkPlan } from "./compaction.ts";
import { thrownText } from "./fault.ts";
import { keepPinned } from "./keep-pinned.ts";
import { plainJson } from "./plain-json.ts";
import type {
  Compact,
  CompactionLeave,
  CompactionPlan,
  CompactView,
  ContextExhausted,
  SideCall,
} from "./ports/compact.ts";
import type { CompactionWish, RunHooks } from "./ports/run-hooks.ts";
import type { Recorder } from "./recorder.ts";
import type { LoopEnd } from "./run-end.ts";
import type { SessionFold } from "./session-fold.ts";
import { aborted, untilAborted } from "./until-aborted.ts";
import { verdictShape } from "./verdict-shape.ts";

/** Makes a conversation shorter when its strategy says so, and gives up when that does not help. */
export type MakeRoom = (
  cause: CompactView["cause"],
  signal: AbortSignal,
  instructions?: string,
) => Promise<"shorter" | "same" | LoopEnd>;

export interface MakeRoomOptions {
  readonly session: SessionFold;
  readonly recorder: Recorder;
  readonly compact: Compact | undefined;
  readonly ask: SideCall;
  readonly hooks: Pick<RunHooks, "beforeCompact" | "afterCompact">;
}

/** Requests in a row before which the conversation had to be made shorter: one more, and the run gives up. */
export const maxCompactionsInARow = 8;

export function createMakeRoom({ session, recorder, compact, ask, hooks }: MakeRoomOptions): MakeRoom {
  let inARow = 0;
  /** A hook keeps the conversation as it is: until it does not fit any more nothing is planned again. */
  let isKept = false;

  function viewFor(wish: CompactionWish, begin: CompactView["begin"]): CompactView {
    const { messages, lastUsage, compactions } = session;
    return {
      ...wish,
      messages: [...messages],
      compactions,
      ask,
      ...(hooks.beforeCompact === undefined || begin === undefined ? {} : { begin }),
      ...(lastUsage === undefined ? {} : { lastUsage }),
    };
  }

  function refuse(why: string): "same" {
    const text = `Compaction was not applied: ${why}.`;
    recorder.emit({ type: "notice", level: "warning", code: "compaction-refused", text });
    return "same";
  }

  /** Whether hooks let the conversation be made shorter, heard once for each wish. */
  function leaveFor(wish: CompactionWish, signal: AbortSignal): () => Promise<CompactionLeave | undefined> {
    let asked: Promise<CompactionLeave | undefined> | undefined;
    const askHooks = async (): Promise<CompactionLeave | undefined> => {
      const said = await hear(() => hooks.beforeCompact?.(wish, signal), signal);
      if (signal.aborted) return undefined;
      if (!verdictShape.isCompactVerdict(said)) return {};
      if (said.type === "go-on") return { instructions: said.instructions };
      isKept = true;
      refuse(`a hook keeps the conversation as it is: ${said.reason}`);
      return undefined;
    };
    return () => {
      asked ??= askHooks();
      return asked;
    };
  }

  async function apply(
    plan: CompactionPlan,
    wish: CompactionWish,
    leave: () => Promise<CompactionLeave | undefined>,
    signal: AbortSignal,
  ): Promise<"shorter" | "same"> {
    const { strategy } = plan;
    const edits = keepPinned(session.messages, plan.edits);
    const checked = checkPlan(session.messages, { strategy, edits });
    if (checked.type === "refused") return refuse(`${strategy}: ${checked.reason}`);
    const { before, after } = checked;
    if ((await leave()) === undefined || signal.aborted) return "same";
    await recorder.record({ type: "compaction", strategy, cause: wish.cause, edits, before, after });
    await hear(() => hooks.afterCompact?.({ strategy, before, after, ...wish }, signal), signal);
    return "shorter";
  }

  async function hear(ask: () => Promise<unknown> | undefined, signal: AbortSignal): Promise<unknown> {
    const heard = await untilAborted(
      caught(async () => ask()),
      signal,
    );
    if (heard === aborted) return undefined;
    if ("value" in heard) return heard.value;
    const text = `A hook on compaction failed: ${heard.threw}`;
    recorder.emit({ type: "notice", level: "warning", code: "hook-broken", text });
    return undefined;
  }

  return async (cause, signal, instructions) => {
    if (!compact || (isKept && cause === "threshold")) return "same";
    const wish = { cause, ...(instructions === undefined ? {} : { instructions }) };
    const leave = leaveFor(wish, signal);
    let made: CompactionPlan | ContextExhausted | undefined;
    try {
      made = plain(await untilAborted(compact(viewFor(wish, leave), signal), signal));
    } catch (error) {
      return refuse(`the strategy failed: ${thrownText(error)}`);
    }
    if (made === undefined) {
      if (cause === "threshold") inARow = 0;
      return "same";
    }
    if ("exhausted" in made) return exhausted(made.exhausted, made.handOver);
    if (cause === "threshold" && inARow >= maxCompactionsInARow) return exhausted(noProgress);
    const room = await apply(made, wish, leave, signal);
    if (cause === "threshold" && room === "shorter") inARow += 1;
    return room;
  };
}

/** Throws for what is no plan: a strategy is an injected part. */
function plain(
  made: CompactionPlan | ContextExhausted | undefined | typeof aborted,
): CompactionPlan | ContextExhausted | undefined {
  if (made === aborted || made === undefined || made === null) return undefined;
  const plan = plainJson(made);
  if (verdictShape.isPlan(plan) || verdictShape.isExhausted(plan)) return plan;
  throw new Error("what it made is no plan");
}

function exhausted(message: string, handOver?: string): LoopEnd {
  return {
    reason: "context-exhausted",
    error: { code: "context-overflow", message, hint: "Start a new session, with what this one came to." },
    ...(handOver === undefined ? {} : { handOver }),
  };
}

const noProgress = `The conversation had to be made shorter before each of the last ${maxCompactionsInARow} requests, and is full again.`;
