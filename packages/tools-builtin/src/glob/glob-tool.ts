import type { Machine, ToolOutcome } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema, ok, type ToolContext } from "@claw/agent-tools";
import { judgedMachine } from "../files/judged-machine.ts";
import { machineFailure } from "../files/machine-failure.ts";
import { missingFile } from "../files/missing-file.ts";
import { resolvePath } from "../files/resolve-path.ts";
import { problemNotes } from "../search/problem-notes.ts";
import { shownPath } from "../search/shown-path.ts";
import type { WalkEntry, WalkProblem } from "../search/walk.ts";
import { type GlobQuery, globQuery } from "./glob-query.ts";
import { createNewest, modifiedAt, type Newest } from "./newest.ts";

export interface GlobInput {
  /** `*`, `?`, `**`, `[a-z]` and `{a,b}`; may start with folders, `../` or `/`. */
  readonly pattern: string;
  /** Absolute, or relative to the working directory, which is the default. */
  readonly path?: string;
}

export interface GlobToolOptions {
  readonly machine: Machine;
  /** Where `~/` leads. Without it, `~` is a name like any other. */
  readonly home?: string;
  /** Paths in a result. Default 100. */
  readonly limit?: number;
  /** Entries looked at in one call. Default 1,000,000. */
  readonly walkLimit?: number;
}

/** Finds files by name, newest first. A pattern without `**` also shows folders, so that `*` lists a folder. */
export function globTool(options: GlobToolOptions): AnyTool {
  return defineTool({
    name: "Glob",
    description:
      "Finds files by name pattern (*, **, ?, [a-z], {a,b}), newest first. A pattern without ** also shows folders: " +
      '"*" lists one. Skips ignored and hidden files unless the pattern or path names their folder.',
    input: jsonSchema<GlobInput>({
      type: "object",
      properties: {
        pattern: { type: "string", minLength: 1, description: 'Such as "src/**/*.ts"' },
        path: { type: "string", description: "Folder to search; default the working directory" },
      },
      required: ["pattern"],
      additionalProperties: false,
    }),
    effects: (input, { cwd }) => [{ type: "read", path: queryOf(input, cwd, options.home).base }],
    effectClass: () => "pure",
    run: (input, context) => glob(options, input, context),
  });
}

/** An empty `path` means the default: models send it for parameters they leave out. */
function folderOf(input: GlobInput, cwd: string, home: string | undefined): string {
  return resolvePath(input.path ?? "", cwd, home);
}

function queryOf(input: GlobInput, cwd: string, home: string | undefined): GlobQuery {
  const isInHome = home !== undefined && input.pattern.startsWith("~/");
  const pattern = isInHome ? home + input.pattern.slice(1) : input.pattern;
  return globQuery(pattern, folderOf(input, cwd, home));
}

async function glob(given: GlobToolOptions, input: GlobInput, context: ToolContext): Promise<ToolOutcome> {
  const options = { ...given, machine: judgedMachine(given.machine, context) };
  const { machine, home, limit = 100 } = options;
  const { cwd, signal } = context;
  const query = queryOf(input, cwd, home);
  const { globFault } = await import("../search/glob-matcher.ts");
  const fault = globFault(query.rest);
  if (fault !== undefined) return failed("invalid-input", fault);
  if (query.rest.split("/").includes("..")) {
    return failed(
      "invalid-input",
      'A pattern cannot have ".." after a wildcard. Start it with the folder you mean.',
    );
  }
  try {
    const type = (await machine.stat(query.base, signal))?.type;
    if (type === undefined) return await missingFile(machine, query.base, signal);
    if (type !== "directory")
      return failed("tool-failed", `${query.base} is not a folder. Read shows a file.`);
    const problems: WalkProblem[] = [];
    const found = await findNewest(options, query, limit, problems, signal);
    return ok(report(found, query, cwd, problems), { total: found.total() });
  } catch (thrown) {
    signal.throwIfAborted();
    return machineFailure(thrown, query.base);
  }
}

const statsAtOnce = 32;

async function findNewest(
  options: GlobToolOptions,
  query: GlobQuery,
  limit: number,
  problems: WalkProblem[],
  signal: AbortSignal,
): Promise<Newest<WalkEntry>> {
  const { machine } = options;
  const { queryMatcher } = await import("./query-matcher.ts");
  const { walk } = await import("../search/walk.ts");
  const newest = createNewest<WalkEntry>(limit, (one, other) => (one.relative < other.relative ? -1 : 1));
  const matches = queryMatcher(query);
  const walkOptions = {
    hidden: query.hidden,
    onProblem: (problem: WalkProblem) => problems.push(problem),
    ...(query.maxDepth === undefined ? {} : { maxDepth: query.maxDepth }),
    ...(options.walkLimit === undefined ? {} : { limit: options.walkLimit }),
  };
  let batch: WalkEntry[] = [];
  const flush = async (): Promise<void> => {
    const times = await Promise.all(batch.map((entry) => modifiedAt(machine, entry.path, signal)));
    for (const [index, entry] of batch.entries()) newest.add(entry, times[index] ?? 0);
    batch = [];
  };
  for await (const entry of walk(machine, query.base, walkOptions, signal)) {
    if (!isWanted(entry, query) || !matches(entry.relative)) continue;
    batch.push(entry);
    if (batch.length === statsAtOnce) await flush();
  }
  await flush();
  return newest;
}

function isWanted(entry: WalkEntry, query: GlobQuery): boolean {
  return entry.type === "directory" ? query.folders !== "none" : query.folders !== "only";
}

function report(
  found: Newest<WalkEntry>,
  query: GlobQuery,
  cwd: string,
  problems: readonly WalkProblem[],
): string {
  const shown = found
    .items()
    .map((entry) => shownPath(entry.path, cwd) + (entry.type === "directory" ? "/" : ""));
  const more = found.total() - shown.length;
  const lines = [
    ...shown,
    ...(shown.length === 0 ? [nothingFound(query, cwd)] : []),
    ...(more > 0 ? [`(${more} more, older, not shown: use a narrower pattern or path)`] : []),
    ...problemNotes(problems, cwd),
  ];
  return lines.join("\n");
}

function nothingFound(query: GlobQuery, cwd: string): string {
  return (
    `No files in ${shownPath(query.base, cwd)} match "${query.rest}". Ignored and hidden files are left out; ` +
    "name their folder in path or at the start of the pattern to see them."
  );
}
