import type { Policy } from "@claw/agent-core";

/** The first policy that has an opinion decides; the ones after it are not heard. */
export function first(...policies: readonly Policy[]): Policy {
  return async (request, signal) => {
    for (const policy of policies) {
      const decision = await policy(request, signal);
      if (decision !== undefined) return decision;
    }
    return undefined;
  };
}
