/** How far a pattern has been read. The readers of its parts move `at` past what they took. */
export interface RegexPosition {
  readonly pattern: string;
  /** Index of the next character. */
  at: number;
}

/** Takes what a sticky expression matches at the position, or nothing. */
export function take(position: RegexPosition, expression: RegExp): RegExpExecArray | undefined {
  expression.lastIndex = position.at;
  const found = expression.exec(position.pattern) ?? undefined;
  if (found !== undefined) position.at = expression.lastIndex;
  return found;
}

/** Takes one whole character. */
export function takeCharacter(position: RegexPosition): string {
  const code = position.pattern.codePointAt(position.at);
  const character = code === undefined ? "" : String.fromCodePoint(code);
  position.at += character.length;
  return character;
}

/** A character that stands for itself anywhere in a JavaScript expression with the `v` flag. */
export function literal(character: string): string {
  if (/[\p{L}\p{N}_]/u.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
