import type { Skill } from "@claw/agent-extensions";

/**
 * The rules that a skill is followed with, until the run ends. Its own files may be read. What it says about tools counts when
 * the user wrote it, or when a person called it and it names more than a whole tool that acts: a repository must not
 * come to more rights by a text that the model chose to load.
 */
export function lentRules(skill: Skill, by: "model" | "person"): readonly string[] {
  const own =
    skill.kind === "skill" && !/[*?[\]{}()!\\]/.test(skill.folder) ? [`Read(/${skill.folder}/**)`] : [];
  if (skill.scope === "user") return [...own, ...skill.allowedTools];
  return by === "person" ? [...own, ...skill.allowedTools.filter(isNarrow)] : own;
}

function isNarrow(rule: string): boolean {
  return !/^(?:Bash|Write|Edit|WebFetch|Agent|Task|Skill)(?:\(\s*\**\s*\)|\(:?\*\))?$/.test(rule.trim());
}
