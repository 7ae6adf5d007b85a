import { changesOperands } from "../changes-operands.ts";
import { commandLayers, programName } from "../command-layers.ts";
import type { ShellWord, SimpleCommand } from "../shell-script.ts";
import { opensNothing } from "./opens-nothing.ts";

/** What a command may do to files whose names only running the rest of the line can tell: `writes` is either. */
export function takesNames({ words }: SimpleCommand): "reads" | "writes" | undefined {
  const found = commandLayers(words).map(({ words: layer, open }) => {
    const [head, ...rest] = layer;
    const name = programName(head) ?? "";
    const isWriter = changesOperands(layer);
    if (opensNothing.has(name) || (opensNothingByName.has(name) && !isWriter)) return undefined;
    const takes =
      open ||
      namelessTakers.has(name) ||
      rest.some((word) => isUnknown(word) || namesAList.test(word.literal ?? ""));
    return takes ? (isWriter ? "writes" : "reads") : undefined;
  });
  return found.includes("writes") ? "writes" : found.find((each) => each !== undefined);
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
