import { type Compact, type Message, type ModelRequest, timeLimit } from "@claw/agent-core";
import type { PromptGauge } from "@claw/agent-provider";
import type { Connection } from "../connect-model.ts";
import { windowOf } from "../context-meter.ts";
import type { CompactionOptions } from "./compaction-options.ts";
import type { FactSources } from "./session-facts.ts";

export interface LateCompactOptions {
  readonly options: CompactionOptions;
  readonly connection: () => Connection;
  readonly gauge: PromptGauge;
  /** The prompt without its conversation. */
  readonly prompt: Omit<ModelRequest, "messages">;
  readonly sources: FactSources;
}

/** A prompt below this fits every model there is: nobody is asked for a window, and nothing is loaded. */
const always = 2_500;

/** The default compaction. Its parts are loaded when a conversation comes near to its model's window. */
export function lateCompact({ options, connection, gauge, prompt, sources }: LateCompactOptions): Compact {
  const measure = (messages: readonly Message[]): number =>
    gauge.tokens({ ...prompt, messages }, connection().ref);
  /** Told by what is known at once: before most requests nothing has to be measured. */
  const isFar = (messages: readonly Message[]): boolean => {
    const { contextWindow, findContextWindow } = connection();
    if (contextWindow === undefined) return findContextWindow === undefined;
    return gauge.atMost({ ...prompt, messages }) < contextWindow / 2;
  };
  return async (view, signal) => {
    if (view.cause === "threshold" && isFar(view.messages)) return undefined;
    const near = view.cause === "threshold" ? measure(view.messages) : Number.POSITIVE_INFINITY;
    if (near < always) return undefined;
    const window = await windowInTime(connection(), signal);
    if (view.cause === "threshold" && (window === undefined || near < window / 2)) return undefined;
    const [{ createCompact }, { sessionFacts }] = await Promise.all([
      import("@claw/agent-compact"),
      import("./session-facts.ts"),
    ]);
    const compact = createCompact({
      ...options,
      measure,
      window: () => window,
      recall: prompt.tools.some(({ name }) => name === "Recall"),
      facts: async (messages) => ({
        ...(await sessionFacts(messages, sources, filesFor(window), signal)),
        ...options.facts?.(messages),
      }),
    });
    return compact(view, signal);
  };
}

async function windowInTime(connection: Connection, signal: AbortSignal): Promise<number | undefined> {
  using limit = timeLimit(patience, signal);
  return await windowOf(connection, limit.signal);
}

/** Milliseconds for asking a server about its window. */
const patience = 5_000;

/** How many files are named: in a small window every line counts. */
function filesFor(window: number | undefined): number {
  return Math.min(40, Math.ceil((window ?? Number.POSITIVE_INFINITY) / 800));
}
