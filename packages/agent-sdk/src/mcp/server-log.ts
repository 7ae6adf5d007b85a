import type { Run } from "@claw/agent-core";
import type { LogEntry } from "@claw/agent-mcp";

/** What servers log, as notices of runs. */
export interface ServerLog {
  /** Tells the run that is on; between runs it is kept for the next one. */
  readonly hear: (entry: LogEntry) => void;
  /** Tells the run that is on what was logged before it. */
  readonly tellKept: () => void;
}

/** Entries of one server that a run tells; each is an event for every listener. */
const maxEntries = 200;
/** Of one server, the last ones, that are kept between runs. */
const maxKept = 20;
/** Characters of one. */
const maxLength = 1_000;

export function createServerLog(current: () => Run | undefined): ServerLog {
  const told = new WeakMap<Run, Map<string, number>>();
  const kept = new Map<string, Kept>();

  function tell(run: Run, { server, level, text }: LogEntry, when = ""): void {
    const counts = told.get(run) ?? new Map<string, number>();
    told.set(run, counts);
    const count = (counts.get(server) ?? 0) + 1;
    counts.set(server, count);
    if (count > maxEntries) return;
    const words = count === maxEntries ? "what else it logs in this run is not shown" : cut(text);
    const message = `MCP server "${server}", ${level.slice(0, 20)}${when}: ${words}`;
    run.notice({ code: "mcp-log", message }, "info");
  }

  return {
    hear: (entry) => {
      const run = current();
      if (run !== undefined) return tell(run, entry);
      const { entries, left } = kept.get(entry.server) ?? { entries: [], left: 0 };
      const all = [...entries, { ...entry, text: cut(entry.text) }];
      kept.set(entry.server, {
        entries: all.slice(-maxKept),
        left: left + Math.max(0, all.length - maxKept),
      });
    },
    tellKept: () => {
      const run = current();
      if (run === undefined) return;
      for (const [server, { entries, left }] of kept) {
        const text = `${left} more before these are not shown`;
        if (left > 0) tell(run, { server, level: "info", text }, before);
        for (const entry of entries) tell(run, entry, before);
      }
      kept.clear();
    },
  };
}

/** What a server logged while nothing ran. */
interface Kept {
  readonly entries: readonly LogEntry[];
  /** How many before them were let go. */
  readonly left: number;
}

const before = ", before this run";

function cut(text: string): string {
  return text.slice(0, maxLength);
}
