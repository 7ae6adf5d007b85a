import { basename, dirname } from "node:path";
import type { FileStat, JsonObject, Machine, ToolOutcome } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema, ok, type ToolContext } from "@claw/agent-tools";
import { judgedMachine, judgedTarget } from "../files/judged-machine.ts";
import { machineFailure } from "../files/machine-failure.ts";
import { missingFile } from "../files/missing-file.ts";
import { resolvePath } from "../files/resolve-path.ts";
import { type GrepPage, grepPage } from "./grep-page.ts";
import type { GrepMode, GrepQuery, GrepSearch } from "./grep-query.ts";
import { grepReport } from "./grep-report.ts";

export interface GrepInput {
  /** A regular expression in ripgrep's syntax. */
  readonly pattern: string;
  /** A file or folder, absolute or relative to the working directory, which is the default. */
  readonly path?: string;
  readonly glob?: string;
  /** A file type of ripgrep, such as `ts`. */
  readonly type?: string;
  /** Default `files_with_matches`. */
  readonly output_mode?: GrepMode;
  readonly "-i"?: boolean;
  /** Line numbers, on by default. */
  readonly "-n"?: boolean;
  readonly "-A"?: number;
  readonly "-B"?: number;
  readonly "-C"?: number;
  /** Lines or files in the answer: default 250, 0 for no limit. */
  readonly head_limit?: number;
  /** Lines or files to skip. */
  readonly offset?: number;
  readonly multiline?: boolean;
}

export interface GrepToolOptions {
  readonly machine: Machine;
  /** Where `~/` leads. Without it, `~` is a name like any other. */
  readonly home?: string;
  /**
   * ripgrep programs to try in turn. Default: that of the optional package `@vscode/ripgrep`, then `rg` on PATH. With
   * none of them the search is done in this process.
   */
  readonly programs?: readonly string[];
  /** Milliseconds that a pattern may take on one piece of a file, where ripgrep is not there. Default 5,000. */
  readonly deadlineMs?: number;
  /** Whether matches in a file (absolute path) may be shown. Default: in every file. */
  readonly mayShow?: (path: string) => boolean;
}

/** Searches file contents: ripgrep where there is one, else a slower search with the same answers. */
export function grepTool(options: GrepToolOptions): AnyTool {
  let programs: Promise<readonly string[]> | undefined;
  return defineTool({
    name: "Grep",
    description:
      "Searches file contents with a ripgrep regex (escape literal braces). Results in path order. Skips binary, " +
      "hidden and ignored files unless path names their folder.",
    input: jsonSchema<GrepInput>(inputSchema),
    effects: (input, { cwd }) => [{ type: "read", path: pathOf(options, input, cwd) }],
    effectClass: () => "pure",
    run: async (input, context) => {
      programs ??= programsOf(options);
      return grep({ ...options, programs: await programs }, input, context);
    },
  });
}

const count = { type: "integer", minimum: 0 };

const inputSchema: JsonObject = {
  type: "object",
  properties: {
    pattern: { type: "string", minLength: 1 },
    path: { type: "string", description: "File or folder; default the working directory" },
    glob: { type: "string", description: 'Only these files, such as "*.{ts,tsx}" or "!*.test.ts"' },
    type: { type: "string", description: "Only this rg file type, such as ts, py, rust" },
    output_mode: {
      type: "string",
      enum: ["content", "files_with_matches", "count"],
      description: "Default files_with_matches",
    },
    "-i": { type: "boolean", description: "Ignore case" },
    "-n": { type: "boolean", description: "Line numbers in content; default true" },
    "-A": { ...count, description: "Lines after each match, in content" },
    "-B": { ...count, description: "Lines before" },
    "-C": { ...count, description: "Lines before and after" },
    head_limit: { ...count, description: "Lines or files shown; default 250, 0 for all" },
    offset: { ...count, description: "Lines or files skipped" },
    multiline: { type: "boolean", description: "Match across lines; . also matches line ends" },
  },
  required: ["pattern"],
  additionalProperties: false,
};

async function programsOf({ programs }: GrepToolOptions): Promise<readonly string[]> {
  return programs ?? (await (await import("./ripgrep-programs.ts")).ripgrepPrograms());
}

async function searchesOf(
  options: GrepToolOptions,
  machine: Machine,
  context: ToolContext,
): Promise<readonly GrepSearch[]> {
  const { searchInProcess } = await import("./search-in-process.ts");
  const { searchWithRipgrep } = await import("./search-with-ripgrep.ts");
  const { filteredSearch } = await import("./filtered-search.ts");
  const { programs = [], deadlineMs, mayShow } = options;
  const searches = [
    ...programs.map((program) => searchWithRipgrep(machine, program)),
    searchInProcess({ machine, ...(deadlineMs === undefined ? {} : { deadlineMs }) }),
  ];
  if (mayShow === undefined) return searches;
  const folderOf = (folder: string): string => judgedTarget(context, folder);
  return searches.map((search) => filteredSearch(search, mayShow, folderOf));
}

/** An empty `path` means the default: models send it for parameters they leave out. */
function pathOf(options: GrepToolOptions, input: GrepInput, cwd: string): string {
  return resolvePath(input.path ?? "", cwd, options.home);
}

async function grep(options: GrepToolOptions, input: GrepInput, context: ToolContext): Promise<ToolOutcome> {
  const { cwd, signal } = context;
  const path = pathOf(options, input, cwd);
  if (input.pattern.includes("\0")) return failed("invalid-input", "The pattern holds a NUL character.");
  try {
    const machine = judgedMachine(options.machine, context);
    const stat = await machine.stat(path, signal);
    if (stat === undefined) return await missingFile(machine, path, signal);
    if (stat.type === "other") return failed("tool-failed", `${path} is neither a file nor a folder.`);
    // A link to a file is searched, and named, where it leads to: there is no folder that it could be searched in.
    const query = queryOf(input, stat.type === "file" ? judgedTarget(context, path) : path, stat.type);
    const page = await firstAvailable(await searchesOf(options, machine, context), query, input, signal);
    return outcomeOf(page, query, input, cwd);
  } catch (thrown) {
    signal.throwIfAborted();
    return machineFailure(thrown, path);
  }
}

function queryOf(input: GrepInput, path: string, type: FileStat["type"]): GrepQuery {
  const around = input["-C"] ?? 0;
  return {
    pattern: input.pattern,
    folder: type === "file" ? dirname(path) : path,
    ...(type === "file" ? { file: basename(path) } : {}),
    ...(input.glob === undefined || input.glob === "" ? {} : { glob: input.glob }),
    ...(input.type === undefined || input.type === "" ? {} : { type: input.type }),
    mode: input.output_mode ?? "files_with_matches",
    ignoreCase: input["-i"] ?? false,
    multiline: input.multiline ?? false,
    before: input["-B"] ?? around,
    after: input["-A"] ?? around,
  };
}

const defaultLimit = 250;

async function firstAvailable(
  searches: readonly GrepSearch[],
  query: GrepQuery,
  input: GrepInput,
  signal: AbortSignal,
): Promise<GrepPage> {
  const asked = input.head_limit ?? defaultLimit;
  const limit = asked === 0 ? Number.POSITIVE_INFINITY : asked;
  for (const search of searches) {
    const page = await grepPage(search(query, signal), input.offset ?? 0, limit);
    if (page.end?.type !== "unavailable") return page;
  }
  throw new Error("The search in this process is always available.");
}

function outcomeOf(page: GrepPage, query: GrepQuery, input: GrepInput, cwd: string): ToolOutcome {
  if (page.end?.type === "invalid") return failed("tool-failed", page.end.message);
  const report = grepReport(page, query, { cwd, offset: input.offset ?? 0, numbers: input["-n"] ?? true });
  if (page.end?.type !== "timed-out") return ok(report, { results: page.taken });
  return failed(
    "timed-out",
    page.taken === 0 ? page.end.message : `${page.end.message} Found until then:\n${report}`,
  );
}
