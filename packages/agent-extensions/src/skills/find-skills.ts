import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type ReadSkill, readSkill } from "./read-skill.ts";
import type { Skill, SkillProblem, Skills } from "./skill.ts";
import type { SkillFolder } from "./skill-folders.ts";

/** Why a file may not be taken in as a skill, without an end mark; `undefined`: it may. */
export type SkillRefusal = (skill: Pick<Skill, "file" | "scope">) => Promise<string | undefined>;

/** More in one folder were not written by people. */
const mostFiles = 1_000;

/**
 * Reads the skills and commands of these folders, the strongest first. One that cannot be used hides no other: it is one
 * of the problems. Of two with one name the stronger counts; a command in a folder of its own keeps a longer name.
 */
export async function findSkills(
  folders: readonly SkillFolder[],
  refusal: SkillRefusal = async () => undefined,
): Promise<Skills> {
  const read = await Promise.all(
    folders.map(async (from) => {
      const files = await (from.kind === "skill" ? skillFiles(from.folder) : commandFiles(from.folder));
      const read = await Promise.all(files.map((file) => readAllowed(file, from, refusal)));
      const { plugin } = from;
      return plugin === undefined ? read : read.map((each) => within(plugin, each));
    }),
  );
  const problems: SkillProblem[] = [];
  const byName = new Map<string, Skill>();
  for (const { skill, problems: own } of read.flat()) {
    problems.push(...own);
    if (skill === undefined) continue;
    const stronger = byName.get(skill.name);
    const apart = `${skill.namespace?.replaceAll("/", ":")}:${skill.name}`;
    if (stronger === undefined) byName.set(skill.name, skill);
    else if (skill.namespace !== undefined && !byName.has(apart)) {
      byName.set(apart, { ...skill, name: apart });
      const reason = `${stronger.file} has the same name, so this one is called /${apart}`;
      problems.push({ file: skill.file, reason, skipped: false });
    } else {
      const reason = `${stronger.file} has the same name and is the stronger`;
      problems.push({ file: skill.file, reason, skipped: true });
    }
  }
  return { skills: [...byName.values()].toSorted(byNames), problems };
}

async function readAllowed(file: string, from: SkillFolder, refusal: SkillRefusal): Promise<ReadSkill> {
  const reason = await refusal({ file, scope: from.scope });
  return reason === undefined ? readSkill(file, from) : { problems: [{ file, reason, skipped: true }] };
}

/** Named by its plugin. What a skill of somebody else's lets itself do is not lent to it. */
function within(plugin: string, read: ReadSkill): ReadSkill {
  const { skill } = read;
  if (skill === undefined) return read;
  if (skill.hooks !== undefined) {
    const reason = "hooks of a plugin's skill are not run; a plugin's hooks stand in its hooks/hooks.json";
    return { problems: [{ file: skill.file, reason, skipped: true }] };
  }
  return { ...read, skill: { ...skill, name: `${plugin}:${skill.name}`, allowedTools: [] } };
}

async function skillFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith("."))
    .map((entry) => join(folder, entry.name, "SKILL.md"))
    .toSorted()
    .slice(0, mostFiles);
}

async function commandFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  return names
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name))
    .toSorted()
    .slice(0, mostFiles);
}

/** By code units: the same on every computer, in every language. */
function byNames(one: Skill, other: Skill): number {
  return one.name < other.name ? -1 : 1;
}
