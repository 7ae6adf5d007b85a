import type { PolicyOptions } from "../policy-options.ts";
import { once } from "./once.ts";
import type { PathResolver } from "./path-resolver.ts";

/**
 * Of the folders that programs are taken from, those that lie in the workspace by name or by where they lead. Where they
 * lead is asked once: to change that, something outside of the workspace would have to be changed.
 */
export function createOwnFolders({
  programFolders,
  paths,
}: Pick<PolicyOptions, "programFolders" | "paths">): (resolver: PathResolver) => Promise<readonly string[]> {
  const named = once(() => {
    const folders = (programFolders?.() ?? []).filter((folder) => !ofSystem.has(folder));
    return Promise.all(folders.map(async (folder) => [folder, await placeOf(folder, paths)] as const));
  });
  return async ({ isInside }) => {
    const inside: string[] = [];
    for (const [folder, place] of await named()) {
      if ((await isInside(folder, "write")) || (await isInside(place, "write"))) inside.push(folder);
    }
    return inside;
  };
}

/** Nobody's work, also where somebody works in the root of the disk. */
const ofSystem: ReadonlySet<string> = new Set(
  "/bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin".split(" "),
);

async function placeOf(folder: string, paths: PolicyOptions["paths"]): Promise<string> {
  try {
    return await paths.realpath(folder, new AbortController().signal);
  } catch {
    return folder;
  }
}
