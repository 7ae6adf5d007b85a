import { existsSync, lstatSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** A place where instructions may stand, and what stands there. */
export interface InstructionPlace {
  /** Absolute: the first of the names that there is, then those that are always added. */
  readonly files: readonly string[];
  /** There, and not read because the first one is. */
  readonly shadowed: readonly string[];
  /** Rules, in files of their own below. */
  readonly rules: readonly string[];
}

/** Names of which the first that exists speaks for a folder. Ours is stronger. */
const names: readonly string[] = [
  join(".claw", "AGENTS.md"),
  "CLAUDE.md",
  join(".claude", "CLAUDE.md"),
  "AGENTS.override.md",
  "AGENTS.md",
];

/** What stands in one folder. Asks whether names exist, and lists nothing. */
export function placeIn(folder: string, further: readonly string[] = []): InstructionPlace {
  const there = [...names, ...further].map((name) => join(folder, name)).filter(isFile);
  const local = join(folder, "CLAUDE.local.md");
  return {
    files: [...there.slice(0, 1), ...(isFile(local) ? [local] : [])],
    shadowed: there.slice(1),
    rules: ruleFolders(folder),
  };
}

/** The user's own. */
export function userPlace(home: string, claw: string): InstructionPlace {
  const there = [join(claw, "AGENTS.md"), join(home, ".claude", "CLAUDE.md")].filter(isFile);
  return {
    files: there.slice(0, 1),
    shadowed: there.slice(1),
    rules: [join(home, ".claude", "rules"), join(claw, "rules")].filter((each) => existsSync(each)),
  };
}

/** Beside the settings of whoever runs the computer, the weakest first. */
export function managedFiles(settingsFiles: readonly string[]): readonly string[] {
  return settingsFiles
    .flatMap((file) => ["CLAUDE.md", "AGENTS.md"].map((name) => join(dirname(file), name)))
    .filter((file, index, all) => all.indexOf(file) === index && isFile(file));
}

/** From the root of the disk down to the folder itself. */
export function foldersTo(folder: string): readonly string[] {
  const folders = [folder];
  for (let place = folder; place !== dirname(place); place = dirname(place)) folders.unshift(dirname(place));
  return folders;
}

/** Where the repository begins that the folder is in; the folder itself where there is none. */
export function projectRoot(folder: string): string {
  return foldersTo(folder).findLast((each) => existsSync(join(each, ".git"))) ?? folder;
}

export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(way));
}

/** Nobody but the user or the administrator can have put it there: above a project anybody may have. */
export function isOwn(file: string): boolean {
  const user = process.getuid?.();
  if (user === undefined) return true;
  try {
    return [lstatSync(file), statSync(file)].every(({ uid }) => uid === user || uid === 0);
  } catch {
    return false;
  }
}

function ruleFolders(folder: string): readonly string[] {
  return [".claude", ".claw"].map((name) => join(folder, name, "rules")).filter((each) => existsSync(each));
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // nobody may look
  }
}
