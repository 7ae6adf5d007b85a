import type { Content } from "@claw/agent-core";

/** The texts of content as one, each on lines of its own: where an API takes a single text, parts must not run together. */
export function joinedText(content: Content): string {
  let joined = "";
  for (const part of content) {
    if (part.type !== "text") continue;
    joined += joined === "" || joined.endsWith("\n") ? part.text : `\n${part.text}`;
  }
  return joined;
}
