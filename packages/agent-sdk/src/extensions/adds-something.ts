import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

export interface AddingPlaces {
  readonly cwd: string;
  readonly home: string;
  /** The user's folder for Claw. */
  readonly claw: string;
  /** Of managed settings. */
  readonly managed: readonly string[];
}

/** Whether there may be instructions, skills or commands: looks whether names exist, and reads nothing. */
export function addsSomething({ cwd, home, claw, managed }: AddingPlaces): boolean {
  return (
    ours.some((name) => existsSync(join(claw, name))) ||
    [join(home, ".claude"), join(home, ".agents"), join(cwd, ".agents")].some((path) => existsSync(path)) ||
    managed.some((file) =>
      ["CLAUDE.md", "AGENTS.md"].some((name) => existsSync(join(dirname(file), name))),
    ) ||
    speaks(cwd)
  );
}

/** Whether one of the folders that lead to this one, and that were not asked before, may have instructions. */
export function speaks(folder: string, asked: Set<string> = new Set()): boolean {
  for (let place = folder; !asked.has(place); place = dirname(place)) {
    if (hasNames(place)) return true;
    asked.add(place);
  }
  return false;
}

/** Of a folder that has nothing, which is nearly every one, as few names are asked for as can be. */
function hasNames(folder: string): boolean {
  const own = join(folder, ".claw");
  return (
    names.some((name) => existsSync(join(folder, name))) ||
    (existsSync(own) && ours.some((name) => existsSync(join(own, name))))
  );
}

const ours = ["AGENTS.md", "rules", "skills", "commands"];
const names = [".claude", "CLAUDE.md", "CLAUDE.local.md", "AGENTS.override.md", "AGENTS.md"];
