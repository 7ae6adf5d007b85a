import { commandLayers, programName } from "../command-layers.ts";
import type { ShellWord, SimpleCommand } from "../shell-script.ts";
import { opensNothing } from "./opens-nothing.ts";

/** Whether a command may open files whose names only running the rest of the line can tell. */
export function takesNames({ words }: SimpleCommand): boolean {
  return commandLayers(words).some(({ words: [head, ...rest], open }) => {
    const name = programName(head) ?? "";
    if (opensNothing.has(name) || opensNothingByName.has(name)) return false;
    return (
      open ||
      namelessTakers.has(name) ||
      rest.some((word) => isUnknown(word) || namesAList.test(word.literal ?? ""))
    );
  });
}

function isUnknown({ literal, glob, number, stream }: ShellWord): boolean {
  return literal === undefined && glob === undefined && number !== true && stream !== true;
}

/** They are told by what they read. */
const namelessTakers: ReadonlySet<string> = new Set(["cpio", "parallel"]);

/** `tar -T list`, `wc --files0-from=-`, `zip -@`. */
const namesAList = /^(-T|-@|--files0?-from)/;

/** Their arguments are texts, names of their own or files that they do not open. */
const opensNothingByName: ReadonlySet<string> = new Set(
  "git gh glab kill wait docker podman kubectl npm pnpm yarn rm mkdir touch chmod chown which type exit return sleep date xargs".split(
    " ",
  ),
);
