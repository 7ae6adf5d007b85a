import { parseShell } from "./parse/parse-shell.ts";
import type { ReadOnlyCommand } from "./readers/read-only-command.ts";
import { type ReadOnlyTable, readOnlyTable } from "./readers/read-only-table.ts";
import { shellParts } from "./shell-parts.ts";

/** Which example an entry of the table fails, as the end of a sentence; `undefined` where it does what they say. */
export function failedExample(
  entry: ReadOnlyCommand,
  match: readonly string[],
  notMatch: readonly string[],
): string | undefined {
  const table = readOnlyTable([entry]);
  for (const example of match) {
    const why = refusal(table, example);
    if (why !== undefined) return `it does not match its example \`${example}\` (${why})`;
  }
  const matched = notMatch.find((example) => refusal(table, example) === undefined);
  return matched === undefined ? undefined : `it matches \`${matched}\`, which it says it does not match`;
}

/** Why the command line is not one call that the table takes for reading. */
function refusal(table: ReadOnlyTable, example: string): string | undefined {
  const script = parseShell(example, "/");
  const [fault] = [...script.faults, ...script.doubts];
  if (fault !== undefined) return fault;
  const [part, ...others] = shellParts(script, "/", example);
  if (part === undefined || others.length > 0) return "it is not one command";
  const { words, assignments, redirects } = part.command;
  if (assignments.length + redirects.length > 0) return "it is more than a command with its arguments";
  const found = table.find(words);
  if (found === undefined) return "it is another command";
  const reading = found.read(found.rest);
  return reading.type === "reads" ? undefined : (reading.reason ?? "it is not known to only read");
}
