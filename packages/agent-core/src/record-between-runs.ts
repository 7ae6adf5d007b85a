import { createBroadcast } from "./broadcast.ts";
import type { DurableBody } from "./event.ts";
import { runId } from "./ids.ts";
import { inlineSteps } from "./inline-steps.ts";
import type { Steps } from "./ports/steps.ts";
import { createRecorder } from "./recorder.ts";
import type { SessionStream } from "./session-stream.ts";
import { steadySteps } from "./steady-steps.ts";

/**
 * Writes down what happens to a session while no run is active, such as the end of a background task. Applied to the
 * session before it returns; the promise is the journal's. A journal that cannot write costs the record, no more.
 */
export async function recordBetweenRuns(
  stream: SessionStream,
  bodies: readonly Exclude<DurableBody, { readonly type: "run-start" | "run-end" }>[],
  steps: Steps = inlineSteps(),
): Promise<void> {
  const { id, now } = steadySteps(steps);
  const recorder = createRecorder({
    run: runId(id()),
    stream,
    now,
    broadcast: createBroadcast(),
    signal: AbortSignal.abort(),
    onLost: () => undefined,
  });
  await Promise.all(bodies.map((body) => recorder.record(body)));
}
