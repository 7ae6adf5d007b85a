/** The most that one call of Read takes in and gives out. */
export interface ReadLimits {
  /** Lines of a page when the call names no limit. */
  readonly lines: number;
  /** Characters (code points) of one line. */
  readonly lineCharacters: number;
  /** Bytes of UTF-8 of all text of one result, notes left aside. */
  readonly pageBytes: number;
  /** Bytes of an image or document handed to the model as it is. */
  readonly attachmentBytes: number;
  /** Bytes of a PDF or notebook that is taken apart in memory. */
  readonly documentBytes: number;
}

/** Limits under which a result stays below `maxResultTokens`, at four bytes a token, so that it is never cut. */
export function readLimits(maxResultTokens: number): ReadLimits {
  const forNotes = 4_000;
  return {
    lines: 2_000,
    lineCharacters: 2_000,
    pageBytes: Math.max(forNotes, maxResultTokens * 4 - forNotes),
    attachmentBytes: 5_000_000,
    documentBytes: 32_000_000,
  };
}
