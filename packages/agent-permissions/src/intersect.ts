import type { Decision, Policy } from "@claw/agent-core";
import { mostSuggestions } from "./judge/suggestions.ts";

/**
 * The policy of a child that acts for its parent: allowed is what both allow. Either's denial is one, either's question
 * too, and no opinion is a question: what the parent may not do without asking, the child may not either, whatever its
 * own rules and mode say. Rules are offered where together they would satisfy both.
 */
export function intersect(parent: Policy, child: Policy): Policy {
  return async (request, signal) => {
    const above = (await parent(request, signal)) ?? undecided;
    if (above.type === "deny") return above;
    const below = (await child(request, signal)) ?? undecided;
    if (below.type === "deny" || above.type === "allow") return below;
    return below.type === "allow" ? above : bothAsk(above, below);
  };
}

const undecided: Asking = { type: "ask", reason: "No policy has an opinion on this." };

type Asking = Extract<Decision, { readonly type: "ask" }>;

function bothAsk(above: Asking, below: Asking): Asking {
  // A question that a hook may answer does not stand in for one that it may not.
  const { suggestions: _, ...question } =
    above.byDefault === true && below.byDefault !== true ? below : above;
  const { suggestions } = above;
  if (suggestions === undefined || below.suggestions === undefined) return question;
  const rules = [...new Set([...suggestions, ...below.suggestions])];
  return rules.length > mostSuggestions ? question : { ...question, suggestions: rules };
}
