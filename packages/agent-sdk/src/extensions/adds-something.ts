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

/** Whether one of the folders that lead to this one may have instructions. */
export function speaks(folder: string): boolean {
  for (let place = folder; ; place = dirname(place)) {
    if (names.some((name) => existsSync(join(place, name)))) return true;
    if (place === dirname(place)) return false;
  }
}

const ours = ["AGENTS.md", "rules", "skills", "commands"];
const names = [
  ...ours.map((name) => join(".claw", name)),
  ".claude",
  "CLAUDE.md",
  "CLAUDE.local.md",
  "AGENTS.override.md",
  "AGENTS.md",
];
