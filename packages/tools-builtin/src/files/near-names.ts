import { posix, win32 } from "node:path";
import { FaultError, type Machine } from "@claw/agent-core";
import { similarityTo } from "./similarity.ts";

/** A folder with more entries is not searched to its end. */
const mostEntries = 10_000;
const mostSuggestions = 3;

/** Up to three existing paths beside a missing one whose names are like it, best first; none where the folder cannot be read. */
export async function nearNames(
  machine: Machine,
  path: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { basename, dirname, join } = path.startsWith("/") ? posix : win32;
  const nearness = nearnessTo(basename(path).toLowerCase());
  const scored: { readonly name: string; readonly score: number }[] = [];
  let entries = 0;
  try {
    for await (const { name } of machine.list(dirname(path), signal)) {
      entries += 1;
      if (entries > mostEntries) break;
      const score = nearness(name.toLowerCase());
      if (score >= 0.5) scored.push({ name, score });
    }
  } catch (thrown) {
    if (!FaultError.isInstance(thrown)) throw thrown;
  }
  scored.sort((one, other) => other.score - one.score || (one.name < other.name ? -1 : 1));
  return scored.slice(0, mostSuggestions).map(({ name }) => join(dirname(path), name));
}

/** The same name with another extension is near, however short it is. */
function nearnessTo(wanted: string): (name: string) => number {
  const similarity = similarityTo(wanted);
  const stem = (text: string): string => text.replace(/(?<=.)\.[^.]*$/u, "");
  return (name) => Math.max(similarity(name), stem(name) === stem(wanted) ? 0.9 : 0);
}
