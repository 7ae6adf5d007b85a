import { basename, dirname, join } from "node:path";
import type { Machine } from "@claw/agent-core";

/**
 * Whether the file system that a folder lies on takes `A` and `a` for one name: whether the folder is there under its
 * name in the other case too. Where that cannot be found out names are what they read as.
 */
export async function isCaseInsensitive(machine: Machine, folder: string): Promise<boolean> {
  const name = basename(folder);
  const other = inOtherCase(name);
  // A name without letters has one case; its folder lies on the same file system, as far as anybody can tell.
  if (other === name) return name !== "" && isCaseInsensitive(machine, dirname(folder));
  const { signal } = new AbortController();
  try {
    const there = await machine.stat(join(dirname(folder), other), signal);
    if (there === undefined) return false;
    return there.identity === (await machine.stat(folder, signal))?.identity;
  } catch {
    return false;
  }
}

function inOtherCase(name: string): string {
  const turned = Array.from(name, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  return turned.join("");
}
