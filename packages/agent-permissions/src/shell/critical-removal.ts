import { joinPath, normalPath } from "../paths/path-name.ts";
import { anything } from "../rules/wildcard.ts";
import { type CommandLayer, programName } from "./command-layers.ts";
import type { ShellWord } from "./shell-script.ts";

/** What a removal must not hit: normal paths, with links followed and as named. */
export interface CriticalPlaces {
  readonly home: string;
  readonly workspace: readonly string[];
}

/**
 * Why a call may remove the disk, the home folder, the workspace, a folder that holds one of them, or a folder of the
 * system. A recursive removal of something unknown counts: `rm -rf "$DIR/"` removes the disk where DIR is empty.
 */
export function criticalRemoval(
  layer: CommandLayer,
  folders: readonly string[] | undefined,
  places: CriticalPlaces,
): string | undefined {
  const removal = removedBy(layer);
  if (removal === undefined) return undefined;
  for (const word of removal.targets) {
    const path = word.literal ?? globFolder(word.glob);
    // Nothing has an empty name; most likely it is that of a variable which is set elsewhere.
    if (path === "") continue;
    if (path === undefined || (folders === undefined && !path.startsWith("/"))) {
      if (removal.recursive) return `what \`${word.text}\` removes is not known`;
      continue;
    }
    for (const folder of folders ?? ["/"]) {
      const target = normalPath(joinPath(folder, path));
      if (isCritical(target, places)) return `it would remove ${target}`;
    }
  }
  return undefined;
}

/** Whether a call removes files at all. */
export function removes(layer: CommandLayer): boolean {
  return removedBy(layer) !== undefined;
}

interface Removal {
  readonly targets: readonly ShellWord[];
  readonly recursive: boolean;
}

function removedBy({ words, open }: CommandLayer): Removal | undefined {
  const name = programName(words[0])?.toLowerCase();
  const rest = words.slice(1);
  if (name === "rm") {
    const end = rest.findIndex(({ literal }) => literal === "--");
    const flags = end < 0 ? rest : rest.slice(0, end);
    const isFlag = ({ literal }: ShellWord): boolean => literal?.startsWith("-") === true;
    const recursive = flags.some(({ literal }) => /^(-[a-zA-Z]*[rR]|--r)/.test(literal ?? ""));
    const operands = [...flags.filter((word) => !isFlag(word)), ...(end < 0 ? [] : rest.slice(end + 1))];
    // What `find` puts in there is judged with `find`, which knows what it looks for.
    const targets = operands.filter(({ text, glob }) => glob === undefined || !text.includes("{}"));
    return { targets: open ? [...targets, { text: "its input" }] : targets, recursive };
  }
  if (
    name === "find" &&
    rest.some(({ literal }) => literal === "-delete" || /^-exec|^-ok/.test(literal ?? ""))
  ) {
    const removes = rest.some(
      ({ literal }) => literal === "-delete" || /(^|\/)(rm|shred|unlink)$/.test(literal ?? ""),
    );
    if (!removes) return undefined;
    const end = rest.findIndex(
      ({ literal }) => /^[-(!]/.test(literal ?? "") && !/^-[HLP]$/.test(literal ?? ""),
    );
    const starts = rest.slice(0, end).filter(({ literal }) => literal?.startsWith("-") !== true);
    // A search that is narrowed down does not remove the folder it starts in.
    const narrowed = rest.some(({ literal }) =>
      /^-i?(name|path|regex|wholename)$|^-(empty|newer|mtime|mmin|size)$/.test(literal ?? ""),
    );
    return narrowed
      ? undefined
      : { targets: starts.length === 0 ? [{ text: ".", literal: "." }] : starts, recursive: true };
  }
  return undefined;
}

/** `dir/*` empties the folder, which is as bad as removing it; `dir/a*` does not. */
function globFolder(glob: string | undefined): string | undefined {
  if (glob === undefined) return undefined;
  const segments = glob.split("/");
  const wild = segments.findIndex((segment) => segment.includes(anything));
  const isAll = /^\.*$/.test((segments[wild] ?? "").replaceAll(anything, ""));
  const folder = segments.slice(0, wild).join("/");
  if (folder === "" && glob.startsWith("/")) return "/";
  return isAll ? folder || "." : glob.replaceAll(anything, "x");
}

function isCritical(target: string, { home, workspace }: CriticalPlaces): boolean {
  const kept = [home, ...workspace];
  if (kept.some((place) => place === target || place.startsWith(target === "/" ? "/" : `${target}/`)))
    return true;
  return /^\/[^/]*$/.test(target) || /^\/(usr|var|System|Library|Users|home)\/[^/]+$/.test(target);
}
