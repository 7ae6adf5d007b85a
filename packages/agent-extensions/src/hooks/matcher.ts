/** Whether a hook is for a tool, a source, a kind of notification. */
export type Matcher = (subject: string) => boolean;

/**
 * Nothing, `""` and `*` match all; letters, digits, `_`, `-`, spaces, `,` and `|` are a name or a list of names; everything
 * else is a regular expression that may match anywhere. A message where it is none.
 */
export function readMatcher(text: string | undefined): Matcher | string {
  if (text === undefined || text === "" || text === "*") return () => true;
  if (/^[\w\- ,|]+$/.test(text)) {
    const names = new Set(text.split(/[,|]/).map((name) => name.trim()));
    return (subject) => names.has(subject);
  }
  try {
    const pattern = new RegExp(text);
    return (subject) => pattern.test(subject);
  } catch (error) {
    return error instanceof Error ? error.message : "it is no regular expression";
  }
}
