import { FaultError } from "@claw/agent-core";
import { type Hook, type Skill, skillHooks } from "@claw/agent-extensions";

type HookedSkill = Pick<Skill, "name" | "file" | "hooks">;

/** The hooks of the skills that are followed. They are made once, with the session's other hooks, and called while a skill is held. */
export interface HeldHooks {
  /** Those of these skills. */
  readonly of: (skills: readonly HookedSkill[]) => readonly Hook[];
  /**
   * The skill is followed, by the sub-agent of this id or by the conversation itself, until what comes back is called. Throws a
   * `FaultError` where its hooks were not made: a guard that is not held is worse than none.
   */
  readonly hold: (skill: HookedSkill, agent?: string) => () => void;
}

export function createHeldHooks(): HeldHooks {
  const made = new Map<string, string>();
  /** Who follows a skill. */
  const followers = new Map<string, (string | undefined)[]>();

  return {
    of: (skills) =>
      skills.flatMap(({ name, file, hooks }) => {
        if (hooks === undefined) return [];
        made.set(name, JSON.stringify(hooks));
        return skillHooks(hooks, { name, file }, (agents) =>
          (followers.get(name) ?? []).some(
            (id) => id === undefined || agents.some((agent) => agent.id === id),
          ),
        ).hooks;
      }),
    hold: ({ name, file, hooks }, agent) => {
      if (hooks === undefined) return () => undefined;
      if (made.get(name) !== JSON.stringify(hooks)) throw new FaultError(late(file));
      followers.set(name, [...(followers.get(name) ?? []), agent]);
      return () => {
        const left = [...(followers.get(name) ?? [])];
        const place = left.indexOf(agent);
        if (place >= 0) left.splice(place, 1);
        followers.set(name, left);
      };
    },
  };
}

function late(file: string): { readonly code: string; readonly message: string; readonly hint: string } {
  return {
    code: "skill-unusable",
    message: `${file} is not used: its hooks came after this session began.`,
    hint: "Go on in a new session, or resume this one.",
  };
}
