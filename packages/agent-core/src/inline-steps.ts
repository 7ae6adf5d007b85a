import type { Steps } from "./ports/steps.ts";

/** Performs each step where it stands; durability comes from the journal alone. Parts can be replaced for tests. */
export function inlineSteps(parts: Partial<Pick<Steps, "now" | "id" | "random">> = {}): Steps {
  return {
    step: (_key, perform, _options, signal) => perform(signal),
    wait: (_topic, ask, signal) => ask(signal),
    now: parts.now ?? (() => Date.now()),
    id: parts.id ?? (() => crypto.randomUUID()),
    random: parts.random ?? (() => Math.random()),
  };
}
