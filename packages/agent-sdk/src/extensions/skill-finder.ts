import {
  commandsSection,
  findSkills,
  type Skills,
  skillFolders,
  skillsSection,
} from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import type { ExtensionSurroundings } from "./instruction-loader.ts";
import { skillRefusal } from "./skill-refusal.ts";

/** How skills and commands are found for an agent with these options. `undefined`: both are switched off. */
export function skillFinder(
  options: Pick<AgentOptions, "skills" | "preset">,
  { cwd, home, claw, settings, trust, permissions, plugins = [] }: ExtensionSurroundings,
): (() => Promise<Skills>) | undefined {
  const said = { skill: settings.get(skillsSection), command: settings.get(commandsSection) };
  const isOn = (kind: keyof typeof said): boolean =>
    options.skills ?? said[kind]?.enabled ?? options.preset === "coding";
  if (!isOn("skill") && !isOn("command")) return undefined;
  return async () => {
    const folders = skillFolders({ cwd, home, claw, trusted: trust.trusted, plugins }).filter(({ kind }) =>
      isOn(kind),
    );
    const { skills, problems } = await findSkills(folders, skillRefusal({ cwd, permissions }));
    return {
      skills: skills.filter(({ kind, name }) => said[kind]?.disabled.includes(name) !== true),
      problems,
    };
  };
}
