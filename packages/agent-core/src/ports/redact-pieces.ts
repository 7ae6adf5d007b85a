/**
 * Begins to take secrets out of one text that comes in pieces, cut anywhere. What it gives, put together, is what `Redact` gives
 * for the whole.
 */
export type RedactPieces = () => RedactedPieces;

export interface RedactedPieces {
  /** What can be shown by now. What may be the beginning of a secret is held back until more is known. */
  readonly push: (piece: string) => string;
  /** What was held back. */
  readonly end: () => string;
}
