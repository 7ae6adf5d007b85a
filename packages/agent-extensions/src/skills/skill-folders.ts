import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "../plugins/plugin.ts";
import type { Skill } from "./skill.ts";

/** A folder in which skills or commands are looked for. */
export interface SkillFolder extends Pick<Skill, "kind" | "scope"> {
  readonly folder: string;
  /** What it belongs to: a skill of it is `plugin:name`. */
  readonly plugin?: string;
}

export interface SkillPlaces {
  readonly cwd: string;
  readonly home: string;
  /** The user's folder for Claw. */
  readonly claw: string;
  /** Whether the workspace is; nothing of another one is looked at. */
  readonly trusted: boolean;
  /** Those that are enabled; their names are their own, so that they hide no other skill. */
  readonly plugins?: readonly Plugin[];
}

/** Those that there are, the strongest first: the project before the user, skills before commands, ours before others. */
export function skillFolders({
  cwd,
  home,
  claw,
  trusted,
  plugins = [],
}: SkillPlaces): readonly SkillFolder[] {
  const user = inFolders("user", claw, join(home, ".agents"), join(home, ".claude"));
  const project = trusted
    ? inFolders("project", join(cwd, ".claw"), join(cwd, ".agents"), join(cwd, ".claude"))
    : [];
  // In the home folder the workspace's files are the user's own.
  const own = new Set(user.map(({ folder }) => folder));
  return [
    ...project.filter(({ folder }) => !own.has(folder)),
    ...user,
    ...plugins.flatMap(foldersOfPlugin),
  ].filter(({ folder }) => existsSync(folder));
}

function foldersOfPlugin({ name, skills, commands }: Plugin): readonly SkillFolder[] {
  const from = { scope: "user", plugin: name } as const;
  return [
    ...[...new Set(skills.map(dirname))].map((folder) => ({ ...from, kind: "skill" as const, folder })),
    ...commands.map((folder) => ({ ...from, kind: "command" as const, folder })),
  ];
}

function inFolders(
  scope: Skill["scope"],
  claw: string,
  agents: string,
  claude: string,
): readonly SkillFolder[] {
  return [
    ...[claw, agents, claude].map((folder) => ({
      scope,
      kind: "skill" as const,
      folder: join(folder, "skills"),
    })),
    ...[claw, claude].map((folder) => ({
      scope,
      kind: "command" as const,
      folder: join(folder, "commands"),
    })),
  ];
}
