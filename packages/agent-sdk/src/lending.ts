import type { Fault, Policy } from "@claw/agent-core";
import {
  createPolicy,
  createRuleBook,
  joinedRules,
  type PolicyOptions,
  type RuleBehavior,
  type RuleBook,
  type RuleList,
  type RuleSource,
} from "@claw/agent-permissions";

/** Rules that hold for a while, for one conversation: what a skill is followed with. */
export interface Lending {
  /**
   * They hold until what comes back is called, for the sub-agent of this id, or for the conversation itself and for nobody
   * that it starts. A rule that cannot be used is warned of.
   */
  readonly lend: (rules: LentRules, to: string, agent?: string) => () => void;
  /** The session's, with what was lent to the sub-agent. Live. */
  readonly rulesOf: (agent: string) => RuleList;
  /** Decides each call by the rules of whoever makes it. */
  readonly policy: Policy;
}

export type LentRules = { readonly [Behavior in RuleBehavior]?: readonly string[] };

export interface LendingOptions {
  /** Managed settings may say that nobody else allows anything. */
  readonly mayAllow: boolean;
  readonly warn: (fault: Fault) => void;
}

export function createLending(options: PolicyOptions, { mayAllow, warn }: LendingOptions): Lending {
  const general = createPolicy(options);
  const lent = new Map<
    string | undefined,
    { readonly book: RuleBook; readonly policy: Policy; uses: number }
  >();

  function lentTo(agent: string | undefined): { readonly book: RuleBook; uses: number } {
    const there = lent.get(agent);
    if (there !== undefined) return there;
    const book = createRuleBook();
    const made = {
      book,
      policy: createPolicy({ ...options, rules: joinedRules(options.rules, () => book) }),
      uses: 0,
    };
    lent.set(agent, made);
    return made;
  }

  return {
    lend: (rules, to, agent) => {
      const holder = lentTo(agent);
      const source: RuleSource = { name: to, root: options.cwd };
      const added: { readonly behavior: RuleBehavior; readonly text: string }[] = [];
      for (const behavior of ["allow", "ask", "deny"] as const) {
        if (behavior === "allow" && !mayAllow) continue;
        for (const text of rules[behavior] ?? []) {
          const fault = holder.book.add(behavior, text, source);
          if (fault === undefined) added.push({ behavior, text });
          else warn({ ...fault, message: `${to}: ${fault.message}` });
        }
      }
      holder.uses += 1;
      return () => {
        for (const { behavior, text } of added) holder.book.remove(behavior, text, source);
        holder.uses -= 1;
        if (holder.uses === 0) lent.delete(agent);
      };
    },
    rulesOf: (agent) => joinedRules(options.rules, () => lent.get(agent)?.book),
    policy: (request, signal) => (lent.get(request.agent?.id)?.policy ?? general)(request, signal),
  };
}
