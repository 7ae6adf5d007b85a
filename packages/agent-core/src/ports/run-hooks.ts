import type { Content } from "../content.ts";
import type { CompactionEvent, HookEvent } from "../event.ts";
import type { RunId } from "../ids.ts";
import type { JsonValue } from "../json.ts";
import type { ToolOutcome } from "../outcome.ts";
import type { Remember } from "./ask.ts";
import type { BeforeTool } from "./before-tool.ts";
import type { AgentIdentity } from "./call-scope.ts";
import type { SideCall } from "./compact.ts";
import type { PermissionRequest } from "./policy.ts";

/** Makes the hooks of one run. A sub-agent's run has those of the run around it. */
export type HooksOf = (run: HookedRun) => RunHooks;

/**
 * Who is told of a run's turning points and may have a say in them. A run waits for each until its signal fires. A
 * throw of `begin`, `beforeTool` and `beforeQuestion` refuses; one of the others costs a notice.
 */
export interface RunHooks {
  /** Before anything of the run stands in the conversation, with what the human says, if anything. */
  readonly begin?: (prompt: Content | undefined, signal: AbortSignal) => Promise<BeginVerdict | undefined>;
  readonly beforeTool?: BeforeTool;
  /** A question is about to be put. */
  readonly beforeQuestion?: (
    request: PermissionRequest,
    signal: AbortSignal,
  ) => Promise<QuestionVerdict | undefined>;
  /** A call took effect, or failed while it tried to. */
  readonly afterTool?: (call: EndedCall, signal: AbortSignal) => Promise<AfterToolVerdict | undefined>;
  /** The model has answered and nothing is left to do. Asked at most `maxForcedTurns` times for more. */
  readonly beforeEnd?: (end: AnsweredRun, signal: AbortSignal) => Promise<EndVerdict | undefined>;
  /** The conversation is about to be made shorter: before a model is paid for it, where the strategy asks then. */
  readonly beforeCompact?: (wish: CompactionWish, signal: AbortSignal) => Promise<CompactVerdict | undefined>;
  /** A question is put to people. Nobody waits for what hears of it, and a throw means nothing. */
  readonly onQuestion?: (question: PermissionRequest, signal: AbortSignal) => void;
  /** Keeps what an allow of `beforeQuestion` wants remembered; what of it was kept. Absent: nothing is. */
  readonly remember?: (wanted: Remember) => Promise<Remember | undefined>;
  readonly afterCompact?: (done: PlannedCompaction, signal: AbortSignal) => Promise<void>;
}

/** What hooks may do to the run that they look at. Nothing of it has an effect once the run is over. */
export interface HookedRun {
  readonly id: RunId;
  /** Set for the run of a sub-agent. */
  readonly agent?: AgentIdentity;
  /** The sub-agents around the run, the outermost first, and its own. */
  readonly agents: readonly AgentIdentity[];
  /** Writes down that a hook ran. */
  readonly tell: (event: Omit<HookEvent, "type">) => void;
  /** Tells the model, before its next request. */
  readonly say: (words: string) => void;
  /** Asks the run's model beside the conversation; paid from the run's budget. See `SideCall`. */
  readonly ask: SideCall;
  /** Ends the run at once, as failed with the code `stopped-by-hook`. */
  readonly stop: (reason: string) => void;
}

/** The prompt is not taken: it does not stand in the conversation, and the run fails with `prompt-blocked`. */
export type BeginVerdict = { readonly type: "block"; readonly reason: string };

export type QuestionVerdict =
  | { readonly type: "deny"; readonly reason: string }
  /**
   * Counts for a question that only waits because nothing allows the call: see `Decision`. With an input: that is
   * what is to run; the call is looked at and judged once more from the beginning.
   */
  | {
      readonly type: "allow";
      readonly reason: string;
      readonly input?: JsonValue;
      readonly remember?: Remember;
    };

export interface EndedCall {
  readonly request: PermissionRequest;
  readonly outcome: Extract<ToolOutcome, { readonly status: "ok" | "failed" }>;
  readonly durationMs: number;
}

/** The model reads this in place of what the tool said. */
export type AfterToolVerdict = { readonly type: "replace"; readonly content: Content };

export interface AnsweredRun {
  /** The answer. */
  readonly text: string;
  /** How often a hook has made this run go on already. */
  readonly forced: number;
}

/** The model is told this, and answers once more. */
export type EndVerdict = { readonly type: "go-on"; readonly words: string };

export type CompactionWish = Pick<CompactionEvent, "cause"> & {
  /** What a human asked to be kept. */
  readonly instructions?: string;
};

export type PlannedCompaction = CompactionWish & Pick<CompactionEvent, "strategy" | "before" | "after">;

export type CompactVerdict =
  /** The conversation stays as it is. */
  | { readonly type: "block"; readonly reason: string }
  /** What is to be kept besides, for whoever sums up. */
  | { readonly type: "go-on"; readonly instructions: string };
