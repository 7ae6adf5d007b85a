import type { Skill } from "./skill.ts";

/** Of one skill, at most. */
const maxDescription = 1_536;

/** A shorter beginning tells nothing. */
const minDescription = 40;

export const defaultListing: number = 8_000;

/**
 * One line for each skill, in the order given: as many characters together as `room`. Where that is not enough, descriptions are
 * cut to one length, then names stand alone, then the rest is counted: the Skill tool finds it by words.
 */
export function listSkills(
  skills: readonly Pick<Skill, "name" | "description">[],
  room: number = defaultListing,
): string {
  for (let most = maxDescription; most >= minDescription; most = Math.floor(most * 0.8)) {
    const lines = skills.map(({ name, description }) => `- ${name}: ${shortened(description, most)}`);
    if (fits(lines, room)) return lines.join("\n");
  }
  const names = skills.map(({ name }) => `- ${name}`);
  if (fits(names, room)) return names.join("\n");
  let shown = names.length;
  while (shown > 0 && !fits([...names.slice(0, shown), more(names.length - shown)], room)) shown -= 1;
  return [...names.slice(0, shown), more(names.length - shown)].join("\n");
}

function fits(lines: readonly string[], room: number): boolean {
  return lines.reduce((sum, line) => sum + line.length + 1, 0) <= room;
}

function shortened(words: string, most: number): string {
  return words.length <= most ? words : `${words.slice(0, most - 1).trimEnd()}…`;
}

function more(count: number): string {
  return `and ${count} more: call Skill with words of what you look for.`;
}
