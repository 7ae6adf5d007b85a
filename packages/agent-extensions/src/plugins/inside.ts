import { lstat, realpath } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";

/** The path that a plugin names, where there is something and all of it lies within the plugin's folder. */
export async function inside(root: string, named: string): Promise<string | undefined> {
  if (isAbsolute(named) || named.includes("\0")) return undefined;
  const path = join(root, named);
  if (path !== root && !path.startsWith(root + sep)) return undefined;
  try {
    const real = await realpath(path);
    return real === root || real.startsWith(root + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is something of this name, whatever it is. */
export async function isThere(root: string, named: string): Promise<boolean> {
  return lstat(join(root, named)).then(
    () => true,
    () => false,
  );
}
