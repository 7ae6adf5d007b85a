import { accessSync, constants } from "node:fs";
import { isAbsolute, join } from "node:path";

/** A program of the system, else the first on PATH: the folders of the system first, as a guard must be the real one. */
export function findProgram(name: string): string | undefined {
  const path = (process.env["PATH"] ?? "").split(":").filter((folder) => isAbsolute(folder));
  return [...systemFolders, ...path].map((folder) => join(folder, name)).find(isExecutable);
}

const systemFolders = ["/usr/bin", "/usr/local/bin", "/bin", "/run/current-system/sw/bin"];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
