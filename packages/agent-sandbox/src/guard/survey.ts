import type { Dirent } from "node:fs";
import { lstatSync, readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { gitGuards, innerGitFolders } from "./git-guards.ts";
import type { Guards, Missing, Survey } from "./guards.ts";
import { isPlaceholder } from "./placeholder.ts";
import { heldInRepositories, heldNames, protectedNames } from "./protected-names.ts";

export interface SurveyLimits {
  /** Folders that are looked into: 4,000 by default. */
  readonly folders?: number;
  /** Mounts that come of it: 300 by default. */
  readonly guards?: number;
}

/**
 * Looks through the folders of a workspace for what a command must not touch: protected names wherever they lie,
 * the git folders of all repositories, and the names that are missing where they would count. Not in `node_modules`,
 * which holds code that runs anyway.
 */
export async function survey(roots: readonly string[], limits: SurveyLimits = {}): Promise<Survey> {
  const seen = new Sighting(limits.guards ?? 300);
  const most = limits.folders ?? 4_000;
  const waiting = [...roots];
  for (let at = 0; at < waiting.length; ) {
    if (at >= most) {
      seen.cut = true;
      break;
    }
    const folders = waiting.slice(at, Math.min(at + batch, most));
    at += folders.length;
    const contents = await Promise.all(folders.map(entriesOf));
    folders.forEach((folder, index) => {
      const entries = contents[index] ?? [];
      waiting.push(...seen.look(folder, entries));
    });
  }
  for (const root of roots) seen.hold(root, heldNames);
  return seen;
}

/** Folders that are read at once. */
const batch = 32;

/** Entered no further. */
const skipped: ReadonlySet<string> = new Set(["node_modules"]);

function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

class Sighting implements Survey {
  readonly readOnly: string[] = [];
  readonly pinned: string[] = [];
  readonly missing: Missing[] = [];
  readonly unheld: string[] = [];
  readonly found = new Map<string, string>();
  readonly links = new Map<string, string>();
  cut = false;
  readonly #mostGuards: number;

  constructor(mostGuards: number) {
    this.#mostGuards = mostGuards;
  }

  /** @returns the folders to look into next. */
  look(folder: string, entries: readonly Dirent[]): readonly string[] {
    const next: string[] = [];
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const name = entry.name.toLowerCase();
      if (name === ".git") this.#repository(folder, path, entry);
      else if (protectedNames.has(name)) this.#keep(path);
      else if (entry.isSymbolicLink()) this.links.set(path, linkText(path));
      else if (entry.isDirectory() && !skipped.has(name)) next.push(path);
    }
    return next;
  }

  /** Holds the places of names that are not there. */
  hold(folder: string, names: readonly string[]): void {
    for (const name of names) {
      const path = join(folder, name);
      if (identity(path) === undefined || isPlaceholder(path)) this.#hold({ path, as: "folder" });
    }
  }

  #repository(folder: string, path: string, entry: Dirent): void {
    if (isPlaceholder(path)) return;
    if (!entry.isDirectory()) {
      this.#keep(path);
      return;
    }
    this.found.set(path, identity(path) ?? "");
    for (const each of [path, ...innerGitFolders(path, 100)]) this.#add(gitGuards(each));
    this.hold(folder, heldInRepositories);
  }

  #keep(path: string): void {
    if (isPlaceholder(path)) return;
    this.found.set(path, identity(path) ?? "");
    if (this.#hasRoom()) this.readOnly.push(path);
  }

  #hold(missing: Missing): void {
    if (this.missing.some(({ path }) => path === missing.path)) return;
    if (this.#hasRoom()) this.missing.push(missing);
  }

  #add({ readOnly, pinned, missing, unheld }: Guards): void {
    if (!this.#hasRoom()) return;
    for (const path of readOnly) {
      if (isPlaceholder(path)) this.missing.push({ path, as: path.endsWith("hooks") ? "folder" : "file" });
      else this.readOnly.push(path);
    }
    this.pinned.push(...pinned);
    this.missing.push(...missing);
    this.unheld.push(...unheld);
  }

  #hasRoom(): boolean {
    const has = this.readOnly.length + this.pinned.length + this.missing.length < this.#mostGuards;
    if (!has) this.cut = true;
    return has;
  }
}

/** What tells a file from another one in its place: of a link what it says, else its number. */
function identity(path: string): string | undefined {
  try {
    const stat = lstatSync(path);
    return stat.isSymbolicLink() ? `-> ${readlinkSync(path)}` : `${stat.dev}:${stat.ino}`;
  } catch {
    return undefined;
  }
}

function linkText(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
