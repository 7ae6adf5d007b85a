import { realpathSync } from "node:fs";

/** Where a path leads; `undefined` when nothing is there. */
export function canonical(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
