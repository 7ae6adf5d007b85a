import type { Decision, Policy } from "@claw/agent-core";

/**
 * Every policy is heard and the strictest answer stands: deny over ask over allow. Policies without an opinion do
 * not count; without any opinion there is none. Among equals the first speaks.
 */
export function strictest(...policies: readonly Policy[]): Policy {
  return async (request, signal) => {
    let worst: Decision | undefined;
    for (const policy of policies) {
      const decision = await policy(request, signal);
      if (decision === undefined) continue;
      if (worst === undefined || severity[decision.type] > severity[worst.type]) worst = decision;
      if (worst.type === "deny") break;
    }
    return worst;
  };
}

const severity: Readonly<Record<Decision["type"], number>> = { allow: 0, ask: 1, deny: 2 };
