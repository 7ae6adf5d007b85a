import { posix, win32 } from "node:path";

/**
 * The absolute form of a path that a model gave, by its letters alone: no link is followed, nothing is touched.
 * `~` and `~/…` are expanded only where the machine's home folder is known.
 */
export function resolvePath(path: string, cwd: string, home?: string): string {
  const flavour = cwd.startsWith("/") ? posix : win32;
  const isInHome = home !== undefined && (path === "~" || path.startsWith("~/"));
  return flavour.resolve(cwd, isInHome ? flavour.join(home, path.slice(1)) : path);
}
