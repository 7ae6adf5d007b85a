import { text, type UserMessage } from "@claw/agent-core";
import { listSkills } from "./list-skills.ts";
import type { Skill } from "./skill.ts";

/** Which skills there are. `undefined` where there is none. */
export function skillListing(skills: readonly Skill[], room?: number): UserMessage | undefined {
  return message("These skills can be loaded with the Skill tool when a task fits them:", skills, room);
}

/** Those that came since. */
export function newSkills(skills: readonly Skill[], room?: number): UserMessage | undefined {
  return message("There are more skills now, for the Skill tool:", skills, room);
}

function message(words: string, skills: readonly Skill[], room: number | undefined): UserMessage | undefined {
  if (skills.length === 0) return undefined;
  return {
    role: "user",
    origin: "skill",
    pinned: true,
    files: skills.map(({ file }) => file),
    content: [text(`${words}\n${listSkills(skills, room)}`)],
  };
}
