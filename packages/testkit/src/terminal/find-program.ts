import { access, constants } from "node:fs/promises";
import { delimiter, resolve } from "node:path";

/**
 * The file that a name stands for: itself when it has a slash, else the first of that name on `path` that may be run.
 * Rejects when there is none; a pseudo terminal would only say so by an exit code.
 */
export async function findProgram(name: string, path: string, cwd: string): Promise<string> {
  const candidates = name.includes("/")
    ? [resolve(cwd, name)]
    : path.split(delimiter).map((folder) => resolve(cwd, folder, name));
  for (const candidate of candidates) {
    if (await isRunnable(candidate)) return candidate;
  }
  throw new Error(`There is no program ${name} on ${path}.`);
}

async function isRunnable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
