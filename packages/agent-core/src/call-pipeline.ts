import type { BegunCall } from "./begun-call.ts";
import { caught } from "./caught.ts";
import type { EffectClass } from "./effect.ts";
import type { ToolIntent } from "./event.ts";
import { thrownText } from "./fault.ts";
import { type RunId, toolCallId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import { type LinkedAbort, linkedAbort } from "./linked-abort.ts";
import type { ToolCallPart } from "./message.ts";
import { messageShape } from "./message-shape.ts";
import { cancelled, failed, type ToolOutcome } from "./outcome.ts";
import {
  type CallPlace,
  createPermissionCheckpoint,
  type PermissionCheckpointOptions,
} from "./permission-checkpoint.ts";
import { plainJson } from "./plain-json.ts";
import type { CallScope } from "./ports/call-scope.ts";
import type { Reconciliation } from "./ports/reconcile.ts";
import type { EndedCall, RunHooks } from "./ports/run-hooks.ts";
import type { Preparation, PreparedCall, Toolbox } from "./ports/toolbox.ts";
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
  /** A call that no reply of the model made. Its outcome is in the journal, and no part of the conversation. */
  readonly invoke: (tool: string, input: JsonValue, signal: AbortSignal) => Promise<ToolOutcome>;
  /**
   * Settles a call that a crash cut off after it had begun: what may be repeated is run again under its own key, what
   * can be looked up is looked up, and the outcome of everything else is `outcome-unknown`.
   */
  readonly settle: (call: ToolCallPart, begun: BegunCall, signal: AbortSignal) => Promise<CallEnd>;
}

export type CallEnd = ToolOutcome | typeof deferred;

/** The call stays open: its run ends with `awaiting-permission`. */
export const deferred: unique symbol = Symbol("deferred");

export interface CallPipelineOptions extends Omit<PermissionCheckpointOptions, "prepare"> {
  readonly toolbox: Toolbox;
  readonly run: RunId;
  /** What a run within one of these calls has from this one. */
  readonly scope: Omit<CallScope, "call" | "signal" | "isOver" | "outlive" | "join">;
  readonly afterTool: RunHooks["afterTool"];
  /** Told why a hook after a tool could not be heard. */
  readonly onHookBroken: (why: string) => void;
}

/** A call that a crash cut off, made ready again. */
interface CutOffCall {
  readonly begun: BegunCall;
  readonly prepared: PreparedCall;
  readonly repeatable: boolean;
}

/** Calls inside of calls, at most. */
export const maxNesting = 5;

/** The reason that what is inside of a call sees when it has to stop. */
const callIsOver = "The call is over.";

/** Progress is for people: a longer text is cut. */
const maxProgressLength = 4_000;

export function createCallPipeline(options: CallPipelineOptions): CallPipeline {
  const { toolbox, steps, recorder, cwd } = options;
  const judge = createPermissionCheckpoint({ ...options, prepare });

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
    place: CallPlace = top,
  ): Promise<CallEnd> {
    return shown(call, preparation, place, () => judgeAndPerform(call, preparation, signal, place));
  }

  /** Does a call's work in sight of the listeners. Whatever breaks is the end of this call and of nothing else. */
  async function shown(
    call: ToolCallPart,
    preparation: Preparation,
    place: CallPlace,
    work: () => Promise<CallEnd>,
  ): Promise<CallEnd> {
    const started = steps.now();
    const tool = preparation.type === "ready" ? preparation.call.tool : call.name;
    recorder.emit({ type: "tool-start", call: call.id, tool, input: call.input }, place.parent);
    const settled = await caught(work);
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
    place: CallPlace,
  ): Promise<CallEnd> {
    if (signal.aborted) return cancelled();
    if (preparation.type === "rejected") return preparation.outcome;
    const key = keyOf(call);
    const verdict = await judge(call, preparation.call, place, signal, (allowed) =>
      intentOf(call, allowed, key),
    );
    if (verdict.type === "deferred") return deferred;
    if (verdict.type === "end") return verdict.outcome;
    return perform(call, verdict.call, key, signal, place);
  }

  /** No other call anywhere has it: ids are unique in a session, run ids everywhere. */
  function keyOf(call: ToolCallPart): string {
    return `${options.run}:${call.id}`;
  }

  async function settle(call: ToolCallPart, begun: BegunCall, signal: AbortSignal): Promise<CallEnd> {
    const preparation = await prepare(call, signal);
    if (signal.aborted) return unknownOutcome();
    if (preparation.type === "rejected") return unknownOutcome("Its tool cannot be used any more.");
    const repeatable = mayRepeat(begun.intent.effectClass) && mayRepeat(preparation.call.effectClass);
    if (!repeatable && preparation.call.reconcile === undefined) return unknownOutcome();
    const settled = (): Promise<CallEnd> =>
      repeatOrLookUp(call, { begun, prepared: preparation.call, repeatable }, signal);
    return shown(call, preparation, top, settled);
  }

  async function repeatOrLookUp(
    call: ToolCallPart,
    { begun, prepared, repeatable }: CutOffCall,
    signal: AbortSignal,
  ): Promise<CallEnd> {
    const verdict = await judge(call, prepared, top, signal);
    if (verdict.type === "deferred") return deferred;
    if (verdict.type === "end") return unknownOutcome("Finding out was not permitted.");
    if (!repeatable) {
      const found = await reconcile(verdict.call, call, begun, signal);
      if (found.type === "done") return found.outcome;
      if (found.type === "unknown") return unknownOutcome();
    }
    if (signal.aborted) return repeatable ? cancelled() : unknownOutcome();
    const { idempotencyKey } = begun.intent;
    await recorder.record(intentOf(call, verdict.call, idempotencyKey), top.parent);
    return perform(call, verdict.call, idempotencyKey, signal, top);
  }

  async function reconcile(
    judged: PreparedCall,
    call: ToolCallPart,
    { intent, plan }: BegunCall,
    signal: AbortSignal,
  ): Promise<Reconciliation> {
    const trace = { call: call.id, cwd, idempotencyKey: intent.idempotencyKey };
    const found = await untilAborted(
      caught(async () => judged.reconcile?.({ ...trace, ...(plan === undefined ? {} : { plan }) }, signal)),
      signal,
    );
    if (found === aborted || "threw" in found) return { type: "unknown" };
    const said = plainJson(found.value);
    return verdictShape.isReconciliation(said) ? said : { type: "unknown" };
  }

  /** To be called when the intent is in the journal. */
  async function perform(
    call: ToolCallPart,
    judged: PreparedCall,
    idempotencyKey: string,
    signal: AbortSignal,
    place: CallPlace,
  ): Promise<ToolOutcome> {
    const { tool, effects, effectClass } = judged;
    if (signal.aborted) return cancelled();
    const started = steps.now();
    const nested = new Set<Promise<unknown>>();
    let over = false;
    // Most calls have nothing inside of them that would have to stop with them.
    let inner: LinkedAbort | undefined;
    const innerSignal = (): AbortSignal => {
      inner ??= linkedAbort(signal);
      if (over) inner.abort(callIsOver);
      return inner.signal;
    };
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
        plan: async (detail) => {
          if (!over) await recorder.record({ type: "tool-plan", call: call.id, plan: detail }, place.parent);
        },
        invoke: (name, input) => {
          const inside = { parent: call.id, depth: place.depth + 1 };
          const made = invoke(name, input, innerSignal(), inside).catch((error: unknown) =>
            failed("tool-broken", `The call broke: ${thrownText(error)}`),
          );
          nested.add(made);
          return made;
        },
        scope: {
          ...options.scope,
          call: call.id,
          get signal() {
            return innerSignal();
          },
          isOver: () => over,
          outlive: () => (over ? undefined : behind({ ...options.scope, call: call.id })),
          join: (ended) => nested.add(ended),
        },
      });
    const idempotent = mayRepeat(effectClass);
    const end = await untilAborted(
      caught(async () =>
        outcomeOf(await steps.step(`tool:${call.id}`, execute, { kind: "tool", idempotent }, signal)),
      ),
      signal,
    );
    over = true;
    inner?.abort(callIsOver); // so that nothing nested starts later,
    if (nested.size > 0) await Promise.allSettled(nested); // and what did is closed before its own call
    inner?.[Symbol.dispose]();
    if (end === aborted) return cancelled();
    const outcome = "threw" in end ? failed("tool-broken", `The tool broke: ${end.threw}`) : end.value;
    const { agent } = options;
    const request = {
      call: call.id,
      tool,
      input: judged.input,
      effects,
      cwd,
      ...(agent === undefined ? {} : { agent }),
    };
    return hearAfter({ request, durationMs: Math.max(0, steps.now() - started) }, outcome, signal);
  }

  /** What the model reads of an outcome is the hook's to replace; that it happened is not. */
  async function hearAfter(
    about: Omit<EndedCall, "outcome">,
    outcome: ToolOutcome,
    signal: AbortSignal,
  ): Promise<ToolOutcome> {
    const { afterTool, onHookBroken } = options;
    if (afterTool === undefined || (outcome.status !== "ok" && outcome.status !== "failed")) return outcome;
    const heard = await untilAborted(
      caught(async () => afterTool({ ...about, outcome }, signal)),
      signal,
    );
    if (heard === aborted) return outcome;
    if ("threw" in heard) {
      onHookBroken(`A hook after ${about.request.tool} failed: ${heard.threw}`);
      return outcome;
    }
    const verdict = heard.value === undefined || heard.value === null ? undefined : plainJson(heard.value);
    if (verdict === undefined) return outcome;
    if (verdictShape.isAfterToolVerdict(verdict)) return { ...outcome, content: verdict.content };
    onHookBroken(`A hook after ${about.request.tool} gave a verdict that cannot be understood.`);
    return outcome;
  }

  async function invoke(
    name: string,
    input: JsonValue,
    signal: AbortSignal,
    place: CallPlace,
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

  return {
    prepare,
    run: (call, preparation, signal) => run(call, preparation, signal),
    invoke: (name, input, signal) => invoke(name, input, signal, aside),
    settle,
  };
}

function intentOf(
  { id }: ToolCallPart,
  { tool, effects, effectClass }: PreparedCall,
  idempotencyKey: string,
): ToolIntent {
  return { type: "tool-intent", call: id, tool, effects, effectClass, idempotencyKey };
}

function mayRepeat(effectClass: EffectClass): boolean {
  return effectClass === "pure" || effectClass === "idempotent";
}

const top: CallPlace = { parent: undefined, depth: 0 };
const aside: CallPlace = { parent: undefined, depth: 1 };

function unknownOutcome(more = ""): ToolOutcome {
  const known =
    "The session ended while this call ran. Whether it took effect is not known: check before you repeat it.";
  return failed("outcome-unknown", more === "" ? known : `${known} ${more}`);
}

/** The toolbox is an injected part: what a call of it returns is looked at before it is believed. */
function outcomeOf(returned: ToolOutcome): ToolOutcome {
  const outcome = plainJson(returned);
  return messageShape.isOutcome(outcome)
    ? outcome
    : failed("tool-broken", "The tool broke: it returned no outcome.");
}

/** A place that is kept when its call is over: what was permitted with the call may begin later, within the same bounds. */
function behind(place: Omit<CallScope, "signal" | "isOver" | "outlive" | "join">): CallScope {
  const kept: CallScope = {
    ...place,
    signal: new AbortController().signal,
    isOver: () => false,
    outlive: () => kept,
    join: () => undefined,
  };
  return kept;
}
