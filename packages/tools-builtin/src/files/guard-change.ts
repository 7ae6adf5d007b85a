import type { FileStat, ToolOutcome } from "@claw/agent-core";
import { failed } from "@claw/agent-tools";
import type { FileLedger } from "./file-ledger.ts";

/**
 * Why this session may not change the file, if it may not: it has not read it, or the file has changed since.
 * `extent`: what the change will replace; the whole may only be replaced by who has read it all.
 */
export function guardChange(
  ledger: FileLedger,
  path: string,
  stat: FileStat,
  extent: "part" | "whole",
): ToolOutcome | undefined {
  const seen = ledger.seen(path);
  if (seen === undefined) {
    return failed("tool-failed", `${path} exists and has not been read in this session. Read it first.`);
  }
  if (seen.version !== stat.version) return staleFile(path);
  if (extent === "part" || seen.whole) return undefined;
  return failed(
    "tool-failed",
    `Only a part of ${path} has been read, and all of it would be replaced. Read the rest first, or use Edit.`,
  );
}

/** The outcome for a file that somebody else changed. */
export function staleFile(path: string): ToolOutcome {
  return failed(
    "tool-failed",
    `${path} has changed since it was read. Read it again, then repeat the change.`,
  );
}
