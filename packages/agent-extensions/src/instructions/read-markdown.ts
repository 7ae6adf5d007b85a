/** Markdown as a model should see it, and the files that it imports. */
export interface InstructionText {
  /** Without comments that stand in lines of their own. */
  readonly text: string;
  /** The paths after `@`, as they are written, in order and once each. */
  readonly imports: readonly string[];
}

/** Finds comments and imports. What stands in code is neither. */
export function readMarkdown(source: string): InstructionText {
  const lines: string[] = [];
  const imports = new Set<string>();
  let fence: string | undefined;
  let inComment = false;
  for (const line of source.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) === true && line.trim() === mark) fence = undefined;
      lines.push(line);
      continue;
    }
    const rest: string | undefined = inComment
      ? line
      : /^ {0,3}<!--/.test(line)
        ? line.trimStart().slice(4)
        : undefined;
    if (rest !== undefined) {
      const end: number = rest.indexOf("-->");
      inComment = end < 0;
      const after = end < 0 ? "" : rest.slice(end + 3);
      if (after.trim() === "") continue;
      lines.push(after);
      addImports(after, imports);
      continue;
    }
    fence = mark;
    if (mark === undefined && !/^(?: {4}|\t)/.test(line)) addImports(line, imports);
    lines.push(line);
  }
  return { text: lines.join("\n").trim(), imports: [...imports] };
}

function addImports(line: string, imports: Set<string>): void {
  const prose = line.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, " ");
  for (const [, path = ""] of prose.matchAll(/(?<=^|[\s("'[])@((?:\\ |[^\s`"'()[\]<>,;])+)/g)) {
    const named = path.replaceAll("\\ ", " ").replace(/[.:!?]+$/, "");
    if (named !== "") imports.add(named);
  }
}
