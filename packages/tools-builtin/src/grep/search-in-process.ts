import { join } from "node:path";
import { FaultError, type Machine, thrownText } from "@claw/agent-core";
import { globFault, globMatcher } from "../search/glob-matcher.ts";
import { shownPath } from "../search/shown-path.ts";
import { type WalkOptions, type WalkProblem, walk } from "../search/walk.ts";
import { type ContextLines, createContextLines } from "./context-lines.ts";
import { fileTypes } from "./file-types.ts";
import { globOverride } from "./glob-override.ts";
import type { GrepEnd, GrepQuery, GrepRecord, GrepSearch } from "./grep-query.ts";
import { javaScriptRegex } from "./javascript-regex.ts";
import { matchedBatches } from "./matched-batches.ts";
import { createNotes, type Notes } from "./notes.ts";
import { createRegexWorker, type RegexWorker } from "./regex-worker.ts";

export interface InProcessOptions {
  readonly machine: Machine;
  /** Milliseconds that the pattern may take on one piece of a file. Default 5,000. */
  readonly deadlineMs?: number;
}

/**
 * Searches without ripgrep: our own walk, and JavaScript's regular expressions in a thread. Slower by an order of
 * magnitude, the same answers for what both can do.
 */
export function searchInProcess(options: InProcessOptions): GrepSearch {
  const { deadlineMs = 5000 } = options;
  return async function* search(query, signal) {
    const regex = javaScriptRegex(query.pattern, query);
    if (regex.type === "invalid") return regex;
    const filters = walkFilters(query);
    if (filters.type === "invalid") return filters;
    const worker = createRegexWorker({ ...regex, deadlineMs }, signal);
    const asLines = { ...query, multiline: query.multiline && regex.crossesLines };
    const notes = createNotes();
    try {
      yield* searchFiles(options, asLines, filters.options, worker, notes, signal);
      return { type: "done", notes: notes.lines() };
    } catch (thrown) {
      if (!isTimeout(thrown)) throw thrown;
      return { type: "timed-out", message: thrown.fault.message };
    } finally {
      await worker.close();
    }
  };
}

type Filters =
  | { readonly type: "options"; readonly options: WalkOptions }
  | Extract<GrepEnd, { type: "invalid" }>;

function walkFilters(query: GrepQuery): Filters {
  const fault = query.glob === undefined ? undefined : globFault(query.glob.replace(/^!/, ""));
  if (fault !== undefined) return { type: "invalid", message: `error parsing glob: ${fault}` };
  const override = query.glob === undefined ? {} : { override: globOverride(query.glob) };
  if (query.type === undefined) return { type: "options", options: override };
  const globs = fileTypes.get(query.type);
  if (globs === undefined) return { type: "invalid", message: `unrecognized file type: ${query.type}` };
  const matchers = globs.split(" ").map((glob) => globMatcher(glob, { dot: true }));
  return {
    type: "options",
    options: { ...override, accept: (name) => matchers.some((matches) => matches(name)) },
  };
}

async function* searchFiles(
  options: InProcessOptions,
  query: GrepQuery,
  filters: WalkOptions,
  worker: RegexWorker,
  notes: Notes,
  signal: AbortSignal,
): AsyncGenerator<GrepRecord, void> {
  const context = createContextLines(query.before, query.after);
  const paths =
    query.file === undefined ? filePaths(options.machine, query, filters, notes, signal) : [query.file];
  for await (const path of paths) {
    try {
      const bytes = options.machine.read(join(query.folder, path), {}, signal);
      yield* searchFile(path, bytes, query, worker, context);
    } catch (thrown) {
      signal.throwIfAborted();
      if (isTimeout(thrown)) throw thrown;
      notes.add(`could not search ${path}: ${thrownText(thrown)}`);
    }
  }
}

async function* filePaths(
  machine: Machine,
  query: GrepQuery,
  filters: WalkOptions,
  notes: Notes,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const onProblem = (problem: WalkProblem): void => {
    if (problem.type === "cut") notes.add(`stopped after ${problem.limit} entries: search a smaller folder`);
    else notes.add(`could not read ${shownPath(problem.path, query.folder)}: ${problem.reason}`);
  };
  for await (const entry of walk(machine, query.folder, { ...filters, onProblem }, signal)) {
    if (entry.type === "file") yield entry.relative;
  }
}

async function* searchFile(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  query: GrepQuery,
  worker: RegexWorker,
  context: ContextLines,
): AsyncGenerator<GrepRecord, void> {
  const batches = matchedBatches(bytes, query.multiline, worker);
  context.startFile(path);
  let count = 0;
  try {
    for (;;) {
      const batch = await batches.next();
      if (batch.done === true) {
        const isCounted = query.mode === "count" && count > 0 && batch.value === "text";
        if (isCounted) yield { type: "count", path, count };
        return;
      }
      count += batch.value.count;
      if (query.mode === "content") yield* context.add(batch.value.lines, batch.value.hits);
      if (query.mode !== "files_with_matches" || count === 0) continue;
      yield { type: "file", path };
      return;
    }
  } finally {
    await batches.return("text");
  }
}

function isTimeout(thrown: unknown): thrown is FaultError {
  return FaultError.isInstance(thrown) && thrown.fault.code === "timed-out";
}
