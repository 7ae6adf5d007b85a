/**
 * Takes secrets out of a text, and puts a `redactionMark` where each one was. The same text always gives the same
 * answer, and what it gave stays as it is when it is asked again: what a session keeps is what a resumed one sends.
 */
export interface Redact {
  (text: string): string;
  /** Texts of fewer characters have no secret: nobody needs to ask about them. Absent: every text may have one. */
  readonly shortest?: number;
}
