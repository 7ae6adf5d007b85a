import { existsSync } from "node:fs";
import { dirname } from "node:path";

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
    hasAny(claw, ours) ||
    hasAny(home, [".claude", ".agents"]) ||
    hasAny(cwd, [".agents"]) ||
    managed.some((file) => hasAny(dirname(file), ["CLAUDE.md", "AGENTS.md"])) ||
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
  return hasAny(folder, names) || (hasAny(folder, [".claw"]) && hasAny(`${folder}/.claw`, ours));
}

/** The paths are for the system only, which takes them as they are: `join` reads each of them letter by letter. */
function hasAny(folder: string, names: readonly string[]): boolean {
  return names.some((name) => existsSync(`${folder}/${name}`));
}

const ours = ["AGENTS.md", "rules", "skills", "commands"];
const names = [".claude", "CLAUDE.md", "CLAUDE.local.md", "AGENTS.override.md", "AGENTS.md"];
