import type { CallTrace, Reconciliation } from "@claw/agent-core";
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
  const deadline = AbortSignal.timeout(Math.min(timeoutMs, longestLook));
  // The value was made by this tool's own schema: the one place where its type is known.
  const work = tool.reconcile(value as never, trace, AbortSignal.any([signal, deadline]));
  const late = new Promise<Reconciliation>((resolve) => {
    deadline.addEventListener("abort", () => resolve({ type: "unknown" }), { once: true });
  });
  const found = await Promise.race([work, late]);
  if (found.type !== "done") return found;
  const { outcome } = found;
  const content = await boundContent(outcome.content, bounds, trace.call);
  return { type: "done", outcome: { ...outcome, content } };
}

/** Looking up what happened takes less than doing it. */
const longestLook = 60_000;
