import { isToolCallId } from "./ids.ts";
import { inlineSteps } from "./inline-steps.ts";
import type { Steps } from "./ports/steps.ts";

/** Steps whose clock and ids always answer: every event needs both, the `run-end` of a broken run most of all. */
export function steadySteps(steps: Steps): Steps {
  const inline = inlineSteps();
  return {
    step: (key, perform, options, signal) => steps.step(key, perform, options, signal),
    wait: (topic, ask, signal) => steps.wait(topic, ask, signal),
    now: () => {
      // Asked for each event: without the detour that the others take.
      try {
        const now = steps.now();
        if (Number.isFinite(now)) return now;
      } catch {
        // Told apart from a wrong value by nobody: either way there is none.
      }
      return inline.now();
    },
    id: () => sound(() => steps.id(), isToolCallId, inline.id),
    random: () => sound(() => steps.random(), Number.isFinite, inline.random),
  };
}

function sound<Value>(read: () => Value, check: (value: unknown) => boolean, otherwise: () => Value): Value {
  try {
    const value = read();
    if (check(value)) return value;
  } catch {
    // Told apart from a wrong value by nobody: either way there is none.
  }
  return otherwise();
}
