import type { PathResolver } from "../paths/path-resolver.ts";
import { visible } from "../visible.ts";
import type { CallFacts } from "./call-facts.ts";
import { type Finding, ruleName } from "./finding.ts";
import { mayBeRuledBelow } from "./judge-path.ts";

/**
 * A tool that reads a folder may open any file in it, also one that a rule is about. Asked about in every mode, but
 * for tools that leave such files out by themselves, and for those that open none.
 */
export async function judgeSearch(
  facts: CallFacts,
  path: string,
  target?: string,
): Promise<readonly Finding[]> {
  const { tool } = facts.request;
  if (opensNoFolder.has(tool) || facts.filteredTools.has(tool)) return [];
  const { paths } = await facts.paths.views(path, target);
  const entry = paths.map((view) => mayBeRuledBelow(facts, view)).find((found) => found !== undefined);
  if (entry === undefined || !(await mayBeFolder(facts.paths, path))) return [];
  const reason = `Searching \`${visible(path)}\` may open what ${ruleName(entry)} is about.`;
  return [{ behavior: "ask", basis: "rule", nature: "reads", entry, reason }];
}

/** Whether a path names a folder, as far as can be told; what cannot be listed is none. */
export async function mayBeFolder(paths: PathResolver, path: string): Promise<boolean> {
  if (paths.list === undefined) return true;
  try {
    for await (const _ of paths.list(path)) break;
    return true;
  } catch {
    return false;
  }
}

/** They read one file, or only the names of files. */
const opensNoFolder: ReadonlySet<string> = new Set([
  "Read",
  "Write",
  "Edit",
  "MultiEdit",
  "NotebookEdit",
  "Glob",
  "LS",
]);
