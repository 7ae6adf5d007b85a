/** Where in a command line a text is put. */
export type ShellQuoting = "none" | "single" | "double";

/** A text as part of a command line, so that bash takes it as this text and as nothing else. */
export function shellText(text: string, quoting: ShellQuoting): string {
  switch (quoting) {
    case "single":
      return text.replaceAll("'", "'\\''");
    case "double":
      return text.replace(/["\\$`]/g, "\\$&");
    case "none":
      return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  }
}

/** In what quotes the end of a beginning of a command line stands. */
export function quotingAfter(beginning: string): ShellQuoting {
  let quoting: ShellQuoting = "none";
  for (let index = 0; index < beginning.length; index++) {
    const sign = beginning[index];
    if (sign === "\\" && quoting !== "single") index += 1;
    else if (sign === "'" && quoting !== "double") quoting = quoting === "single" ? "none" : "single";
    else if (sign === '"' && quoting !== "single") quoting = quoting === "double" ? "none" : "double";
  }
  return quoting;
}
