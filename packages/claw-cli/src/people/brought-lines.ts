import type { Brought } from "@claw/agent-sdk";
import { printableLine } from "../terminal/printable.ts";

/** Names shown of each kind. */
const mostNames = 8;

/** One line for each kind of thing that a workspace brings, with what people recognise it by. */
export function broughtLines(brings: readonly Brought[]): readonly string[] {
  return brings.map(({ kind, names }) => {
    const shown = names.slice(0, mostNames).map((name) => printableLine(name, 120));
    const more = names.length > mostNames ? [`and ${names.length - mostNames} more`] : [];
    return `${kind}: ${[...shown, ...more].join(", ")}`;
  });
}
