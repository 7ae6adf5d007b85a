import ignore, { type Ignore } from "ignore";
import { foldCase } from "../paths/fold-case.ts";
import { foldName } from "../paths/fold-name.ts";
import { isWithin, normalPath, parentPath, pathBelow, slashed } from "../paths/path-name.ts";
import type { PathRule, RuleBehavior } from "./rule.ts";
import { wildcardMatches } from "./wildcard.ts";

/** A path rule, ready to be matched. */
export interface PathPattern {
  /** The one file that it is about, where it has no wildcard and starts from a folder. */
  readonly file?: string;
  /** Whether it is about this absolute, normal path. */
  readonly matches: (path: string) => boolean;
  /** The folder that everything it is about lies in, or is. */
  readonly place: string;
  /** Whether it may be about something of this name in a folder that it is not about. */
  readonly mayName: (name: string) => boolean;
  /** Whether it may be about something below this folder. */
  readonly mayMatchBelow: (folder: string) => boolean;
  /** Whether it spells this name out, and does not just cover it with a wildcard. */
  readonly names: (name: string) => boolean;
}

export interface PatternPlace {
  readonly behavior: RuleBehavior;
  readonly cwd: string;
  readonly home: string;
  /** The folder of the rule's source. */
  readonly root: string;
  readonly caseInsensitive: boolean;
}

/**
 * Reads a gitignore pattern with an anchor: `//x` from the root of the disk, `~/x` from home, `/x` from the source of
 * the rule, `./x` and `x` from the working directory. A bare name matches at any depth; so does a folder of one
 * segment (`x/`, `x/**`), but only where it denies or asks. Deny and ask also hit the folder that `x/**` empties.
 */
export function compilePathPattern(rule: PathRule, place: PatternPlace): PathPattern {
  const { anchor, pattern } = anchored(rule.pattern, place);
  const patterns = [pattern];
  const whole = pattern.replace(/\/\*\*$/, "");
  const coversFolder = whole !== pattern && (place.behavior !== "allow" || rule.tool !== "Edit");
  if (coversFolder && whole !== "") patterns.push(whole);
  const fold = place.caseInsensitive ? foldCase : (path: string): string => path;
  const foldedAnchor = fold(anchor);
  const matchesBelow = matcher(patterns.map(fold));
  const segments = pattern.split("/").filter((segment) => segment !== "");
  const fixed = normalPath(`${anchor}/${leadingLiterals(pattern).join("/")}`);
  return {
    ...(pattern.startsWith("/") && !/[*?[\\]/.test(pattern) ? { file: fixed } : {}),
    place: fixed,
    mayName: nameFilter(fold(whole), fold),
    matches: (path) => {
      if (!isWithin(fold(path), foldedAnchor)) return false;
      const below = pathBelow(fold(path), foldedAnchor);
      return below === "" ? coversFolder && whole === "" : matchesBelow(below);
    },
    mayMatchBelow: (folder) => isWithin(fold(fixed), fold(folder)) || isWithin(fold(folder), fold(fixed)),
    names: (name) => {
      const wanted = name.split("/");
      return segments.some((_, i) => wanted.every((part, j) => foldName(segments[i + j] ?? "") === part));
    },
  };
}

/** Much faster than the pattern itself, which is asked when the name may fit. */
function nameFilter(pattern: string, fold: (path: string) => string): (name: string) => boolean {
  const last = pattern.slice(pattern.lastIndexOf("/") + 1);
  if (last === "" || /[?[\]\\! ]/.test(last)) return () => true;
  return (name) => wildcardMatches(last, fold(name));
}

interface Anchored {
  readonly anchor: string;
  /** In gitignore's language, relative to the anchor; with a leading slash where it does not float. */
  readonly pattern: string;
}

function anchored(written: string, place: PatternPlace): Anchored {
  const text = slashed(written);
  if (text.startsWith("//")) return fixedPattern("/", text.slice(2));
  if (text === "~" || text.startsWith("~/")) return fixedPattern(place.home, text.slice(2));
  if (text.startsWith("/")) return fixedPattern(place.root, text.slice(1));
  if (/^\.\.?(\/|$)/.test(text)) return fixedPattern(place.cwd, text);
  if (/^[^/]+$/.test(text)) return floating(text, place);
  const folder = /^([^/*?[]+)\/(\*\*)?$/.exec(text)?.[1];
  if (folder !== undefined && place.behavior !== "allow") return floating(`**/${folder}/**`, place);
  return fixedPattern(place.cwd, text);
}

/** At any depth below the working directory; for deny and ask, anywhere. */
function floating(pattern: string, place: PatternPlace): Anchored {
  const anchor = place.behavior === "allow" ? normalPath(slashed(place.cwd)) : "/";
  return { anchor, pattern: pattern.startsWith("#") ? `\\${pattern}` : pattern };
}

function fixedPattern(from: string, rest: string): Anchored {
  let anchor = normalPath(slashed(from));
  const kept: string[] = [];
  for (const segment of rest.split("/")) {
    if (segment === "." || segment === "") continue;
    if (segment !== "..") kept.push(segment);
    else if (kept.length > 0) kept.pop();
    else anchor = parentPath(anchor);
  }
  const folderOnly = rest.endsWith("/") && kept.length > 0;
  return { anchor, pattern: kept.length === 0 ? "/**" : `/${kept.join("/")}${folderOnly ? "/**" : ""}` };
}

function leadingLiterals(pattern: string): readonly string[] {
  if (!pattern.startsWith("/")) return [];
  const segments = pattern.slice(1).split("/");
  const wild = segments.findIndex((segment) => /[*?[\\]/.test(segment));
  return wild < 0 ? segments : segments.slice(0, wild);
}

/** The library remembers every path it was asked about; it is made anew before that becomes many. */
function matcher(patterns: readonly string[]): (below: string) => boolean {
  let rules: Ignore | undefined;
  let asked = 0;
  return (below) => {
    asked += 1;
    if (rules === undefined || asked % 1000 === 0) {
      rules = ignore({ ignorecase: false }).add(
        patterns.map((pattern) => ({ pattern: pattern.replace(/ $/, "\\ ") })),
      );
    }
    return rules.ignores(below);
  };
}
