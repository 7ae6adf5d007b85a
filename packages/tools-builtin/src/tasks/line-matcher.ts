/** Whether a line fits, or why the pattern is none. */
export type LineMatcher =
  | { readonly type: "matcher"; readonly matches: (line: string) => boolean }
  | { readonly type: "unusable"; readonly reason: string };

/**
 * A regular expression that a model wrote, for lines that a program wrote: the time that it takes grows with the line
 * and never explodes, so neither can hold up the process. No back-references and no look-around.
 */
export async function lineMatcher(pattern: string): Promise<LineMatcher> {
  const { RE2JS } = await import("re2js");
  try {
    const compiled = RE2JS.compile(pattern);
    return { type: "matcher", matches: (line) => compiled.matcher(line.slice(0, longestLine)).find() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { type: "unusable", reason: `"${pattern.slice(0, 200)}" is no usable pattern: ${reason}` };
  }
}

/** Characters of a line that are looked at. */
const longestLine = 10_000;
