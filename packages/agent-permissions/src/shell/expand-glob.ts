import { joinPath, normalPath } from "../paths/path-name.ts";
import type { PathResolver } from "../paths/path-resolver.ts";
import { anything, wildcardMayMatch } from "../rules/wildcard.ts";

/**
 * The files that a glob becomes in a folder, or more than these, never fewer: hidden files only where the glob spells
 * the dot. `undefined` where there are too many to look at, or no way to look.
 */
export async function expandGlob(
  glob: string,
  folder: string,
  paths: PathResolver,
): Promise<readonly string[] | undefined> {
  const { list } = paths;
  const absolute = joinPath(folder, glob);
  const segments = absolute.split("/").filter((segment) => segment !== "");
  const firstWild = segments.findIndex((segment) => segment.includes(anything));
  const base = `/${segments.slice(0, firstWild).join("/")}`;
  if (paths.linkless) return staysBelow(segments.slice(firstWild)) ? [joinPath(base, ".")] : undefined;
  if (list === undefined) return undefined;
  let found: readonly string[] = [base];
  for (const segment of segments.slice(firstWild)) {
    const next: string[] = [];
    for (const path of found) {
      if (!segment.includes(anything)) {
        next.push(`${path}/${segment}`);
        continue;
      }
      const names = await matchingNames(segment, path, list);
      if (names === undefined) return undefined;
      next.push(...names.map((name) => `${path}/${name}`));
      if (next.length > mostMatches) return undefined;
    }
    found = next;
  }
  // Without a match the glob stays as it is; the folder stands for what it would have named.
  return [normalPath(base) === base ? base : joinPath(base, "."), ...found];
}

/** Whether nothing that fits leads upwards, or is a hidden file. */
function staysBelow(segments: readonly string[]): boolean {
  return segments.every(
    (segment) => segment !== ".." && !(segment.startsWith(".") && segment.includes(anything)),
  );
}

const mostMatches = 200;
const mostEntries = 5000;

async function matchingNames(
  pattern: string,
  folder: string,
  list: NonNullable<PathResolver["list"]>,
): Promise<readonly string[] | undefined> {
  // To a bash before 5.2, `.*` is also the folder above.
  const names: string[] = pattern.startsWith(".") && wildcardMayMatch("..", pattern) ? [".."] : [];
  let seen = 0;
  try {
    for await (const { name } of list(folder)) {
      seen += 1;
      if (seen > mostEntries) return undefined;
      if (name.startsWith(".") && !pattern.startsWith(".")) continue;
      if (wildcardMayMatch(`${name}`, pattern)) names.push(name);
    }
  } catch {
    // Not a folder, or none that can be read: bash finds nothing there either.
    return names;
  }
  return names;
}
