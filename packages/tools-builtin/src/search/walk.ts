import { join } from "node:path";
import { type DirectoryEntry, type Machine, thrownText } from "@claw/agent-core";
import { type IgnoreScope, ignoreScope } from "./ignore-scope.ts";

export interface WalkEntry {
  /** Absolute. */
  readonly path: string;
  /** From the walk's root, with `/` between names. */
  readonly relative: string;
  readonly type: DirectoryEntry["type"];
}

export interface WalkOptions {
  /** Shows entries whose name starts with a dot; left out by default unless an ignore rule includes them. */
  readonly hidden?: boolean;
  /** Asked first, before hidden and ignore rules: `true` shows, `false` leaves out, `undefined` has no opinion. */
  readonly override?: (relative: string, isDirectory: boolean) => boolean | undefined;
  /** Asked about each file that is not ignored: `false` leaves out, `true` shows it although hidden. */
  readonly accept?: (name: string) => boolean;
  /** Levels below the root that are entered; 1 is the root's own entries. */
  readonly maxDepth?: number;
  /** Entries looked at before the walk gives up. Default 1,000,000. */
  readonly limit?: number;
  readonly onProblem?: (problem: WalkProblem) => void;
}

export type WalkProblem =
  | { readonly type: "unreadable"; readonly path: string; readonly reason: string }
  /** The limit was reached: what follows was not looked at. */
  | { readonly type: "cut"; readonly limit: number };

interface Level {
  readonly entries: readonly DirectoryEntry[];
  readonly folder: string;
  readonly prefix: string;
  readonly scope: IgnoreScope;
  next: number;
}

/**
 * The files, folders and links below a folder, in the order of their names' bytes, each folder before what is in it.
 * Obeys ignore files as ripgrep does, whether or not the folder is a git repository. `.git` is never shown; links are
 * shown and never followed, so that no cycle can be entered. Rejects only when `signal` fires.
 */
export async function* walk(
  machine: Machine,
  root: string,
  options: WalkOptions,
  signal: AbortSignal,
): AsyncGenerator<WalkEntry, void> {
  const deepest = options.maxDepth ?? Number.POSITIVE_INFINITY;
  const budget = { left: options.limit ?? 1_000_000, limit: options.limit ?? 1_000_000 };
  const open = (folder: string, prefix: string, scope: IgnoreScope) =>
    openLevel(machine, { folder, prefix, scope }, budget, options, signal);
  const first = await open(root, "", await ignoreScope(machine, root, signal));
  const levels = first === undefined ? [] : [first];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const entry = level.entries[level.next];
    level.next += 1;
    if (entry === undefined) {
      levels.pop();
      continue;
    }
    const isDirectory = entry.type === "directory";
    const path = join(level.folder, entry.name);
    const relative = level.prefix + entry.name;
    if (!isShown({ path, relative, type: entry.type }, entry.name, level.scope, options)) continue;
    yield { path, relative, type: entry.type };
    if (!isDirectory || levels.length >= deepest) continue;
    const inside = await open(path, `${relative}/`, level.scope);
    if (inside !== undefined) levels.push(inside);
  }
}

async function openLevel(
  machine: Machine,
  at: Pick<Level, "folder" | "prefix" | "scope">,
  budget: { left: number; readonly limit: number },
  options: WalkOptions,
  signal: AbortSignal,
): Promise<Level | undefined> {
  signal.throwIfAborted();
  if (budget.left <= 0) return undefined;
  const entries: DirectoryEntry[] = [];
  try {
    for await (const entry of machine.list(at.folder, signal)) {
      if (budget.left <= 0) {
        options.onProblem?.({ type: "cut", limit: budget.limit });
        break;
      }
      budget.left -= 1;
      entries.push(entry);
    }
  } catch (thrown) {
    signal.throwIfAborted();
    options.onProblem?.({ type: "unreadable", path: at.folder, reason: thrownText(thrown) });
  }
  const names = new Set(entries.map((entry) => entry.name));
  return {
    ...at,
    scope: await at.scope.enter(at.folder, names, signal),
    entries: entries.sort((one, other) => compareBytes(one.name, other.name)),
    next: 0,
  };
}

function isShown(entry: WalkEntry, name: string, scope: IgnoreScope, options: WalkOptions): boolean {
  if (name === ".git") return false;
  const isDirectory = entry.type === "directory";
  const forced = options.override?.(entry.relative, isDirectory);
  if (forced !== undefined) return forced;
  const verdict = scope.verdict(entry.path, isDirectory);
  if (verdict === "ignored") return false;
  const accepted = isDirectory ? undefined : options.accept?.(name);
  if (accepted === false) return false;
  return options.hidden === true || verdict === "included" || accepted === true || !name.startsWith(".");
}

/** The order of file names' bytes, which is not that of UTF-16 code units. */
function compareBytes(one: string, other: string): number {
  const ascii = /^[\0-\x7f]*$/;
  if (ascii.test(one) || ascii.test(other)) return one < other ? -1 : Number(one > other);
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
