import { visible } from "@claw/agent-sdk";
import type { Span } from "../terminal/line.ts";

/** A text that somebody will approve: what it hides is made visible and stands out. */
export function visibleSpans(text: string, styles: Span["styles"] = []): readonly Span[] {
  return visible(text)
    .split(/(<U\+[0-9A-F]+>|<tab>|<\d+ (?:blanks|empty lines)>)/)
    .map((piece, index): Span => ({ text: piece, styles: index % 2 === 1 ? ["inverse"] : styles }))
    .filter((each) => each.text !== "");
}
