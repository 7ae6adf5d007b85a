import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { readTextFile } from "../read-text-file.ts";
import { byteLength, fitBudget, type Ranked } from "./fit-budget.ts";
import {
  foldersTo,
  isOwn,
  isWithin,
  managedFiles,
  placeIn,
  projectRoot,
  userPlace,
} from "./instruction-places.ts";
import type { Instructions, SkippedInstruction } from "./instructions.ts";
import { readMarkdown } from "./read-markdown.ts";
import { baseOfRules, matchesGlobs, type RuleFile, readRules, ruleApplies } from "./rules.ts";

export interface InstructionRequest {
  /** The real path of the folder that the session works in. */
  readonly cwd: string;
  readonly home: string;
  /** The user's folder for Claw. */
  readonly claw: string;
  /** The files of managed settings: what stands beside them is managed as well. */
  readonly managed: readonly string[];
  /** Whether the workspace is: only then does it import from outside of itself. */
  readonly trusted: boolean;
  /** Of all text together. Default: 32 KiB. */
  readonly maxBytes?: number;
  /** Globs of files that are left out; managed ones never are. */
  readonly exclude?: readonly string[];
  /** Further names to look for in each folder, after the usual ones. */
  readonly fileNames?: readonly string[];
  /** Whether a rule forbids to read the file. */
  readonly mayRead: (file: string) => boolean;
  /** Whether a file is one that is asked about before it is read, wherever it lies, such as `.env`. */
  readonly holdsSecrets: (file: string) => boolean;
  /** Whether a rule allows to read a file outside of the project, or one that may hold secrets. */
  readonly mayImport: (file: string) => Promise<boolean>;
}

/** Finds what files tell a model to keep to. Reads, and changes nothing. */
export interface InstructionLoader {
  /** What holds for the whole session: the strongest last. */
  readonly load: () => Promise<Instructions>;
  /** What holds for one file besides: of the folders below, and rules for its path. */
  readonly forFile: (file: string) => Promise<Instructions>;
}

export const defaultInstructionBytes: number = 32 * 1024;

/** Files that lead from one to the next, at most. */
const maxHops = 4;

/** What was found so far. */
interface Search {
  readonly found: Ranked[];
  readonly skipped: SkippedInstruction[];
  /** Real paths, so that nothing is read twice. */
  readonly seen: Set<string>;
}

/** A file to take in, and on whose word. */
interface Source {
  readonly file: string;
  readonly reason: string;
  readonly owner: "managed" | "user" | "above" | "project";
  /** In place of what stands in the file. */
  readonly text?: string;
  readonly hops: number;
}

export function createInstructionLoader(request: InstructionRequest): InstructionLoader {
  const { cwd, home, claw, maxBytes = defaultInstructionBytes, fileNames = [], exclude = [] } = request;
  const root = projectRoot(cwd);

  async function load(): Promise<Instructions> {
    const search = newSearch();
    for (const file of managedFiles(request.managed)) {
      await take({ file, reason: "managed", owner: "managed", hops: 0 }, search);
    }
    const user = userPlace(home, claw);
    for (const file of user.files) await take({ file, reason: "yours", owner: "user", hops: 0 }, search);
    noteShadowed(user.shadowed, search);
    for (const folder of user.rules) await takeRules(folder, { base: cwd, owner: "user" }, search);
    for (const folder of foldersTo(cwd)) await takeFolder(folder, search);
    return fitted(search);
  }

  async function forFile(file: string): Promise<Instructions> {
    const search = newSearch();
    const folder = dirname(file);
    if (!isWithin(folder, root)) return fitted(search);
    // What is in the chain already is not below.
    const above = new Set(foldersTo(cwd));
    const user = userPlace(home, claw);
    for (const rules of user.rules) await takeRules(rules, { base: cwd, owner: "user", file }, search);
    for (const place of foldersTo(folder)) {
      if (above.has(place)) {
        for (const rules of placeIn(place).rules) {
          await takeRules(rules, { base: baseOfRules(rules), owner: "project", file }, search);
        }
      } else if (isWithin(place, root)) await takeFolder(place, search, file);
    }
    return fitted(search);
  }

  async function takeFolder(folder: string, search: Search, file?: string): Promise<void> {
    const owner = isWithin(folder, root) ? "project" : "above";
    const place = placeIn(folder, fileNames);
    for (const each of place.files) {
      await take({ file: each, reason: `of ${folder}`, owner, hops: 0 }, search);
    }
    noteShadowed(place.shadowed, search);
    for (const rules of place.rules) {
      // Rules of the user's own folders were taken before.
      if (dirname(rules) === claw || dirname(rules) === join(home, ".claude")) continue;
      await takeRules(rules, { base: folder, owner, ...(file === undefined ? {} : { file }) }, search);
    }
  }

  /** Without a file: the rules for everything. With one: those for it. */
  async function takeRules(
    folder: string,
    { base, owner, file }: Pick<Source, "owner"> & { readonly base: string; readonly file?: string },
    search: Search,
  ): Promise<void> {
    const { rules, problems } = await readRules(folder, base);
    search.skipped.push(...problems);
    for (const rule of rules) {
      const source = { file: rule.file, text: rule.text, owner, hops: 0 };
      const isBelow = file !== undefined && !isWithin(cwd, base);
      if (rule.paths === undefined) {
        if (file === undefined || isBelow) await take({ ...source, reason: `a rule of ${base}` }, search);
      } else if (file === undefined) search.skipped.push(conditional(rule));
      else if (await ruleApplies(rule, file)) {
        await take({ ...source, reason: `a rule for ${rule.paths.join(", ")}` }, search);
      }
    }
  }

  async function take(source: Source, search: Search): Promise<void> {
    const { file } = source;
    const skip = (reason: string): void => void search.skipped.push({ file, reason });
    const real = await realpath(file).catch(() => file);
    if (search.seen.has(real)) return;
    const refused = await refusal(source, real);
    if (refused !== undefined) return skip(refused);
    search.seen.add(real);
    const content = await readTextFile(real);
    if (content.type === "unusable") return skip(content.reason);
    if (content.type === "absent") return skip("it is not there");
    const { text, imports } = readMarkdown(source.text ?? content.text);
    for (const path of imports) await takeImport(path, source, search);
    if (text === "") return;
    const found: Ranked["found"] = { file, reason: source.reason, text, bytes: byteLength(text) };
    search.found.push({ found, owner: source.owner === "above" ? "project" : source.owner });
  }

  /** What is imported comes before what imports it, which is the stronger. */
  async function takeImport(path: string, from: Source, search: Search): Promise<void> {
    const file = importedFile(path, from.file);
    const content = await readTextFile(file);
    if (content.type === "absent") {
      if (looksLikeFile(path))
        search.skipped.push({ file, reason: `${from.file} imports it, and it is not there` });
      return;
    }
    if (from.hops >= maxHops) {
      search.skipped.push({ file, reason: `${from.file} imports it, ${maxHops} files deep already` });
      return;
    }
    await take({ file, reason: `imported by ${from.file}`, owner: from.owner, hops: from.hops + 1 }, search);
  }

  function importedFile(path: string, from: string): string {
    if (path.startsWith("~/")) return join(home, path.slice(2));
    return isAbsolute(path) ? path : resolve(dirname(from), path);
  }

  /** Why a file is not read, whoever names it. */
  async function refusal({ file, owner, hops }: Source, real: string): Promise<string | undefined> {
    if (owner === "managed") return undefined;
    if (!request.mayRead(file) || !request.mayRead(real)) return "a rule forbids to read it";
    if (await isExcluded(file)) return "the settings leave it out";
    if (owner === "above" && hops === 0) return isOwn(file) ? undefined : "it belongs to somebody else";
    if (owner === "user") return undefined;
    // A link may be called otherwise.
    const isSecret = request.holdsSecrets(file) || request.holdsSecrets(real);
    if (isSecret && !(await request.mayImport(real)))
      return `it may hold secrets, and no rule allows to read it, such as Read(/${real})`;
    if (isWithin(real, root)) return undefined;
    if (!request.trusted) return "it is outside of the project, and the folder is not trusted";
    return (await request.mayImport(real))
      ? undefined
      : `it is outside of the project, and no rule allows to read it, such as Read(/${real})`;
  }

  async function isExcluded(file: string): Promise<boolean> {
    return matchesGlobs(
      file.replace(/^\//, ""),
      exclude.map((glob) => glob.replace(/^~(?=\/)/, home).replace(/^\//, "")),
    );
  }

  function fitted({ found, skipped }: Search): Instructions {
    const fit = fitBudget(found, maxBytes);
    return { files: fit.files, skipped: [...skipped, ...fit.skipped] };
  }

  return { load, forFile };
}

function newSearch(): Search {
  return { found: [], skipped: [], seen: new Set() };
}

function noteShadowed(files: readonly string[], search: Search): void {
  for (const file of files) {
    search.skipped.push({ file, reason: "another file speaks for its folder", expected: true });
  }
}

function conditional({ file, paths = [] }: RuleFile): SkippedInstruction {
  return { file, reason: `a rule for ${paths.join(", ")}, told when such a file is used`, expected: true };
}

/** `@someone` and `@scope/package` are words. */
function looksLikeFile(path: string): boolean {
  return /^(?:\.{1,2}\/|~\/|\/)/.test(path) || path.endsWith(".md");
}
