import { readdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { isFrontmatterFault, readFrontmatter } from "../frontmatter.ts";
import { readTextFile } from "../read-text-file.ts";

/** Instructions in a file of their own, for all files or for those that its `paths` name. */
export interface RuleFile {
  readonly file: string;
  /** Without its frontmatter. */
  readonly text: string;
  /** Globs, relative to `base`. Absent: for everything. */
  readonly paths?: readonly string[];
  /** The folder that the rules belong to. */
  readonly base: string;
}

/** A rule that cannot be used. */
export interface RuleProblem {
  readonly file: string;
  readonly reason: string;
}

/** More files are no rules that a person wrote. */
const mostRules = 500;

/** Reads the Markdown files at any depth of a folder of rules, in the order of their names. */
export async function readRules(
  folder: string,
  base: string,
): Promise<{ readonly rules: readonly RuleFile[]; readonly problems: readonly RuleProblem[] }> {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const files = names
    .filter((name) => name.endsWith(".md"))
    .toSorted()
    .slice(0, mostRules)
    .map((name) => join(folder, name));
  const read = await Promise.all(files.map((file) => readRule(file, base)));
  return {
    rules: read.filter((each) => "text" in each),
    problems: read.filter((each) => "reason" in each),
  };
}

async function readRule(file: string, base: string): Promise<RuleFile | RuleProblem> {
  const content = await readTextFile(file);
  if (content.type !== "read")
    return { file, reason: content.type === "absent" ? "it is gone" : content.reason };
  const read = await readFrontmatter(content.text);
  if (isFrontmatterFault(read)) return { file, reason: `line ${read.line}: ${read.reason}` };
  const { paths } = read.values;
  if (paths === undefined || paths === null) return { file, text: read.body, base };
  // What was meant as a list and is none matches nothing: nobody would ever hear of it.
  const isBroken = read.mended !== undefined && typeof paths === "string" && /^[[{]/.test(paths);
  const globs = typeof paths === "string" && !isBroken ? paths.split(/,(?![^{]*\})/) : paths;
  if (!Array.isArray(globs) || !globs.every((glob) => typeof glob === "string")) {
    return { file, reason: `line ${read.lineOf("paths")}: paths must be a list of globs` };
  }
  return {
    file,
    text: read.body,
    base,
    paths: globs.map((glob) => glob.trim()).filter((glob) => glob !== ""),
  };
}

/** Whether the rule is for a file. */
export async function ruleApplies({ paths, base }: RuleFile, file: string): Promise<boolean> {
  return paths === undefined || matchesGlobs(relative(base, file), paths);
}

/** A glob without a slash is for names at any depth. */
export async function matchesGlobs(path: string, globs: readonly string[]): Promise<boolean> {
  if (globs.length === 0) return false;
  const { default: picomatch } = await import("picomatch");
  const name = path.split(sep).join("/");
  return globs.some((glob) => {
    const pattern = glob.replace(/^\.\//, "");
    return picomatch.isMatch(name, pattern.includes("/") ? pattern : [pattern, `**/${pattern}`], {
      dot: true,
    });
  });
}

/** The folder that holds the `.claude` or `.claw` that a folder of rules is in. */
export function baseOfRules(folder: string): string {
  return dirname(dirname(folder));
}
