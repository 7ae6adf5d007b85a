import { joinPath, normalPath } from "../paths/path-name.ts";
import type { ShellPart } from "../shell/shell-parts.ts";

/** `git -C sub log` as what it is: `git log` in that folder. */
export function placedGit(part: ShellPart): ShellPart {
  const { words } = part.command;
  if (words[0]?.literal !== "git") return part;
  let at = 1;
  let { folders } = part;
  for (; words[at]?.literal === "-C"; at += 2) {
    const target = words[at + 1]?.literal;
    if (target === undefined || target === "") return part;
    folders = folders?.map((folder) => normalPath(joinPath(folder, target)));
  }
  if (at === 1) return part;
  return {
    ...part,
    folders,
    command: { ...part.command, words: [...words.slice(0, 1), ...words.slice(at)] },
  };
}
