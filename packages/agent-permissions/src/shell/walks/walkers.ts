/** How a program goes through folders and opens, or copies, the files below. Lists are names separated by blanks. */
export interface Walker {
  /** The bare name of the program, with its subcommand. */
  readonly command: string;
  /** Flags one of which makes it go through folders, `-d=x` by that value; without this it does so anyway. */
  readonly recursive?: string;
  /** Without them it opens what lies in a folder, and goes no deeper. */
  readonly flat?: true;
  /** Flags with a value as the next word. */
  readonly values?: string;
  /** The first operand is no file, unless one of these flags is given. */
  readonly patternFlags?: string;
  /** The last operand is where it copies to, unless one of these flags says where. */
  readonly targetFlags?: string;
  /** Flags behind which another program stands. */
  readonly ends?: string;
  /** Goes through the folder that it runs in where no operand is given. */
  readonly here?: true;
  /** What it is given are mostly files: one that is not known is not taken for a folder. */
  readonly files?: true;
  /** As of a `TreeWalk`. */
  readonly changes?: "folders" | "moved";
  /** Passes by hidden files, but for these flags. */
  readonly hidden?: string;
  /** Passes by what git or an ignore file of its own leaves out. */
  readonly ignores?: true;
  /** Flags that make it follow the links that it meets; `always`. */
  readonly follows?: string;
  /** Flags with which it prints names and opens nothing. */
  readonly namesOnly?: string;
  /** Flags that leave out by name: files, folders, both. */
  readonly leavesOut?: { readonly files?: string; readonly folders?: string; readonly both?: string };
  /** Flags that let only files of such names through. */
  readonly only?: string;
  /** Flags after which it is not told here what is left out. */
  readonly unclear?: string;
}

const searched: Omit<Walker, "command"> = {
  follows: "-R --dereference-recursive",
  values:
    "-e -f -A -B -C -m -d -D --regexp --file --after-context --before-context --context --max-count --include --exclude --exclude-dir --exclude-from --label --binary-files --directories --devices",
  patternFlags: "-e -f --regexp --file",
  here: true,
  leavesOut: { files: "--exclude", folders: "--exclude-dir" },
  only: "--include",
};

const grep = {
  ...searched,
  recursive: "-r -R --recursive --dereference-recursive -d=recurse --directories=recurse",
} as const;

const ag: Omit<Walker, "command"> = {
  values: "-A -B -C -m -G -g --ignore --ignore-dir --ignore-file --depth -p --type",
  patternFlags: "-g",
  namesOnly: "-g",
  here: true,
  ignores: true,
  follows: "-f --follow",
  leavesOut: { both: "--ignore --ignore-dir" },
};

const fd: Omit<Walker, "command"> = {
  values:
    "-e -t -d -E -S -c -j --extension --type --max-depth --min-depth --exact-depth --exclude --size --color --threads",
  patternFlags: "",
  ends: "-x -X --exec --exec-batch",
  here: true,
  hidden: "-H -u --hidden --unrestricted",
  ignores: true,
};

/** The programs that search or copy what lies below folders. What others open by themselves, nobody has told us. */
export const walkers: readonly Walker[] = [
  ...["grep", "egrep", "fgrep", "ggrep", "pcregrep", "pcre2grep"].map((command) => ({ command, ...grep })),
  ...["rgrep", "ugrep", "ug"].map((command) => ({ command, ...searched })),
  {
    command: "rg",
    values:
      "-e -f -g -t -T -A -B -C -m -j -M -r -d -E --regexp --file --glob --iglob --type --type-not --type-add --after-context --before-context --context --max-count --threads --max-columns --max-depth --max-filesize --replace --color --colors --sort --sortr --encoding --engine --context-separator --ignore-file --pre --pre-glob",
    patternFlags: "-e -f --regexp --file --files --type-list",
    here: true,
    // A glob that names a file overrides every other reason to pass it by.
    hidden: "-u -. --hidden --unrestricted -g --glob --iglob --no-config",
    namesOnly: "--files --type-list --version -V",
    only: "-g --glob",
    unclear: "--iglob --glob-case-insensitive",
    ignores: true,
    follows: "-L --follow",
  },
  ...["ag", "pt"].map((command) => ({ command, ...ag, hidden: "-u --unrestricted --hidden" })),
  { command: "ack", ...ag, patternFlags: "-f -g", namesOnly: "-f -g", follows: "--follow" },
  {
    command: "sift",
    ...ag,
    patternFlags: "-e -f --regexp --file",
    namesOnly: "--targets",
    follows: "--follow",
  },
  {
    command: "diff",
    recursive: "-r --recursive",
    flat: true,
    values:
      "-x -X -C -U -W -I -F -S --exclude --exclude-from --width --label --horizon-lines --tabsize --ignore-matching-lines --starting-file",
    follows: "always",
    leavesOut: { both: "-x --exclude" },
  },
  ...["fd", "fdfind"].map((command) => ({
    command,
    ...fd,
    recursive: "-x -X --exec --exec-batch",
  })),
  {
    command: "git grep",
    values: "-e -A -B -C -m -f --max-depth --max-count --threads --context",
    patternFlags: "-e -f",
    here: true,
  },
  { command: "git archive", values: "-o --output --format --prefix --remote", here: true },
  ...["git restore", "git checkout"].map((command) => ({
    command,
    values: "-b -B -s --source",
    changes: "folders" as const,
  })),
  { command: "git diff", recursive: "--no-index", values: "-U -l -S -G -I -O" },
  {
    command: "cp",
    recursive: "-r -R -a --recursive --archive",
    values: "-t -S --target-directory --suffix",
    targetFlags: "-t --target-directory",
    follows: "-L --dereference",
  },
  {
    command: "mv",
    files: true,
    changes: "moved",
    values: "-t -S --target-directory --suffix",
    targetFlags: "-t --target-directory",
  },
  ...["rm", "chmod", "chown", "chgrp"].map((command) => ({
    command,
    recursive: "-r -R --recursive",
    changes: "folders" as const,
  })),
  {
    command: "scp",
    recursive: "-r",
    values: "-c -D -F -i -J -l -o -P -S -X",
    targetFlags: "",
    follows: "always",
  },
  {
    command: "rsync",
    recursive: "-r -a --recursive --archive --files-from",
    values:
      "-e -f -B -T -M --rsh --filter --exclude --include --exclude-from --include-from --files-from --chmod --backup-dir --suffix --max-size --min-size --bwlimit --timeout --port",
    targetFlags: "",
    follows: "-L --copy-links",
    leavesOut: { both: "--exclude" },
    unclear: "--include --include-from --filter --files-from -f -F",
  },
  {
    command: "zip",
    recursive: "-r -R --recurse-paths --recurse-patterns",
    values: "-x -i -b -n -P -t -s",
    patternFlags: "",
    follows: "always",
    unclear: "-x -i -@ --exclude --include",
  },
  ...["7z", "7za", "7zr", "7zz", "rar"].flatMap((program) =>
    ["a", "u"].map((command) => ({
      command: `${program} ${command}`,
      patternFlags: "",
      here: true as const,
      follows: "always",
    })),
  ),
  ...["docker", "podman", "kubectl"].map((program) => ({ command: `${program} cp`, targetFlags: "" })),
  ...["copy", "sync"].map((command) => ({ command: `rclone ${command}`, targetFlags: "" })),
  { command: "aws s3 sync", targetFlags: "", follows: "always" },
  { command: "aws s3 cp", recursive: "--recursive", targetFlags: "", follows: "always" },
  { command: "pax", recursive: "-w", values: "-f -b -o -p -s -x", here: true },
];

/** The programs that print the names of what lies below folders, which others may be given to open. */
export const listers: readonly Walker[] = [
  ...["fd", "fdfind"].map((command) => ({ command, ...fd })),
  {
    command: "ls",
    flat: true,
    recursive: "-R --recursive",
    values: "-I -w -T --ignore --hide --width",
    here: true,
    hidden: "-a -A -f --all --almost-all",
  },
  { command: "tree", values: "-L -I -P -o", here: true, hidden: "-a" },
  { command: "du", recursive: "-a --all", values: "-d -B -t", here: true },
  { command: "git ls-files", values: "-x -X", here: true },
  { command: "git diff", recursive: "--name-only --name-status", here: true },
  { command: "git status", here: true },
];
