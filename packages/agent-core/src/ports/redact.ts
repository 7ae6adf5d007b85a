/**
 * Takes secrets out of a text, and puts a `redactionMark` where each one was. The same text always gives the same
 * answer, and what it gave stays as it is when it is asked again: what a session keeps is what a resumed one sends.
 */
export type Redact = (text: string) => string;
