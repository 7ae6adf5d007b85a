import { realpathSync } from "node:fs";

/** Where a folder leads to, or its name. Asked at once: this is part of every start, and the way by another thread is longer than the answer. */
export function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}
