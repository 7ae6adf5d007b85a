import { aborted, type CallTrace, type Reconciliation, timeLimit, untilAborted } from "@claw/agent-core";
import { boundContent } from "./bound-content.ts";
import type { CallToRun } from "./run-call.ts";

/**
 * Asks a tool what became of a call that a crash cut off. What it knows is bounded like any other result; a tool that
 * does not say within the call's own time limit does not know.
 */
export async function reconcileCall(
  { tool, value, timeoutMs, bounds }: CallToRun,
  trace: CallTrace,
  signal: AbortSignal,
): Promise<Reconciliation> {
  if (tool.reconcile === undefined) return { type: "unknown" };
  using limit = timeLimit(Math.min(timeoutMs, longestLook), signal);
  // The value was made by this tool's own schema: the one place where its type is known.
  const work = tool.reconcile(value as never, trace, limit.signal);
  const found = await untilAborted(work, limit.signal);
  if (found === aborted) return { type: "unknown" };
  if (found.type !== "done") return found;
  const { outcome } = found;
  const content = await boundContent(outcome.content, bounds, trace.call);
  return { type: "done", outcome: { ...outcome, content } };
}

/** Looking up what happened takes less than doing it. */
const longestLook = 60_000;
