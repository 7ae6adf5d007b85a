import { createHash } from "node:crypto";

/**
 * A name as it may stand in a tool's name: letters, digits, `-` and single `_`, so that `mcp__server__tool` can be
 * read in one way only. A name that had to be changed into one that is taken gets a part of its own digest.
 */
export function safeName(name: string, isTaken: (candidate: string) => boolean, maxLength: number): string {
  const plain = name
    .replace(/[^A-Za-z0-9_-]/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/^_+|_+$/g, "");
  const short = plain.slice(0, maxLength);
  if (short !== "" && short === plain && !isTaken(short)) return short;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `${short.slice(0, maxLength - 7)}-${digest}`;
}
