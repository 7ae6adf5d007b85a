import { createHash } from "node:crypto";

/** SHA-256 of a file's bytes, in hex: what tells after a crash whether it holds what was to be written. */
export function contentDigest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
