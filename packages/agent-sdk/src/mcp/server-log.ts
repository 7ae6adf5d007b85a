import type { Run } from "@claw/agent-core";
import type { LogEntry } from "@claw/agent-mcp";

/** Entries of one server that a run tells; each is an event for every listener. */
const maxEntries = 200;
/** Characters of one. */
const maxLength = 1_000;

/** What servers log, as notices of the run that it comes up in. Between runs nobody listens. */
export function serverLog(current: () => Run | undefined): (entry: LogEntry) => void {
  const told = new WeakMap<Run, Map<string, number>>();
  return ({ server, level, text }) => {
    const run = current();
    if (run === undefined) return;
    const counts = told.get(run) ?? new Map<string, number>();
    told.set(run, counts);
    const count = (counts.get(server) ?? 0) + 1;
    counts.set(server, count);
    if (count > maxEntries) return;
    const words =
      count === maxEntries ? "what else it logs in this run is not shown" : text.slice(0, maxLength);
    run.notice(
      { code: "mcp-log", message: `MCP server "${server}", ${level.slice(0, 20)}: ${words}` },
      "info",
    );
  };
}
