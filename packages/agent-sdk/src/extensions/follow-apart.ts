import type { JsonObject, ToolOutcome } from "@claw/agent-core";
import type { Skill } from "@claw/agent-extensions";
import { isInherited } from "../inherited-model.ts";
import { forkKind } from "./fork-kind.ts";
import type { Forks, ForkTerms } from "./forks.ts";
import type { Invoke } from "./session-skills.ts";

export interface ApartParts {
  readonly forks: Forks;
  readonly terms: ForkTerms;
  readonly invoke: Invoke;
}

/** Starts a sub-agent whose task is the text of a skill: a call like any other, which rules on agents are about. */
export async function followApart(
  skill: Skill,
  prompt: string,
  { forks, terms, invoke }: ApartParts,
): Promise<ToolOutcome> {
  const { name, fork = {}, model, effort } = skill;
  const kind = forkKind(skill, forks.has);
  const end = forks.offer({ kind, prompt }, { ...terms, ...(effort === undefined ? {} : { effort }) });
  const input: JsonObject = {
    ...{ description: name, prompt, subagent_type: kind },
    ...(model === undefined || isInherited(model) ? {} : { model }),
    ...(fork.background === undefined ? {} : { run_in_background: fork.background }),
  };
  try {
    return await invoke("Agent", input);
  } finally {
    end();
  }
}
