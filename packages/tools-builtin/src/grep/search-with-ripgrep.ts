import { type ExecOutput, type Execution, FaultError, type Machine } from "@claw/agent-core";
import { movedExit } from "../files/judged-machine.ts";
import { movedSince } from "../machine/moved-since.ts";
import { isInRepository } from "../search/is-in-repository.ts";
import { type GrepEnd, type GrepQuery, type GrepSearch, longestShownLine } from "./grep-query.ts";
import { createNotes } from "./notes.ts";
import { createRipgrepParser } from "./ripgrep-parser.ts";

/** Searches with one ripgrep program, run on the machine without a shell and stopped when enough was found. */
export function searchWithRipgrep(machine: Machine, program: string): GrepSearch {
  return async function* search(query, signal) {
    const stop = new AbortController();
    const execution = await start(machine, program, query, AbortSignal.any([signal, stop.signal]));
    if (execution === undefined) return { type: "unavailable" };
    try {
      const parser = createRipgrepParser(query.mode);
      const complaints = createComplaints();
      for await (const output of execution.output) {
        if (output.stream === "stderr") complaints.add(output);
        else yield* parser.push(output.bytes);
      }
      signal.throwIfAborted();
      yield* parser.end();
      const exit = await execution.exit;
      // A shell that stood before the program says so when it could not start it.
      if (exit.type === "exited" && exit.code === 127) return { type: "unavailable" };
      if (exit.type === "exited" && exit.code === movedExit) throw movedSince(query.folder);
      return endOf(exit, complaints.text(), parser.notes());
    } finally {
      stop.abort();
    }
  };
}

async function start(
  machine: Machine,
  program: string,
  query: GrepQuery,
  signal: AbortSignal,
): Promise<Execution | undefined> {
  try {
    const isInside = await isInRepository(machine, query.folder, signal);
    return await machine.exec(
      { argv: [program, ...ripgrepArguments(query, isInside)], cwd: query.folder },
      signal,
    );
  } catch (thrown) {
    signal.throwIfAborted();
    if (FaultError.isInstance(thrown) && thrown.fault.code === "cannot-start") return undefined;
    throw thrown;
  }
}

/**
 * One thread in path order: answers come in the same order each time, and the search ends with the page that was
 * asked for. Nothing of the user's configuration or environment changes what is found.
 */
function ripgrepArguments(query: GrepQuery, isRepository: boolean): readonly string[] {
  const content = query.mode === "content";
  return [
    "--no-config",
    "--color=never",
    "--no-heading",
    "--with-filename",
    "--null",
    "--no-mmap",
    // Unpacked sources have a .gitignore and no .git. Inside a repository the flag would let rules from above it in.
    ...(isRepository ? [] : ["--no-require-git"]),
    "--no-ignore-global",
    "--sort=path",
    ...(query.ignoreCase ? ["--ignore-case"] : []),
    ...(query.multiline ? ["--multiline", "--multiline-dotall"] : []),
    ...(query.mode === "count" ? ["--count"] : []),
    ...(query.mode === "files_with_matches" ? ["--files-with-matches"] : []),
    ...(content
      ? [
          "--line-number",
          `--max-columns=${longestShownLine}`,
          "--max-columns-preview",
          `--before-context=${query.before}`,
          `--after-context=${query.after}`,
        ]
      : []),
    ...(query.type === undefined ? [] : [`--type=${query.type}`]),
    ...(query.glob === undefined ? [] : [`--glob=${query.glob}`]),
    "--glob=!.git",
    "--",
    query.pattern,
    query.file === undefined ? "." : `./${query.file}`,
  ];
}

const mostComplaints = 8000;

interface Complaints {
  readonly add: (output: ExecOutput) => void;
  readonly text: () => string;
}

function createComplaints(): Complaints {
  const decoder = new TextDecoder();
  let text = "";
  return {
    add: ({ bytes }) => {
      if (text.length < mostComplaints) text += decoder.decode(bytes, { stream: true });
    },
    text: () => text.slice(0, mostComplaints).trim(),
  };
}

function endOf(
  exit: Awaited<Execution["exit"]>,
  complaints: string,
  parserNotes: readonly string[],
): GrepEnd {
  if (exit.type !== "exited") return { type: "timed-out", message: `ripgrep was stopped (${exit.type}).` };
  const lines = complaints.split("\n").filter((line) => line !== "");
  const isAboutFiles = lines.every((line) => /\(os error \d+\)/.test(line));
  if (exit.code > 1 && !isAboutFiles) return { type: "invalid", message: complaints.replace(/^rg: /, "") };
  return { type: "done", notes: [...parserNotes, ...fileNotes(lines)] };
}

function fileNotes(lines: readonly string[]): readonly string[] {
  const notes = createNotes();
  for (const line of lines) notes.add(`could not search ${line.replace(/^rg: (\.\/)?/, "")}`);
  return notes.lines();
}
