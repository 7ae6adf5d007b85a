import type { Policy } from "@claw/agent-core";
import { createPolicy } from "./create-policy.ts";
import { intersect } from "./intersect.ts";
import type { EffectiveMode } from "./permission-level.ts";
import type { PolicyOptions } from "./policy-options.ts";
import { joinedRules, type RuleList } from "./rules/joined-rules.ts";

/** What a child is held to beyond its parent. All of it only takes away. */
export interface ChildLimits {
  /** Left out: the parent's, as it is at each decision. `bypassPermissions` gives a child no more than its parent has. */
  readonly mode?: EffectiveMode;
  /** The child's own rules. Its allow rules count only for what the parent's allow too; its deny and ask rules for itself. */
  readonly rules?: RuleList;
  /** The folders it works in. Left out: the parent's. Those outside of the parent's stay outside. */
  readonly directories?: readonly string[];
}

/**
 * The policy of a child: allowed is what its parent's options allow and what, with the parent's rules and its own, its
 * own mode and folders allow. Live like the parent's: a rule that an answer adds to the parent's book counts for both.
 */
export function narrow(parent: PolicyOptions, limits: ChildLimits): Policy {
  const { mode, rules, directories } = limits;
  return intersect(
    createPolicy(parent),
    createPolicy({
      ...parent,
      ...(mode === undefined ? {} : { mode: () => mode }),
      ...(rules === undefined ? {} : { rules: joinedRules(parent.rules, () => rules) }),
      ...(directories === undefined ? {} : { directories: () => directories }),
    }),
  );
}
