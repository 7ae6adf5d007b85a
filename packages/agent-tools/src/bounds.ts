import type { Redact, SpillStore } from "@claw/agent-core";

/** How large an outcome may be. */
export interface Bounds {
  /** Of all text of one outcome, in bytes of UTF-8. */
  readonly capBytes: number;
  /** Gets the whole text of an outcome that was cut. */
  readonly spill?: SpillStore;
  /** Takes secrets out of the text before it is cut: half of one would not be known again. */
  readonly redact?: Redact;
}

/** Of all pictures and files of one outcome, in characters of base64. */
export const maxAttachmentCharacters: number = 10 * 1024 * 1024;

/** Of an outcome's `details` as JSON. */
export const maxDetailsCharacters: number = 256 * 1024;

/** Of a fault's message or hint. */
export const maxFaultCharacters: number = 2_000;
