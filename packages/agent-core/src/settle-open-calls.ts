import { type CallEnd, type CallPipeline, deferred } from "./call-pipeline.ts";
import { runCalls } from "./call-schedule.ts";
import { text } from "./content.ts";
import type { ToolCallPart, UserMessage } from "./message.ts";
import { cancelled, failed, type ToolOutcome } from "./outcome.ts";
import { wasRedacted } from "./redaction-mark.ts";
import type { SessionFold } from "./session-fold.ts";

export interface SettleOptions {
  readonly session: SessionFold;
  readonly pipeline: CallPipeline;
  /** What the human says now. */
  readonly prompt: readonly UserMessage[];
}

/**
 * Gives every call that an earlier run left open its end, so that the conversation is whole. A call that had begun is
 * settled by the pipeline. One that had not is run now, unless the human has something new to say. Whether an answer
 * to a permission question is still awaited.
 */
export async function settleOpenCalls(
  { session, pipeline, prompt }: SettleOptions,
  onEnd: (call: ToolCallPart, end: CallEnd) => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  let awaited = false;
  const fresh: ToolCallPart[] = [];
  for (const call of session.openCalls) {
    const begun = session.begun.get(call.id);
    if (begun === undefined) {
      fresh.push(call);
      continue;
    }
    const inside = namesOfBegunInside(session, call);
    const end = wasRedacted(call.input) ? unknownInput : await pipeline.settle(call, begun, signal);
    if (end === deferred) awaited = true;
    await onEnd(call, end === deferred ? end : tellOfInside(end, inside));
  }
  // Where an answer was awaited the human's next words are that answer's company, not a change of mind.
  if (prompt.length === 0 || session.awaitedPermission) {
    const whole = fresh.filter((call) => !wasRedacted(call.input));
    for (const call of fresh) if (wasRedacted(call.input)) await onEnd(call, notWhole);
    const ends = await runCalls(whole, pipeline, onEnd, signal);
    return awaited || ends.includes(deferred);
  }
  for (const call of fresh) await onEnd(call, notRun);
  return awaited;
}

/** What the journal has of such a call is not what was asked for: it is never run from there. */
const notWhole = cancelled("Not run: a secret was taken out of its arguments when the session was saved.");
const unknownInput = failed(
  "outcome-unknown",
  "The session ended while this call ran, and a secret was taken out of its arguments when it was saved. Whether it " +
    "took effect is not known: check before you repeat it.",
);

const notRun = cancelled("The session ended before this call started. It was not run.");

/** Tools of calls that this one had made, at any depth, and whose end is not in the journal either. */
function namesOfBegunInside({ begun }: SessionFold, call: ToolCallPart): readonly string[] {
  const found: string[] = [];
  const inside = new Set([call.id]);
  for (const [id, { intent, parent }] of begun) {
    if (parent === undefined || !inside.has(parent)) continue;
    inside.add(id);
    found.push(intent.tool);
  }
  return found;
}

function tellOfInside(end: ToolOutcome, names: readonly string[]): ToolOutcome {
  if (names.length === 0 || end.status !== "failed" || end.error.code !== "outcome-unknown") return end;
  const note = `These calls inside of it had begun and may have taken effect: ${names.join(", ")}.`;
  return { ...end, content: [...end.content, text(note)] };
}
