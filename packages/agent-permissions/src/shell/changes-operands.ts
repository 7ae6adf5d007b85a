import { programName } from "./command-layers.ts";
import type { ShellWord } from "./shell-script.ts";

/** Whether a program is one that changes the files it is given. */
export function changesOperands(words: readonly ShellWord[]): boolean {
  const name = programName(words[0]) ?? "";
  if (writers.has(name)) return true;
  const flag = inPlace.find(({ programs }) => programs.test(name))?.flag;
  return flag !== undefined && words.some(({ literal }) => flag.test(literal ?? ""));
}

/** What changes its operands where a flag says so. */
const inPlace = [
  { programs: /^g?sed$/, flag: /^(-\w*i|--in-place)/ },
  { programs: /^(prettier|gofmt|shfmt)$/, flag: /^(-\w*w|--write)$/ },
  { programs: /^(eslint|stylelint|biome|ruff|rubocop)$/, flag: /^(--fix|--write|--apply|format)/ },
  { programs: /^(clang-format|autopep8)$/, flag: /^(-\w*i|--in-place)$/ },
  { programs: /^zip$/, flag: /^-\w*m/ },
  { programs: /^xxd$/, flag: /^-\w*r/ },
] as const;

const writers: ReadonlySet<string> = new Set([
  "rm",
  "rmdir",
  "unlink",
  "shred",
  "mv",
  "cp",
  "ln",
  "link",
  "install",
  "touch",
  "mkdir",
  "mkfifo",
  "tee",
  "truncate",
  "chmod",
  "chown",
  "chgrp",
  "chattr",
  "setfacl",
  "dd",
  "rsync",
  "patch",
  "sponge",
  "mknod",
  "wipe",
  "srm",
  "gzip",
  "gunzip",
  "bzip2",
  "bunzip2",
  "xz",
  "unxz",
  "black",
  "rustfmt",
  "scp",
]);
