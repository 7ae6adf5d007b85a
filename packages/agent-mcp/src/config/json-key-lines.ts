/**
 * The line, from 1, on which each key of one object of a JSON text stands. `path` leads to the object from the root.
 * The text must be valid JSON.
 */
export function jsonKeyLines(source: string, path: readonly string[]): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const keys: (string | undefined)[] = [];
  let line = 1;
  let last: { readonly text: string; readonly line: number } | undefined;
  for (const [token] of source.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|\n/g)) {
    if (token === "\n") line += 1;
    else if (token === "{" || token === "[") keys.push(undefined);
    else if (token === "}" || token === "]") keys.pop();
    else if (token === ":" && last !== undefined) {
      if (isPath(keys.slice(0, -1), path)) lines.set(last.text, last.line);
      keys[keys.length - 1] = last.text;
    } else if (token.startsWith('"')) last = { text: JSON.parse(token) as string, line }; // a JSON string is a string
  }
  return lines;
}

function isPath(keys: readonly (string | undefined)[], path: readonly string[]): boolean {
  return keys.length === path.length && keys.every((key, index) => key === path[index]);
}
