import { countLines } from "./count-lines.ts";

/** What Write and Edit did to a file, for people: the `details` of their outcomes. */
export type FileChange = {
  readonly path: string;
  readonly created: boolean;
  readonly added: number;
  readonly removed: number;
  /** A unified diff; one line with the counts where the texts are too large or too different for one. */
  readonly diff: string;
};

/** Larger texts (in characters, both together) are not compared. */
const mostCompared = 2_000_000;
/** More changed lines than this are not worked out: the time grows with their number. */
const mostChanges = 1_000;
/** A longer diff is not kept. */
const longestDiff = 100_000;

/** Compares two texts with LF endings. `before` is `undefined` for a new file. */
export async function fileChange(
  path: string,
  before: string | undefined,
  after: string,
): Promise<FileChange> {
  const created = before === undefined;
  const counted = (): FileChange => {
    const [removed, added] = [countLines(before ?? ""), countLines(after)];
    return { path, created, added, removed, diff: `${removed} lines replaced by ${added} lines` };
  };
  if ((before?.length ?? 0) + after.length > mostCompared) return counted();
  // Loaded by the first change: no session pays for it at its start.
  const { formatPatch, structuredPatch } = await import("diff");
  const patch = structuredPatch(
    created ? "/dev/null" : path,
    path,
    before ?? "",
    after,
    undefined,
    undefined,
    { context: 3, maxEditLength: mostChanges },
  );
  if (patch === undefined) return counted();
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  const diff = formatPatch(patch, { includeIndex: false, includeUnderline: false, includeFileHeaders: true });
  if (diff.length > longestDiff) return counted();
  return {
    path,
    created,
    added: lines.filter((line) => line.startsWith("+")).length,
    removed: lines.filter((line) => line.startsWith("-")).length,
    diff,
  };
}
