import type { Content } from "@claw/agent-core";

/** Characters of text, or of encoded bytes. */
export function contentSize(content: Content): number {
  let size = 0;
  for (const part of content) size += part.type === "text" ? part.text.length : part.data.length;
  return size;
}
