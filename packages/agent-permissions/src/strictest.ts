import type { Decision, Policy } from "@claw/agent-core";

/**
 * Every policy is heard and the strictest answer stands: deny over ask over what is asked by default over allow. Policies without an opinion do
 * not count; without any opinion there is none. Among equals the first speaks.
 */
export function strictest(...policies: readonly Policy[]): Policy {
  return async (request, signal) => {
    let worst: Decision | undefined;
    for (const policy of policies) {
      const decision = await policy(request, signal);
      if (decision === undefined) continue;
      if (worst === undefined || severity(decision) > severity(worst)) worst = decision;
      if (worst.type === "deny") break;
    }
    return worst;
  };
}

function severity(decision: Decision): number {
  if (decision.type === "deny") return 3;
  if (decision.type === "allow") return 0;
  return decision.byDefault === true ? 1 : 2;
}
