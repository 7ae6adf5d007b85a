import { caught } from "./caught.ts";
import { text } from "./content.ts";
import type { PermissionDecision, ToolIntent } from "./event.ts";
import type { ToolCallId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import type { ToolCallPart } from "./message.ts";
import { cancelled, type DeniedBy, type ToolOutcome } from "./outcome.ts";
import type { Answer, Ask, Remember } from "./ports/ask.ts";
import type { BeforeTool, BeforeToolVerdict } from "./ports/before-tool.ts";
import type { AgentIdentity } from "./ports/call-scope.ts";
import type { Decision, PermissionRequest, Policy } from "./ports/policy.ts";
import type { QuestionVerdict, RunHooks } from "./ports/run-hooks.ts";
import type { Steps } from "./ports/steps.ts";
import type { Preparation, PreparedCall } from "./ports/toolbox.ts";
import type { QuestionLine } from "./question-line.ts";
import type { Recorder } from "./recorder.ts";
import type { Denial } from "./run-end.ts";
import { aborted, untilAborted } from "./until-aborted.ts";
import { verdictShape } from "./verdict-shape.ts";

/**
 * Whether a prepared call may run: hook, policy, question, and the decision in the journal. Whatever fails, throws
 * or cannot be understood refuses. With `intentOf`, what is allowed is about to begin: the journal has its intent
 * together with the decision.
 */
export type PermissionCheckpoint = (
  call: ToolCallPart,
  prepared: PreparedCall,
  place: CallPlace,
  signal: AbortSignal,
  intentOf?: (allowed: PreparedCall) => ToolIntent,
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
  /** Heard in turn: each sees what the ones before it left of the call. */
  readonly beforeTool: readonly BeforeTool[];
  readonly beforeQuestion: RunHooks["beforeQuestion"];
  readonly onQuestion: RunHooks["onQuestion"];
  /** Keeps what a hook's allow wants remembered. */
  readonly remember: RunHooks["remember"];
  readonly steps: Steps;
  readonly recorder: Recorder;
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
  /** What a hook on its question said: put to hooks again, the question can only be refused. */
  readonly allowed?: Extract<QuestionVerdict, { readonly type: "allow" }>;
  readonly place: CallPlace;
  readonly signal: AbortSignal;
  readonly intentOf: ((allowed: PreparedCall) => ToolIntent) | undefined;
}

/** What hooks left of a case: the case, perhaps rewritten, and what they have to say about a question. */
type Hooked =
  | { readonly type: "passed"; readonly matter: Case; readonly wish?: Wish }
  | { readonly type: "refused"; readonly reason: string }
  | typeof aborted;

type Wish = { readonly type: "defer" | "ask" | "allow"; readonly reason: string };

type Refusal = { readonly by: DeniedBy; readonly reason: string; readonly rule?: string | undefined };

export function createPermissionCheckpoint(options: PermissionCheckpointOptions): PermissionCheckpoint {
  const { policy, ask, beforeTool, beforeQuestion, steps, recorder, questions, cwd, agent } = options;

  async function judge(first: Case): Promise<CheckpointVerdict> {
    const hooked = await consultHooks(first);
    if (hooked === aborted) return ended;
    if (hooked.type === "refused") return refuse(first, { by: "hook", reason: hooked.reason });
    const { matter, wish } = hooked;
    const decision = await untilAborted(consultPolicy(matter), matter.signal);
    if (decision === aborted) return ended;
    if (decision.type === "deny") {
      return refuse(matter, { by: "policy", reason: decision.reason, rule: decision.rule });
    }
    if (wish?.type === "defer") return later(matter, { ...requestOf(matter), reason: wish.reason });
    if (decision.type === "allow" && wish?.type !== "ask") {
      const rule = decision.rule === undefined ? {} : { rule: decision.rule };
      return allow(matter, { by: "policy", reason: decision.reason, ...rule });
    }
    const isOpen = decision.type === "ask" && decision.byDefault === true;
    if (isOpen && wish?.type === "allow") return allowByHook(matter, wish.reason);
    const suggestions = decision.type === "ask" ? decision.suggestions : undefined;
    const question: PermissionRequest = {
      ...requestOf(matter),
      reason: wish?.type === "ask" ? wish.reason : decision.reason,
      ...(suggestions === undefined ? {} : { suggestions }),
    };
    const mayAllow = isOpen && wish === undefined;
    const heard = await askHooks(matter, question);
    if (heard === aborted) return ended;
    if (heard?.type === "deny") return refuse(matter, { by: "hook", reason: heard.reason });
    const said = matter.allowed ?? heard;
    if (said?.input !== undefined && matter.allowed === undefined)
      return judgeAgain(matter, said, said.input);
    return said !== undefined && mayAllow
      ? allowAnswered(matter, () => allowByHook(matter, said.reason, said.remember))
      : putQuestion(matter, question);
  }

  async function consultHooks(first: Case): Promise<Hooked> {
    let matter = first;
    let wish: Wish | undefined;
    let rewriter = -1;
    for (const [index, hook] of beforeTool.entries()) {
      const hooked = await consultHook(hook, matter);
      if (hooked === aborted || hooked.type === "refused") return hooked;
      if (hooked.matter !== matter) {
        rewriter = index;
        if (wish?.type === "allow") wish = undefined; // it was for something else
      }
      matter = hooked.matter;
      wish = moreUrgent(wish, hooked.wish);
    }
    return consultAgain(beforeTool.slice(0, rewriter + 1), { matter, wish });
  }

  /**
   * Those that have not seen what the last one made of a call, which may be several that answer as one. They can only
   * tighten now: what they would make of it again is left, or two of them could go on without end.
   */
  async function consultAgain(
    hooks: readonly BeforeTool[],
    left: { readonly matter: Case; readonly wish: Wish | undefined },
  ): Promise<Hooked> {
    const { matter } = left;
    let { wish } = left;
    for (const hook of hooks) {
      const verdict = await verdictOf(hook, matter);
      if (verdict === aborted || verdict?.type === "refused") return verdict;
      if (verdict?.type === "deny") return refused(verdict.reason);
      if (verdict?.type === "ask" || verdict?.type === "defer") wish = moreUrgent(wish, verdict);
    }
    return { type: "passed", matter, ...(wish === undefined ? {} : { wish }) };
  }

  async function consultHook(hook: BeforeTool, matter: Case): Promise<Hooked> {
    const verdict = await verdictOf(hook, matter);
    if (verdict === aborted || verdict?.type === "refused") return verdict;
    return verdict === undefined ? { type: "passed", matter } : obeyHook(matter, verdict);
  }

  async function verdictOf(
    hook: BeforeTool,
    matter: Case,
  ): Promise<BeforeToolVerdict | undefined | Extract<Hooked, { readonly type: "refused" }> | typeof aborted> {
    const { signal } = matter;
    const verdict = await untilAborted(
      caught(async () => hook(requestOf(matter), signal)),
      signal,
    );
    if (verdict === aborted) return aborted;
    if ("threw" in verdict) return refused(`A hook before the tool failed: ${verdict.threw}`);
    if (verdict.value === undefined || verdict.value === null) return undefined;
    if (verdictShape.isHookVerdict(verdict.value)) return verdict.value;
    return refused("A hook before the tool gave a verdict that cannot be understood.");
  }

  async function obeyHook(matter: Case, verdict: BeforeToolVerdict): Promise<Hooked> {
    switch (verdict.type) {
      case "deny":
        return refused(verdict.reason);
      case "defer":
        return { type: "passed", matter, wish: verdict };
      case "rewrite":
        return rewrite(matter, verdict.input);
      case "ask":
      case "allow": {
        const { type, reason, input } = verdict;
        const left: Hooked = input === undefined ? { type: "passed", matter } : await rewrite(matter, input);
        return left === aborted || left.type === "refused" ? left : { ...left, wish: { type, reason } };
      }
    }
  }

  async function rewrite(matter: Case, input: JsonValue): Promise<Hooked> {
    const { id, judged, signal } = matter;
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

  /** What hooks answer in place of people; `undefined` where they say nothing. */
  async function askHooks(
    { signal }: Case,
    question: PermissionRequest,
  ): Promise<QuestionVerdict | undefined | typeof aborted> {
    if (beforeQuestion === undefined) return undefined;
    const said = await untilAborted(
      caught(async () => beforeQuestion(question, signal)),
      signal,
    );
    if (said === aborted) return aborted;
    if ("threw" in said) return { type: "deny", reason: `A hook failed: ${said.threw}` };
    const verdict = said.value;
    if (verdict === undefined || verdict === null) return undefined;
    if (verdictShape.isQuestionVerdict(verdict)) return verdict;
    return { type: "deny", reason: "A hook gave a verdict that cannot be understood." };
  }

  /** A call that a hook rewrote while it was asked about: every guard and the policy see it as it would run. */
  async function judgeAgain(
    matter: Case,
    allowed: NonNullable<Case["allowed"]>,
    input: JsonValue,
  ): Promise<CheckpointVerdict> {
    const rewritten = await rewrite(matter, input);
    if (rewritten === aborted) return ended;
    if (rewritten.type === "refused") return refuse(matter, { by: "hook", reason: rewritten.reason });
    return judge({ ...rewritten.matter, allowed });
  }

  /** A question may have been open for long: what is refused by now is refused, whatever was answered. */
  async function allowAnswered(
    matter: Case,
    allowed: () => Promise<CheckpointVerdict>,
  ): Promise<CheckpointVerdict> {
    const now = await untilAborted(consultPolicy(matter), matter.signal);
    if (now === aborted) return ended;
    if (now.type !== "deny") return allowed();
    return refuse(matter, { by: "policy", reason: now.reason, rule: now.rule });
  }

  async function allowByHook(matter: Case, reason: string, wanted?: Remember): Promise<CheckpointVerdict> {
    const kept = await untilAborted(
      caught(async () => (wanted === undefined ? undefined : options.remember?.(wanted))),
      matter.signal,
    );
    if (kept === aborted) return ended;
    // What could not be kept is asked about again: the answer to this question stands.
    const remember = "threw" in kept || kept.value === undefined ? {} : { remember: kept.value };
    return allow(matter, { by: "hook", reason, ...remember });
  }

  /** Whoever answers later does so for a call of the conversation itself. */
  async function later(matter: Case, question: PermissionRequest): Promise<CheckpointVerdict> {
    if (matter.place.depth === 0) {
      await recorder.record({ type: "permission-pending", request: question }, matter.place.parent);
      return { type: "deferred" };
    }
    return refuse(matter, { by: "nobody", reason: "A call inside of another cannot wait for an answer." });
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
    const answer = await questions.put(() => {
      recorder.emit({ type: "permission-request", request: question }, place.parent);
      void caught(async () => options.onQuestion?.(question, signal));
      return steps.wait(`permission:${id}`, (waiting) => ask(question, waiting), signal);
    }, signal);
    if (answer === aborted) return ended;
    if ("threw" in answer) {
      return refuse(matter, { by: "nobody", reason: `The question could not be put: ${answer.threw}` });
    }
    if (!verdictShape.isAnswer(answer.value)) {
      return refuse(matter, { by: "nobody", reason: "The answer to the question cannot be understood." });
    }
    return obeyAnswer(matter, question, answer.value);
  }

  async function obeyAnswer(
    matter: Case,
    question: PermissionRequest,
    answer: Answer,
  ): Promise<CheckpointVerdict> {
    switch (answer.type) {
      case "defer":
        return later(matter, question);
      case "deny":
        return refuse(matter, { by: answer.by, reason: answer.message ?? "The user refused this call." });
      case "allow": {
        const remember = answer.remember === undefined ? {} : { remember: answer.remember };
        return allowAnswered(matter, () =>
          allow(matter, { by: "user", reason: "The user allowed it.", ...remember }),
        );
      }
    }
  }

  async function allow(
    matter: Case,
    why: Pick<PermissionDecision, "by" | "reason" | "rule" | "remember">,
  ): Promise<CheckpointVerdict> {
    const { judged, intentOf, place } = matter;
    const decision = decisionOn(matter, { decision: "allow", ...why });
    const events = intentOf === undefined ? [decision] : [decision, intentOf(judged)];
    await recorder.recordTogether(events, place.parent);
    return { type: "go", call: judged };
  }

  async function refuse(matter: Case, { by, reason, rule }: Refusal): Promise<CheckpointVerdict> {
    const named = rule === undefined ? {} : { rule };
    await recorder.record(
      decisionOn(matter, { decision: "deny", by, reason, ...named }),
      matter.place.parent,
    );
    options.onDenial({ call: matter.id, tool: matter.judged.tool, by, reason });
    const content = [text(`Permission denied: ${reason}`)];
    return { type: "end", outcome: { status: "denied", by, content } };
  }

  function requestOf({ id, judged }: Case): PermissionRequest {
    const { tool, input, effects } = judged;
    return { call: id, tool, input, effects, cwd, ...(agent === undefined ? {} : { agent }) };
  }

  return (call, prepared, place, signal, intentOf) =>
    judge({ id: call.id, judged: prepared, rewritten: {}, place, signal, intentOf });
}

function decisionOn(
  { id, judged, rewritten }: Case,
  decision: Pick<PermissionDecision, "decision" | "by" | "reason" | "rule" | "remember">,
): PermissionDecision {
  const about = { call: id, tool: judged.tool, effects: judged.effects };
  return { type: "permission-decision", ...about, ...decision, ...rewritten };
}

const ended: CheckpointVerdict = { type: "end", outcome: cancelled() };

function urgency(wish: Wish | undefined): number {
  return wish === undefined ? 0 : { allow: 1, ask: 2, defer: 3 }[wish.type];
}

/** Of what hooks wish the strictest counts, and of two that are equal the first. */
function moreUrgent(one: Wish | undefined, other: Wish | undefined): Wish | undefined {
  return urgency(other) > urgency(one) ? other : one;
}

function refused(reason: string): Extract<Hooked, { readonly type: "refused" }> {
  return { type: "refused", reason };
}
