import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Skill } from "./skill.ts";

/** A folder in which skills or commands are looked for. */
export interface SkillFolder extends Pick<Skill, "kind" | "scope"> {
  readonly folder: string;
}

export interface SkillPlaces {
  readonly cwd: string;
  readonly home: string;
  /** The user's folder for Claw. */
  readonly claw: string;
  /** Whether the workspace is; nothing of another one is looked at. */
  readonly trusted: boolean;
}

/** Those that there are, the strongest first: the project before the user, skills before commands, ours before others. */
export function skillFolders({ cwd, home, claw, trusted }: SkillPlaces): readonly SkillFolder[] {
  const user = inFolders("user", claw, join(home, ".agents"), join(home, ".claude"));
  const project = trusted
    ? inFolders("project", join(cwd, ".claw"), join(cwd, ".agents"), join(cwd, ".claude"))
    : [];
  // In the home folder the workspace's files are the user's own.
  const own = new Set(user.map(({ folder }) => folder));
  return [...project.filter(({ folder }) => !own.has(folder)), ...user].filter(({ folder }) =>
    existsSync(folder),
  );
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
