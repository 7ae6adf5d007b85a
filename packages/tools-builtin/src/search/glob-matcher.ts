import picomatch from "picomatch";

export interface GlobMatcherOptions {
  /** Wildcards match a leading dot. */
  readonly dot: boolean;
}

/**
 * Whether a `/`-separated relative path fits a pattern of `*`, `?`, `**`, `[a-z]` and `{a,b}`; everything else stands
 * for itself, round brackets included. Check the pattern with `globFault` first.
 */
export function globMatcher(pattern: string, options: GlobMatcherOptions): (path: string) => boolean {
  const single = pattern.replace(/\{([^{},/]*)\}/g, (braces, only: string) =>
    only.includes("..") ? braces : only,
  );
  const literal = single.replace(/\\?[()|+@$^!]/g, (found) => `\\${found.slice(-1)}`);
  // The library lets a final globstar match the folder itself; only what is inside is meant.
  const inside = literal.replace(/(^|\/)\*\*$/, "$1**/*");
  const flags = { dot: options.dot, nonegate: true, noextglob: true, strictSlashes: true };
  return picomatch(negatedClasses(inside), flags);
}

/** `[!a]` was escaped with the other exclamation marks; the library reads `[^a]` as the same. */
function negatedClasses(pattern: string): string {
  return pattern.replace(/\[\\[!^]/g, "[^");
}

const mostStars = 4;
const mostCharacters = 1000;

/** Why a pattern cannot be used, or `undefined`. The bounds keep the time of a match small for any path. */
export function globFault(pattern: string): string | undefined {
  if (pattern === "") return "The pattern is empty.";
  if (pattern.includes("\0")) return "The pattern holds a NUL character.";
  if (pattern.length > mostCharacters) {
    return `The pattern is longer than ${mostCharacters} characters.`;
  }
  const plain = pattern.replace(/\\./g, "").replace(/\[[!^]?\]?[^\]]*\]/g, "");
  if (plain.includes("[")) return "The pattern has a [ without a ]. Write \\[ for the character.";
  if (plain.split("{").length !== plain.split("}").length) {
    return "The pattern has unbalanced braces. Write \\{ for the character.";
  }
  const segments = pattern.split("/");
  const globstars = segments.filter((segment) => segment === "**").length;
  const stars = Math.max(...segments.map((segment) => segment.replace(/\*+/g, "*").split("*").length - 1));
  if (globstars > mostStars || stars > mostStars) {
    return `The pattern has more than ${mostStars} wildcards between two slashes, or more than ${mostStars} "**".`;
  }
  return undefined;
}
