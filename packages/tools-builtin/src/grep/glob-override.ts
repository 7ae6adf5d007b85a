import { globMatcher } from "../search/glob-matcher.ts";

/**
 * What ripgrep's `--glob` says of an entry, given its path relative to the searched folder: a gitignore pattern turned
 * around. A match shows the entry whatever ignore files say, other files are left out; with a leading `!` a match is
 * left out and nothing else is changed. `undefined`: no opinion.
 */
export function globOverride(glob: string): (relative: string, isDirectory: boolean) => boolean | undefined {
  const excludes = glob.startsWith("!");
  const pattern = excludes ? glob.slice(1) : glob;
  const onlyFolders = pattern.endsWith("/");
  const path = onlyFolders ? pattern.slice(0, -1) : pattern;
  const matches = globMatcher(path.includes("/") ? path.replace(/^\//, "") : `**/${path}`, { dot: true });
  return (relative, isDirectory) => {
    if ((isDirectory || !onlyFolders) && matches(relative)) return !excludes;
    return excludes || isDirectory ? undefined : false;
  };
}
