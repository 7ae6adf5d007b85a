import { findBelow, type Looks, type Wanted } from "../paths/find-below.ts";
import { joinPath, normalPath, parentPath } from "../paths/path-name.ts";
import { repositoryTopOf } from "../paths/repository-top-of.ts";
import type { RuleEntry } from "../rules/rule-book.ts";
import { commandLayers } from "../shell/command-layers.ts";
import { expandGlob } from "../shell/expand-glob.ts";
import type { ShellPart } from "../shell/shell-parts.ts";
import { literalWord, type ShellWord } from "../shell/shell-script.ts";
import { unlikeWords } from "../shell/unlike-words.ts";
import { takesNames } from "../shell/walks/takes-names.ts";
import type { TreeWalk } from "../shell/walks/tree-walk.ts";
import { namesWalksOf, treeWalksOf } from "../shell/walks/tree-walk-of.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName, worstFinding } from "./finding.ts";
import { innerParts } from "./inner-parts.ts";
import { placedGit } from "./placed-git.ts";
import { readingOf } from "./reading-of.ts";

/**
 * What deny and ask rules on reading say about commands that go through folders. A file that such a rule is about is
 * looked for on disk: what opens it is judged like one that names it, what may open it is asked about in every mode,
 * and so is what cannot be looked at. Where no rule can be about anything below, nothing is looked at.
 */
export async function walkFindings(
  facts: CallFacts,
  given: readonly ShellPart[],
): Promise<readonly Finding[]> {
  const { deny, ask } = facts.rules.paths;
  if (![...deny, ...ask].some(({ rule }) => rule.tool !== "Cd")) return [];
  const parts = given.flatMap((part) => allParts(facts, part));
  const taken = new Set(parts.map(({ part }) => takesNames(part.command)));
  const looks: Looks = { left: mostEntries };
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const { part, subject } of parts) {
    for (const { walk, folders } of walksOf(facts, part, taken)) {
      const key = `${folders.join("\0")}\0\0${part.command.text}\0\0${walk.opens}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const found = await walkFinding(facts, walk, folders, looks);
      if (found === undefined) continue;
      const reason = `\`${visible(part.command.text)}\` ${found.reason}`;
      findings.push({ ...found, reason, subject });
    }
  }
  return findings;
}

/** For all commands of one line. */
const mostEntries = 100_000;

/** The command with the scripts inside it, and what it most likely is. */
function allParts(
  facts: CallFacts,
  part: ShellPart,
): readonly { readonly part: ShellPart; readonly subject: string }[] {
  const { likely = [], ...rest } = part;
  const ones = [part, ...likely.map((command): ShellPart => ({ ...rest, command }))];
  return ones
    .flatMap((one) => [one, ...innerParts(facts, one).parts])
    .map((one) => ({ part: one, subject: part.command.text }));
}

interface PlacedWalk {
  readonly walk: TreeWalk;
  readonly folders: readonly string[];
}

function walksOf(
  facts: CallFacts,
  part: ShellPart,
  taken: ReadonlySet<ReturnType<typeof takesNames>>,
): readonly PlacedWalk[] {
  const areNamesTaken = taken.has("reads") || taken.has("writes");
  const guessed = [facts.cwd, ...(part.likelyFolders ?? [])];
  return commandLayers(part.command.words).flatMap(({ words }) => {
    const { folders = guessed, command } = placedGit({ ...part, command: { ...part.command, words } });
    const known = treeWalksOf(command.words);
    const walks = known.length > 0 ? known : addedWalks(facts, part);
    const isList = taken.has("writes") || (areNamesTaken && walks.length === 0);
    // Which of the names are opened, only running it can tell.
    const names = (isList ? namesWalksOf(command.words) : []).map(
      (walk): TreeWalk => ({
        ...walk,
        opens: walk.opens === "tracked" ? walk.opens : "some",
        ...(taken.has("writes") ? { changes: "files" } : {}),
      }),
    );
    return [...walks, ...names].map((walk) => ({ walk, folders }));
  });
}

/** A program of the user's own table. */
function addedWalks(facts: CallFacts, part: ShellPart): readonly TreeWalk[] {
  if (facts.readOnlyCommands.length === 0 || part.command.words[0]?.literal === "xargs") return [];
  const reading = readingOf(facts, part.command);
  if (reading.type !== "reads" || !reading.reads.recursive) return [];
  const { paths, folder, followsLinks } = reading.reads;
  const starts = folder ? [...paths, literalWord(".")] : paths;
  return [{ starts, skipsHidden: false, followsLinks, opens: "some", leavesOut: () => false }];
}

async function walkFinding(
  facts: CallFacts,
  walk: TreeWalk,
  folders: readonly string[],
  looks: Looks,
): Promise<Finding | undefined> {
  const findings: Finding[] = [];
  for (const folder of folders) {
    for (const { path, isKnown } of await startPaths(facts, walk, folder)) {
      const finding = await startFinding(
        facts,
        { ...walk, opens: isKnown ? walk.opens : "some" },
        path,
        looks,
      );
      if (finding?.behavior === "deny") return finding;
      if (finding !== undefined) findings.push(finding);
    }
  }
  return worstFinding(findings);
}

interface StartPath {
  readonly path: string;
  /** It does start there. */
  readonly isKnown: boolean;
}

async function startPaths(
  facts: CallFacts,
  { starts, orHere, fromTop }: TreeWalk,
  folder: string,
): Promise<readonly StartPath[]> {
  if (fromTop === true) {
    const top = await repositoryTopOf(facts.paths, folder, facts.cwd);
    return (top === undefined ? [folder, facts.cwd] : [top]).map((path) => ({ path, isKnown: true }));
  }
  // Nothing has an empty name.
  const named = unlikeWords(starts.filter(({ literal }) => literal !== ""));
  const found = (await Promise.all(named.map((word) => wordPaths(facts, word, folder)))).flat();
  if (orHere !== true) return found;
  const there: StartPath[] = [];
  for (const start of found) if (await isThere(facts, start.path)) there.push(start);
  return there.length > 0 ? there : [{ path: folder, isKnown: true }];
}

async function isThere({ paths: { list } }: CallFacts, path: string): Promise<boolean> {
  const place = normalPath(path);
  try {
    for await (const { name } of list?.(parentPath(place)) ?? []) if (place.endsWith(`/${name}`)) return true;
  } catch {
    // Nothing can be in a folder that is none.
  }
  return place === "/";
}

async function wordPaths(facts: CallFacts, word: ShellWord, folder: string): Promise<readonly StartPath[]> {
  if (word.literal !== undefined) return [{ path: joinPath(folder, word.literal), isKnown: true }];
  const found = word.glob === undefined ? undefined : await expandGlob(word.glob, folder, facts.paths);
  // The first is the folder itself, which stands for a glob that fits nothing.
  return found === undefined
    ? [{ path: folder, isKnown: false }]
    : found.slice(1).map((path) => ({ path, isKnown: true }));
}

async function startFinding(
  facts: CallFacts,
  walk: TreeWalk,
  path: string,
  looks: Looks,
): Promise<Finding | undefined> {
  const names = await namesOf(facts, path);
  const { deny, ask } = facts.rules.paths;
  const rules = [...deny, ...ask].filter((rule) => isAbout(walk, rule));
  const perhaps = rules.find(({ pattern }) => names.some(pattern.mayMatchBelow))?.entry;
  if (perhaps === undefined) return undefined;
  if (facts.paths.linkless && walk.files === true) return undefined;
  if (facts.paths.linkless || facts.paths.list === undefined) return unclear(path, perhaps);
  let hit: { readonly entry: RuleEntry; readonly path: string; readonly isSure: boolean } | undefined;
  const wanted: Wanted<RuleEntry> = {
    at: (all) => rules.find(({ pattern }) => all.some(pattern.matches))?.entry,
    mayBeNamed: (name) => rules.some(({ pattern }) => pattern.mayName(name)),
    places: rules.map(({ pattern }) => pattern.place),
    isOne: async (entry, file) => {
      const isOpened = await opens(facts, walk, file);
      if (isOpened === "no") return false;
      const isSure = isOpened === "yes";
      if (hit === undefined || (isSure && entry.behavior === "deny")) hit = { entry, path: file, isSure };
      return isSure && entry.behavior === "deny";
    },
    leavesOut: (name, ...how) => (walk.skipsHidden && name.startsWith(".")) || walk.leavesOut(name, ...how),
    followsLinks: walk.followsLinks,
    depth: walk.depth ?? Number.POSITIVE_INFINITY,
  };
  const result = await findBelow(facts.paths, { path, names }, wanted, looks);
  if (hit !== undefined) return ruled(walk, hit);
  return result === "unknown" ? unclear(path, perhaps) : undefined;
}

/** What rules may call a place: what it leads to as well, under each name of the workspace. */
async function namesOf(facts: CallFacts, path: string): Promise<readonly string[]> {
  const { paths } = await facts.paths.views(path);
  const all = await Promise.all(paths.map((view) => facts.paths.aliases(view)));
  return [...new Set(all.flat())];
}

/** What must not be read must not be changed either. */
function isAbout({ changes }: TreeWalk, { rule, pattern }: PlacedRule): boolean {
  const isPlaced = pattern.place !== "/";
  if (rule.tool === "Read") return changes !== "folders" || isPlaced;
  return rule.tool === "Edit" && (changes === "files" || (changes !== undefined && isPlaced));
}

type PlacedRule = CallFacts["rules"]["paths"]["deny"][number];

async function opens(
  facts: CallFacts,
  { opens: what }: TreeWalk,
  file: string,
): Promise<"yes" | "no" | "perhaps"> {
  if (what !== "tracked") return what === "all" ? "yes" : "perhaps";
  const isTracked = await facts.gitTracks(file);
  return isTracked === undefined ? "perhaps" : isTracked ? "yes" : "no";
}

function ruled(
  { changes }: TreeWalk,
  { entry, path, isSure }: { entry: RuleEntry; path: string; isSure: boolean },
): Finding {
  const behavior = isSure && entry.behavior === "deny" ? "deny" : "ask";
  const verb = changes === undefined ? "open" : "change";
  const shown = visible(normalPath(path));
  const reason = `${isSure ? "would" : "may"} ${verb} \`${shown}\`, which ${ruleName(entry)} is about; what leaves that file out may run.`;
  return { behavior, basis: "rule", nature: "reads", entry, reason };
}

function unclear(path: string, entry: RuleEntry): Finding {
  const reason = `may open what ${ruleName(entry)} is about: all that lies below \`${visible(normalPath(path))}\` cannot be looked at.`;
  return { behavior: "ask", basis: "rule", nature: "reads", entry, reason };
}
