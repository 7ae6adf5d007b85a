import type { SessionSummary } from "@claw/agent-sdk";
import { printableLine } from "../terminal/printable.ts";

/** One line a session: id, when it was last used, and how it began. */
export function sessionRows(sessions: readonly SessionSummary[]): readonly string[] {
  const width = Math.max(0, ...sessions.map((each) => each.session.length));
  return sessions.map(
    (each) =>
      `${each.session.padEnd(width)}  ${timeText(each.updatedAt)}  ${printableLine(each.title, 80) || "(empty)"}`,
  );
}

/** Local time to the minute. */
function timeText(milliseconds: number): string {
  const date = new Date(milliseconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
