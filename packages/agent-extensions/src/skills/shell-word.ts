/** Where in a command line a text is put. `unclear`: what quotes mean there takes more than a look at the quotes before it. */
export type ShellQuoting = "none" | "single" | "double" | "unclear";

/**
 * A text as part of a command line, so that bash takes it as this text and as nothing else. Throws where no quotes are
 * sure to do that.
 */
export function shellText(text: string, quoting: ShellQuoting): string {
  switch (quoting) {
    case "single":
      return text.replaceAll("'", "'\\''");
    case "double":
      return text.replace(/["\\$`]/g, "\\$&");
    case "unclear":
      if (/^[\w@%+=:,./-]*$/.test(text)) return text;
      throw new Error(`Its command cannot take ${JSON.stringify(text)} where it would stand`);
    case "none":
      return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  }
}

/** In what quotes the end of a beginning of a command line stands. */
export function quotingAfter(beginning: string): ShellQuoting {
  let quoting: ShellQuoting = "none";
  for (let index = 0; index < beginning.length; index++) {
    const sign = beginning[index];
    if (quoting !== "single" && isUnclear(beginning, index, quoting)) return "unclear";
    if (sign === "\\" && quoting !== "single") index += 1;
    else if (sign === "'" && quoting !== "double") quoting = quoting === "single" ? "none" : "single";
    else if (sign === '"' && quoting !== "single") quoting = quoting === "double" ? "none" : "double";
  }
  return quoting;
}

/**
 * Quotes begin anew in a substitution within quotes, and count for nothing in a comment, in sums and in the text of a here
 * document; `$'…'` has its own.
 */
function isUnclear(line: string, index: number, quoting: "none" | "double"): boolean {
  const rest = line.slice(index, index + 3);
  if (rest.startsWith("`")) return true;
  if (quoting === "double") return /^\$[({[]/.test(rest);
  if (rest.startsWith("#")) return index === 0 || /[\s;&|()]/.test(line[index - 1] ?? "");
  return /^(?:<<(?!<)|\(\(|\$\[|\$')/.test(rest) && !line.slice(0, index).endsWith("<");
}
