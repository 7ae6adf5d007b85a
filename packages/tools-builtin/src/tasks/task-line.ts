import type { Task } from "@claw/agent-tasks";

/** A task and how it stands, in one line. */
export function taskLine(
  { id, kind, title, status, summary, startedAt, endedAt }: Task,
  now: number,
): string {
  const lasted = startedAt === undefined ? "" : `, ${duration((endedAt ?? now) - startedAt)}`;
  const end = summary === undefined || summary === "" ? "" : `: ${summary}`;
  return `${id} (${kind}: ${title}): ${status}${lasted}${end}`;
}

function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  return seconds < 10 ? `${Math.round(seconds * 10) / 10} s` : `${Math.round(seconds)} s`;
}
