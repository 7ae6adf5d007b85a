import { text } from "./content.ts";
import type { Effect } from "./effect.ts";
import type { PermissionDecision } from "./event.ts";
import { thrownText } from "./fault.ts";
import { type ToolCallId, toolCallId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import { linkedAbort } from "./linked-abort.ts";
import type { ToolCallPart } from "./message.ts";
import { messageShape } from "./message-shape.ts";
import { cancelled, type DeniedBy, failed, type ToolOutcome } from "./outcome.ts";
import { plainJson } from "./plain-json.ts";
import type { Ask } from "./ports/ask.ts";
import type { BeforeTool } from "./ports/before-tool.ts";
import type { Decision, PermissionRequest, Policy } from "./ports/policy.ts";
import type { Steps } from "./ports/steps.ts";
import type { Preparation, PreparedCall, Toolbox } from "./ports/toolbox.ts";
import type { Recorder } from "./recorder.ts";
import type { Denial } from "./run-end.ts";
import { aborted, untilAborted } from "./until-aborted.ts";
import { verdictShape } from "./verdict-shape.ts";

/**
 * The one way from a model's wish to an effect, for nested calls too: prepare, hook, permission checkpoint,
 * decision and intent in the journal, run. Always ends in an outcome, or in `deferred` where the answer to a
 * permission question will come later.
 */
export interface CallPipeline {
  readonly prepare: (call: ToolCallPart, signal: AbortSignal) => Promise<Preparation>;
  readonly run: (call: ToolCallPart, preparation: Preparation, signal: AbortSignal) => Promise<CallEnd>;
}

export type CallEnd = ToolOutcome | typeof deferred;

/** The call stays open: its run ends with `awaiting-permission`. */
export const deferred: unique symbol = Symbol("deferred");

export interface CallPipelineOptions {
  readonly toolbox: Toolbox;
  readonly policy: Policy;
  readonly ask: Ask;
  readonly beforeTool: BeforeTool | undefined;
  readonly steps: Steps;
  readonly recorder: Recorder;
  readonly cwd: string;
  /** Told of every refusal. */
  readonly onDenial: (denial: Denial) => void;
}

/** Calls inside of calls, at most. */
export const maxNesting = 5;

/** Progress is for people: a longer text is cut. */
const maxProgressLength = 4_000;

interface Place {
  readonly parent: ToolCallId | undefined;
  readonly depth: number;
}

type Verdict =
  | { readonly type: "go"; readonly call: PreparedCall }
  | { readonly type: "end"; readonly end: CallEnd };

export function createCallPipeline(options: CallPipelineOptions): CallPipeline {
  const { toolbox, policy, ask, beforeTool, steps, recorder, cwd } = options;
  /** One question at a time, in the order they came up. */
  let questions: Promise<unknown> = Promise.resolve();

  async function prepare(call: ToolCallPart, signal: AbortSignal): Promise<Preparation> {
    const preparation = await untilAborted(
      caught(async () => toolbox.prepare(call)),
      signal,
    );
    if (preparation === aborted) return { type: "rejected", outcome: cancelled() };
    if ("value" in preparation && verdictShape.isPreparation(preparation.value)) return preparation.value;
    const why = "threw" in preparation ? preparation.threw : "what was prepared cannot be understood.";
    return { type: "rejected", outcome: failed("tool-broken", `The tool cannot be prepared: ${why}`) };
  }

  async function run(
    call: ToolCallPart,
    preparation: Preparation,
    signal: AbortSignal,
    place: Place = { parent: undefined, depth: 0 },
  ): Promise<CallEnd> {
    const started = steps.now();
    const tool = preparation.type === "ready" ? preparation.call.tool : call.name;
    recorder.emit({ type: "tool-start", call: call.id, tool, input: call.input }, place.parent);
    const settled = await caught(() => judgeAndPerform(call, preparation, signal, place));
    const end =
      "threw" in settled ? failed("tool-broken", `The call broke: ${settled.threw}`) : settled.value;
    if (end !== deferred) {
      const durationMs = Math.max(0, steps.now() - started);
      recorder.emit({ type: "tool-end", call: call.id, tool, outcome: end, durationMs }, place.parent);
    }
    return end;
  }

  async function judgeAndPerform(
    call: ToolCallPart,
    preparation: Preparation,
    signal: AbortSignal,
    place: Place,
  ): Promise<CallEnd> {
    if (signal.aborted) return cancelled();
    if (preparation.type === "rejected") return preparation.outcome;
    const verdict = await judge(call, preparation.call, signal, place);
    if (verdict.type === "end") return verdict.end;
    if (signal.aborted) return cancelled();
    return perform(call, verdict.call, signal, place);
  }

  async function judge(
    call: ToolCallPart,
    prepared: PreparedCall,
    signal: AbortSignal,
    place: Place,
  ): Promise<Verdict> {
    const hooked = await consultHook(call, prepared, signal);
    if (hooked === aborted) return { type: "end", end: cancelled() };
    if (hooked.type === "denied") {
      return refuse(call, hooked.judged, place, "hook", hooked.reason, hooked.rewritten);
    }
    const judged = hooked.judged;
    const request = permissionRequest(call.id, judged, cwd);
    const decision = await untilAborted(consultPolicy(request, signal), signal);
    if (decision === aborted) return { type: "end", end: cancelled() };
    if (decision.type === "deny") {
      return refuse(call, judged, place, "policy", decision.reason, hooked.rewritten, decision.rule);
    }
    if (decision.type === "allow" && hooked.askReason === undefined) {
      await decide(call, judged, place, {
        decision: "allow",
        by: "policy",
        reason: decision.reason,
        ...(decision.rule === undefined ? {} : { rule: decision.rule }),
        ...hooked.rewritten,
      });
      return { type: "go", call: judged };
    }
    const reason = hooked.askReason ?? decision.reason;
    const suggestions = decision.type === "ask" ? decision.suggestions : undefined;
    const question = { ...request, reason, ...(suggestions === undefined ? {} : { suggestions }) };
    return putQuestion(call, judged, question, signal, place, hooked.rewritten);
  }

  type Rewritten = { readonly input?: JsonValue };
  type Hooked =
    | { type: "denied"; judged: PreparedCall; reason: string; rewritten: Rewritten }
    | { type: "passed"; judged: PreparedCall; askReason: string | undefined; rewritten: Rewritten };

  async function consultHook(
    call: ToolCallPart,
    prepared: PreparedCall,
    signal: AbortSignal,
  ): Promise<Hooked | typeof aborted> {
    const pass = { type: "passed", judged: prepared, askReason: undefined, rewritten: {} } as const;
    if (!beforeTool) return pass;
    const deny = (reason: string): Hooked => ({ type: "denied", judged: prepared, reason, rewritten: {} });
    const verdict = await untilAborted(
      caught(async () => beforeTool(permissionRequest(call.id, prepared, cwd), signal)),
      signal,
    );
    if (verdict === aborted) return aborted;
    if ("threw" in verdict) return deny(`A hook before the tool failed: ${verdict.threw}`);
    if (verdict.value === undefined || verdict.value === null) return pass;
    if (!verdictShape.isHookVerdict(verdict.value)) {
      return deny("A hook before the tool gave a verdict that cannot be understood.");
    }
    switch (verdict.value.type) {
      case "deny":
        return deny(verdict.value.reason);
      case "ask":
        return { ...pass, askReason: verdict.value.reason };
      case "rewrite": {
        const { input } = verdict.value;
        const again = await prepare({ type: "tool-call", id: call.id, name: prepared.tool, input }, signal);
        if (signal.aborted) return aborted;
        if (again.type === "rejected")
          return deny("A hook rewrote the input into one that the tool does not take.");
        if (prepared.concurrent && !again.call.concurrent) {
          return deny("A hook rewrote a call that runs beside others into one that must run alone.");
        }
        return { ...pass, judged: again.call, rewritten: { input } };
      }
    }
  }

  async function consultPolicy(request: PermissionRequest, signal: AbortSignal): Promise<Decision> {
    const decision = await caught(async () => policy(request, signal));
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

  async function putQuestion(
    call: ToolCallPart,
    judged: PreparedCall,
    question: PermissionRequest,
    signal: AbortSignal,
    place: Place,
    rewritten: Rewritten,
  ): Promise<Verdict> {
    const turn = questions;
    const put = async (): Promise<Awaited<ReturnType<Ask>> | undefined> => {
      await turn;
      if (signal.aborted) return undefined;
      recorder.emit({ type: "permission-request", request: question }, place.parent);
      return steps.wait(`permission:${call.id}`, (waiting) => ask(question, waiting), signal);
    };
    const settled = untilAborted(caught(put), signal);
    questions = settled;
    const answer = await settled;
    if (answer === aborted) return { type: "end", end: cancelled() };
    if ("threw" in answer) {
      return refuse(
        call,
        judged,
        place,
        "nobody",
        `The question could not be put: ${answer.threw}`,
        rewritten,
      );
    }
    if (!verdictShape.isAnswer(answer.value)) {
      const reason = "The answer to the question cannot be understood.";
      return refuse(call, judged, place, "nobody", reason, rewritten);
    }
    switch (answer.value.type) {
      case "defer":
        if (place.depth === 0) return { type: "end", end: deferred };
        return refuse(
          call,
          judged,
          place,
          "nobody",
          "A call inside of another cannot wait for an answer.",
          rewritten,
        );
      case "deny": {
        const { by, message } = answer.value;
        return refuse(call, judged, place, by, message ?? "The user refused this call.", rewritten);
      }
      case "allow": {
        const { remember } = answer.value;
        await decide(call, judged, place, {
          decision: "allow",
          by: "user",
          reason: "The user allowed it.",
          ...(remember === undefined ? {} : { remember }),
          ...rewritten,
        });
        return { type: "go", call: judged };
      }
    }
  }

  async function refuse(
    call: ToolCallPart,
    judged: PreparedCall,
    place: Place,
    by: DeniedBy,
    reason: string,
    rewritten: Rewritten,
    rule?: string,
  ): Promise<Verdict> {
    const named = rule === undefined ? {} : { rule };
    await decide(call, judged, place, { decision: "deny", by, reason, ...named, ...rewritten });
    options.onDenial({ call: call.id, tool: judged.tool, by, reason });
    return { type: "end", end: { status: "denied", by, content: [text(`Permission denied: ${reason}`)] } };
  }

  async function decide(
    call: ToolCallPart,
    judged: PreparedCall,
    place: Place,
    decision: Pick<PermissionDecision, "decision" | "by" | "reason" | "rule" | "input" | "remember">,
  ): Promise<void> {
    const about = { call: call.id, tool: judged.tool, effects: judged.effects };
    await recorder.record({ type: "permission-decision", ...about, ...decision }, place.parent);
  }

  async function perform(
    call: ToolCallPart,
    judged: PreparedCall,
    signal: AbortSignal,
    place: Place,
  ): Promise<ToolOutcome> {
    const { tool, effects, effectClass } = judged;
    const idempotencyKey = `${call.id}:${tool}`;
    await recorder.record(
      { type: "tool-intent", call: call.id, tool, effects, effectClass, idempotencyKey },
      place.parent,
    );
    if (signal.aborted) return cancelled();
    using own = linkedAbort(signal);
    const nested = new Set<Promise<ToolOutcome>>();
    let over = false;
    const execute = (stepSignal: AbortSignal): Promise<ToolOutcome> =>
      judged.run({
        call: call.id,
        cwd,
        signal: stepSignal,
        idempotencyKey,
        progress: (line) => {
          if (over) return;
          const shown = line.slice(0, maxProgressLength);
          recorder.emit({ type: "tool-progress", call: call.id, text: shown }, place.parent);
        },
        invoke: (name, input) => {
          const inside = { parent: call.id, depth: place.depth + 1 };
          const inner = invoke(name, input, own.signal, inside).catch((error: unknown) =>
            failed("tool-broken", `The call broke: ${thrownText(error)}`),
          );
          nested.add(inner);
          return inner;
        },
      });
    const idempotent = effectClass === "pure" || effectClass === "idempotent";
    const end = await untilAborted(
      caught(async () =>
        outcomeOf(await steps.step(`tool:${call.id}`, execute, { kind: "tool", idempotent }, own.signal)),
      ),
      signal,
    );
    over = true;
    own.abort("The call is over."); // so that nothing nested starts later,
    await Promise.all(nested); // and what did is closed before the call that it belongs to
    if (end === aborted) return cancelled();
    return "threw" in end ? failed("tool-broken", `The tool broke: ${end.threw}`) : end.value;
  }

  async function invoke(
    name: string,
    input: JsonValue,
    signal: AbortSignal,
    place: Place,
  ): Promise<ToolOutcome> {
    if (signal.aborted) return cancelled();
    if (place.depth > maxNesting) {
      return failed("unavailable", `Calls may be nested ${maxNesting} deep, not deeper.`);
    }
    const call: ToolCallPart = { type: "tool-call", id: toolCallId(steps.id()), name, input };
    const end = await run(call, await prepare(call, signal), signal, place);
    const outcome = end === deferred ? cancelled() : end;
    await recorder.record(
      { type: "message", message: { role: "tool", call: call.id, name, outcome } },
      place.parent,
    );
    return outcome;
  }

  return { prepare, run: (call, preparation, signal) => run(call, preparation, signal) };
}

/** The toolbox is an injected part: what a call of it returns is looked at before it is believed. */
function outcomeOf(returned: ToolOutcome): ToolOutcome {
  const outcome = plainJson(returned);
  return messageShape.isOutcome(outcome)
    ? outcome
    : failed("tool-broken", "The tool broke: it returned no outcome.");
}

function permissionRequest(call: ToolCallId, prepared: PreparedCall, cwd: string): PermissionRequest {
  const effects: readonly Effect[] = prepared.effects;
  return { call, tool: prepared.tool, input: prepared.input, effects, cwd };
}

type Caught<Value> = { readonly value: Value } | { readonly threw: string };

async function caught<Value>(perform: () => Promise<Value>): Promise<Caught<Value>> {
  try {
    return { value: await perform() };
  } catch (error) {
    return { threw: thrownText(error) };
  }
}
