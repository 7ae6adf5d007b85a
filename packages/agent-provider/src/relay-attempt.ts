import type { AssistantMessage, Model, ModelDelta, ModelRequest } from "@claw/agent-core";

/** How an attempt ended, and whether any of its reply was shown: then it can no longer be taken back. */
export interface Attempt {
  readonly message: AssistantMessage;
  readonly shown: boolean;
}

/** Passes one attempt's deltas on. */
export async function* relayAttempt(
  model: Model,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelDelta, Attempt> {
  const deltas = model(request, signal);
  let shown = false;
  let finished = false;
  try {
    for (;;) {
      const step = await deltas.next();
      if (step.done === true) {
        finished = true;
        return { message: step.value, shown };
      }
      shown ||= step.value.type !== "retry";
      yield step.value;
    }
  } finally {
    // The caller left: so does the model. Its return value is nobody's.
    if (!finished) await deltas.return(undefined as never); // a return value that cannot be read
  }
}
