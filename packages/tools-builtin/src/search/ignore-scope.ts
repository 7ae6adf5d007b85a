import { dirname, join } from "node:path";
import type { Machine } from "@claw/agent-core";
import ignore from "ignore";
import { isInRepository } from "./is-in-repository.ts";
import { slashed } from "./slashed.ts";

/** The ignore rules that hold inside one folder. Rules of nearer folders win over those of farther ones. */
export interface IgnoreScope {
  /** What the rules say about one entry; `undefined` where no rule names it. */
  readonly verdict: (path: string, isDirectory: boolean) => "ignored" | "included" | undefined;
  /** The scope inside `folder`, given the names of its entries. */
  readonly enter: (folder: string, names: ReadonlySet<string>, signal: AbortSignal) => Promise<IgnoreScope>;
}

/** Rule lines of each kind of file, rewritten to count from `base`. Later kinds win, as in ripgrep. */
interface Rules {
  /** Whether the rules of git end where a repository begins. */
  readonly isBounded: boolean;
  readonly exclude: readonly string[];
  readonly git: readonly string[];
  readonly plain: readonly string[];
  readonly ripgrep: readonly string[];
  /** Keeps the way to the root open, over all others. */
  readonly open: readonly string[];
}

interface RuleFiles {
  readonly folder: string;
  readonly isRepository: boolean;
  readonly exclude: string;
  readonly git: string;
  readonly plain: string;
  readonly ripgrep: string;
}

/**
 * The rules that reach `root` from the folders above it: `.gitignore` and `.git/info/exclude` up to the repository's
 * top (outside of a repository all the way), `.ignore` and `.rgignore` all the way. `root` itself is never ignored: it
 * was asked for by name.
 */
export async function ignoreScope(machine: Machine, root: string, signal: AbortSignal): Promise<IgnoreScope> {
  const isBounded = await isInRepository(machine, root, signal);
  const found = await filesAbove(machine, root, signal);
  const base = found[0]?.folder ?? root;
  const open = openingRules(relativeTo(base, root));
  const none: Rules = { isBounded, exclude: [], git: [], plain: [], ripgrep: [], open };
  return scopeOf(
    machine,
    base,
    found.reduce((rules, files) => withFiles(rules, files, base), none),
  );
}

/** One rule for each folder on the way: a folder that is ignored would take everything below with it. */
function openingRules(root: string): readonly string[] {
  const names = root === "" ? [] : root.split("/");
  return names.map((_, index) => `!/${escaped(names.slice(0, index + 1).join("/"))}/`);
}

/** A path as a pattern that matches it alone. */
function escaped(path: string): string {
  return path.replace(/[\\*?[\]!# ]/g, "\\$&");
}

async function filesAbove(
  machine: Machine,
  root: string,
  signal: AbortSignal,
): Promise<readonly RuleFiles[]> {
  const found: RuleFiles[] = [];
  for (let folder = dirname(root), below = root; folder !== below; below = folder, folder = dirname(folder)) {
    const isRepository = (await machine.stat(join(folder, ".git"), signal)) !== undefined;
    const files = await ruleFiles(machine, folder, isRepository, () => true, signal);
    if (files !== undefined) found.unshift(files);
  }
  return found;
}

async function ruleFiles(
  machine: Machine,
  folder: string,
  isRepository: boolean,
  has: (name: string) => boolean,
  signal: AbortSignal,
): Promise<RuleFiles | undefined> {
  const read = (name: string) => (has(name) ? readRules(machine, join(folder, name), signal) : "");
  const files = {
    folder,
    isRepository,
    exclude: isRepository ? await readRules(machine, join(folder, ".git", "info", "exclude"), signal) : "",
    git: await read(".gitignore"),
    plain: await read(".ignore"),
    ripgrep: await read(".rgignore"),
  };
  const empty = files.exclude === "" && files.git === "" && files.plain === "" && files.ripgrep === "";
  return empty && !isRepository ? undefined : files;
}

const mostRuleBytes = 1_000_000;

/** The file's text; a file that is not there or cannot be read has no rules. */
async function readRules(machine: Machine, path: string, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of machine.read(path, { from: 0, to: mostRuleBytes }, signal)) {
      text += decoder.decode(piece, { stream: true });
    }
  } catch {
    signal.throwIfAborted();
  }
  return text;
}

function withFiles(rules: Rules, files: RuleFiles, base: string): Rules {
  const prefix = relativeTo(base, files.folder);
  const rebased = (text: string) => rebasedRules(text, prefix);
  // A repository inside another one does not obey the outer one's .gitignore.
  const outer = files.isRepository && rules.isBounded ? { ...rules, exclude: [], git: [] } : rules;
  return {
    ...rules,
    exclude: [...outer.exclude, ...rebased(files.exclude)],
    git: [...outer.git, ...rebased(files.git)],
    plain: [...outer.plain, ...rebased(files.plain)],
    ripgrep: [...outer.ripgrep, ...rebased(files.ripgrep)],
  };
}

function rebasedRules(text: string, prefix: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => rebasedRule(line, prefix))
    .filter((line) => line !== undefined);
}

/** One line of an ignore file, said from a folder further up. */
function rebasedRule(line: string, prefix: string): string | undefined {
  const rule = line.replace(/^\uFEFF/, "").replace(/(?<!\\) +$/, "");
  if (rule === "" || rule === "/" || rule.startsWith("#")) return undefined;
  if (prefix === "") return rule;
  const negated = rule.startsWith("!");
  const pattern = negated ? rule.slice(1) : rule;
  const anchored = pattern.slice(0, -1).includes("/");
  const inside = anchored ? pattern.replace(/^\//, "") : `**/${pattern}`;
  return `${negated ? "!" : ""}/${escaped(prefix)}/${inside}`;
}

function scopeOf(machine: Machine, base: string, rules: Rules): IgnoreScope {
  const lines = [...rules.exclude, ...rules.git, ...rules.plain, ...rules.ripgrep, ...rules.open];
  const test = lines.length === 0 ? undefined : renewedTest(lines);
  const scope: IgnoreScope = {
    verdict: (path, isDirectory) => {
      if (test === undefined) return undefined;
      const { ignored, unignored } = test(relativeTo(base, path) + (isDirectory ? "/" : ""));
      if (ignored) return "ignored";
      return unignored ? "included" : undefined;
    },
    enter: async (folder, names, signal) => {
      const has = (name: string) => names.has(name);
      const files = await ruleFiles(machine, folder, has(".git"), has, signal);
      return files === undefined ? scope : scopeOf(machine, base, withFiles(rules, files, base));
    },
  };
  return scope;
}

const testsPerMatcher = 20_000;

/** The library remembers each path it ever tested; a fresh matcher now and then keeps a long walk's memory flat. */
function renewedTest(lines: readonly string[]): (path: string) => ignore.TestResult {
  let matcher = matcherOf(lines);
  let tests = 0;
  return (path) => {
    tests += 1;
    if (tests % testsPerMatcher === 0) matcher = matcherOf(lines);
    return matcher.test(path);
  };
}

function matcherOf(lines: readonly string[]): ignore.Ignore {
  return ignore({ ignorecase: false }).add(lines);
}

/** `path` from `base`, both absolute and `base` above it or the same, with `/` between names. */
function relativeTo(base: string, path: string): string {
  const rest = slashed(path).slice(slashed(base).length);
  return rest.startsWith("/") ? rest.slice(1) : rest;
}
