import { closeSync, constants, fsync, openSync } from "node:fs";
import { promisify } from "node:util";

/** Makes the name of a new file as durable as its bytes, where the system can. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = openSync(folder, constants.O_RDONLY);
    try {
      await promisify(fsync)(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Some systems cannot sync a folder.
  }
}
