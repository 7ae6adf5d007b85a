import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Guards } from "./guards.ts";

/**
 * What must stay as it is in a git folder (`.git`, or one of a submodule or worktree inside it) while commands may
 * commit: the hooks, and the settings, which name programs. Settings can also be brought in from elsewhere by a
 * `commondir`, for which no place can be held.
 */
export function gitGuards(folder: string): Guards {
  const inside = (name: string): string => join(folder, name);
  const hooks = inside("hooks");
  const config = inside("config");
  const settings = [config, inside("config.worktree"), inside("commondir"), inside("gitdir")];
  const isLinked = existsSync(inside("gitdir"));
  return {
    pinned: [folder],
    readOnly: [...settings, hooks].filter((path) => existsSync(path)),
    missing: [
      ...(existsSync(hooks) ? [] : [{ path: hooks, as: "folder" } as const]),
      ...(existsSync(config) || isLinked ? [] : [{ path: config, as: "file" } as const]),
    ],
    unheld: existsSync(inside("commondir")) ? [] : [inside("commondir")],
  };
}

/** The git folders of submodules and worktrees inside of a `.git`, at most so many. */
export function innerGitFolders(folder: string, most: number): readonly string[] {
  const found: string[] = [];
  const waiting = [join(folder, "modules"), join(folder, "worktrees")];
  for (let at = 0; at < waiting.length && at < most * 4 && found.length < most; at += 1) {
    const current = waiting[at] ?? "";
    for (const name of foldersIn(current)) {
      const inner = join(current, name);
      if (!existsSync(join(inner, "HEAD"))) waiting.push(inner);
      else {
        found.push(inner);
        waiting.push(join(inner, "modules"));
      }
    }
  }
  return found;
}

function foldersIn(path: string): readonly string[] {
  try {
    return readdirSync(path).filter((name) => lstatSync(join(path, name)).isDirectory());
  } catch {
    return [];
  }
}
