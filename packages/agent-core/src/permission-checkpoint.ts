import { caught } from "./caught.ts";
import { text } from "./content.ts";
import type { PermissionDecision } from "./event.ts";
import type { ToolCallId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import type { ToolCallPart } from "./message.ts";
import { cancelled, type DeniedBy, type ToolOutcome } from "./outcome.ts";
import type { Answer, Ask } from "./ports/ask.ts";
import type { BeforeTool, BeforeToolVerdict } from "./ports/before-tool.ts";
import type { AgentIdentity } from "./ports/call-scope.ts";
import type { Decision, PermissionRequest, Policy } from "./ports/policy.ts";
import type { Steps } from "./ports/steps.ts";
import type { Preparation, PreparedCall } from "./ports/toolbox.ts";
import type { Recorder } from "./recorder.ts";
import type { Denial } from "./run-end.ts";
import type { QuestionLine } from "./session-stream.ts";
import { aborted, untilAborted } from "./until-aborted.ts";
import { verdictShape } from "./verdict-shape.ts";

/**
 * Whether a prepared call may run: hook, policy, question, and the decision in the journal. Whatever fails, throws
 * or cannot be understood refuses.
 */
export type PermissionCheckpoint = (
  call: ToolCallPart,
  prepared: PreparedCall,
  place: CallPlace,
  signal: AbortSignal,
) => Promise<CheckpointVerdict>;

export type CheckpointVerdict =
  /** Exactly this may run. */
  | { readonly type: "go"; readonly call: PreparedCall }
  | { readonly type: "end"; readonly outcome: ToolOutcome }
  /** The answer will come later, perhaps in another process. */
  | { readonly type: "deferred" };

/** Where a call stands: directly in a reply, or inside of another call. */
export interface CallPlace {
  readonly parent: ToolCallId | undefined;
  readonly depth: number;
}

export interface PermissionCheckpointOptions {
  readonly policy: Policy;
  readonly ask: Ask;
  readonly beforeTool: BeforeTool | undefined;
  readonly steps: Steps;
  readonly recorder: Recorder;
  /** One question at a time over all runs of the session, in the order they came up. */
  readonly questions: QuestionLine;
  readonly cwd: string;
  /** Who asks, where it is not the conversation itself. */
  readonly agent: AgentIdentity | undefined;
  /** Makes a rewritten call ready, to be judged anew. */
  readonly prepare: (call: ToolCallPart, signal: AbortSignal) => Promise<Preparation>;
  /** Told of every refusal. */
  readonly onDenial: (denial: Denial) => void;
}

/** One call on its way through the checkpoint. */
interface Case {
  readonly id: ToolCallId;
  readonly judged: PreparedCall;
  /** The input, where a hook rewrote what the model asked for. */
  readonly rewritten: { readonly input?: JsonValue };
  readonly place: CallPlace;
  readonly signal: AbortSignal;
}

/** What a hook left of a case: the case, perhaps rewritten, and why it must be asked about. */
type Hooked =
  | { readonly type: "passed"; readonly matter: Case; readonly askReason?: string }
  | { readonly type: "refused"; readonly reason: string }
  | typeof aborted;

type Refusal = { readonly by: DeniedBy; readonly reason: string; readonly rule?: string | undefined };

export function createPermissionCheckpoint(options: PermissionCheckpointOptions): PermissionCheckpoint {
  const { policy, ask, beforeTool, steps, recorder, questions, cwd, agent } = options;

  async function judge(first: Case): Promise<CheckpointVerdict> {
    const hooked = await consultHook(first);
    if (hooked === aborted) return ended;
    if (hooked.type === "refused") return refuse(first, { by: "hook", reason: hooked.reason });
    const { matter, askReason } = hooked;
    const decision = await untilAborted(consultPolicy(matter), matter.signal);
    if (decision === aborted) return ended;
    if (decision.type === "deny") {
      return refuse(matter, { by: "policy", reason: decision.reason, rule: decision.rule });
    }
    if (decision.type === "allow" && askReason === undefined) {
      const rule = decision.rule === undefined ? {} : { rule: decision.rule };
      await decide(matter, { decision: "allow", by: "policy", reason: decision.reason, ...rule });
      return { type: "go", call: matter.judged };
    }
    const suggestions = decision.type === "ask" ? decision.suggestions : undefined;
    return putQuestion(matter, {
      ...requestOf(matter),
      reason: askReason ?? decision.reason,
      ...(suggestions === undefined ? {} : { suggestions }),
    });
  }

  async function consultHook(matter: Case): Promise<Hooked> {
    if (!beforeTool) return { type: "passed", matter };
    const { signal } = matter;
    const verdict = await untilAborted(
      caught(async () => beforeTool(requestOf(matter), signal)),
      signal,
    );
    if (verdict === aborted) return aborted;
    if ("threw" in verdict) return refused(`A hook before the tool failed: ${verdict.threw}`);
    if (verdict.value === undefined || verdict.value === null) return { type: "passed", matter };
    if (!verdictShape.isHookVerdict(verdict.value)) {
      return refused("A hook before the tool gave a verdict that cannot be understood.");
    }
    return obeyHook(matter, verdict.value);
  }

  async function obeyHook(matter: Case, verdict: BeforeToolVerdict): Promise<Hooked> {
    switch (verdict.type) {
      case "deny":
        return refused(verdict.reason);
      case "ask":
        return { type: "passed", matter, askReason: verdict.reason };
      case "rewrite": {
        const { id, judged, signal } = matter;
        const { input } = verdict;
        const again = await options.prepare({ type: "tool-call", id, name: judged.tool, input }, signal);
        if (signal.aborted) return aborted;
        if (again.type === "rejected") {
          return refused("A hook rewrote the input into one that the tool does not take.");
        }
        if (judged.concurrent && !again.call.concurrent) {
          return refused("A hook rewrote a call that runs beside others into one that must run alone.");
        }
        return { type: "passed", matter: { ...matter, judged: again.call, rewritten: { input } } };
      }
    }
  }

  async function consultPolicy(matter: Case): Promise<Decision> {
    const decision = await caught(async () => policy(requestOf(matter), matter.signal));
    if ("threw" in decision) {
      return { type: "deny", reason: `The permission policy failed, so nothing may run: ${decision.threw}` };
    }
    const decided = decision.value ?? { type: "ask", reason: "No policy has an opinion on this." };
    if (verdictShape.isDecision(decided)) return decided;
    return {
      type: "deny",
      reason: "The permission policy gave a decision that cannot be understood, so nothing may run.",
    };
  }

  async function putQuestion(matter: Case, question: PermissionRequest): Promise<CheckpointVerdict> {
    const { id, place, signal } = matter;
    const before = questions.last;
    const put = async (): Promise<Answer | undefined> => {
      await before;
      if (signal.aborted) return undefined;
      recorder.emit({ type: "permission-request", request: question }, place.parent);
      return steps.wait(`permission:${id}`, (waiting) => ask(question, waiting), signal);
    };
    const settled = untilAborted(caught(put), signal);
    questions.last = settled;
    const answer = await settled;
    if (answer === aborted) return ended;
    if ("threw" in answer) {
      return refuse(matter, { by: "nobody", reason: `The question could not be put: ${answer.threw}` });
    }
    if (!verdictShape.isAnswer(answer.value)) {
      return refuse(matter, { by: "nobody", reason: "The answer to the question cannot be understood." });
    }
    return obeyAnswer(matter, answer.value);
  }

  async function obeyAnswer(matter: Case, answer: Answer): Promise<CheckpointVerdict> {
    switch (answer.type) {
      case "defer":
        if (matter.place.depth === 0) return { type: "deferred" };
        return refuse(matter, {
          by: "nobody",
          reason: "A call inside of another cannot wait for an answer.",
        });
      case "deny":
        return refuse(matter, { by: answer.by, reason: answer.message ?? "The user refused this call." });
      case "allow": {
        const remember = answer.remember === undefined ? {} : { remember: answer.remember };
        await decide(matter, { decision: "allow", by: "user", reason: "The user allowed it.", ...remember });
        return { type: "go", call: matter.judged };
      }
    }
  }

  async function refuse(matter: Case, { by, reason, rule }: Refusal): Promise<CheckpointVerdict> {
    const named = rule === undefined ? {} : { rule };
    await decide(matter, { decision: "deny", by, reason, ...named });
    options.onDenial({ call: matter.id, tool: matter.judged.tool, by, reason });
    const content = [text(`Permission denied: ${reason}`)];
    return { type: "end", outcome: { status: "denied", by, content } };
  }

  async function decide(
    matter: Case,
    decision: Pick<PermissionDecision, "decision" | "by" | "reason" | "rule" | "remember">,
  ): Promise<void> {
    const { id, judged, rewritten, place } = matter;
    const about = { call: id, tool: judged.tool, effects: judged.effects };
    await recorder.record({ type: "permission-decision", ...about, ...decision, ...rewritten }, place.parent);
  }

  function requestOf({ id, judged }: Case): PermissionRequest {
    const { tool, input, effects } = judged;
    return { call: id, tool, input, effects, cwd, ...(agent === undefined ? {} : { agent }) };
  }

  return (call, prepared, place, signal) =>
    judge({ id: call.id, judged: prepared, rewritten: {}, place, signal });
}

const ended: CheckpointVerdict = { type: "end", outcome: cancelled() };

function refused(reason: string): Hooked {
  return { type: "refused", reason };
}
