/** The rule for a command that begins with these words; `undefined` where a word would mean something else in a rule. */
export function prefixRule(words: readonly string[]): string | undefined {
  if (words.length === 0 || words.some((word) => word === "" || /[\s*()'"\\:$`;&|<>]/.test(word)))
    return undefined;
  return `Bash(${words.join(" ")} *)`;
}

/** Arguments as a shell would need them written. */
export function shellQuoted(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
