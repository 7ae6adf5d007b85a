import type { ValueNode } from "@humanwhocodes/momoa";

/** The line, from 1, where the text stops being JSON; `undefined` where it is JSON after all. */
export async function lineOfFault(source: string): Promise<number | undefined> {
  const { parse } = await import("@humanwhocodes/momoa");
  try {
    parse(source, { mode: "json" });
    return undefined;
  } catch (error) {
    return error instanceof Error && "line" in error && typeof error.line === "number"
      ? error.line
      : undefined;
  }
}

/** Where values stand in a JSON text, as `line:column` from 1. The parser is loaded for the first complaint. */
export async function sourcePositions(
  source: string,
): Promise<(path: readonly (string | number)[]) => string> {
  const { parse } = await import("@humanwhocodes/momoa");
  const { body } = parse(source, { mode: "json" });
  return (path) => {
    const { line, column } = startOf(body, path);
    return `${line}:${column}`;
  };
}

/** A key's own place, or that of an item; of what is not there the place that it would be in. */
function startOf(
  node: ValueNode,
  [key, ...rest]: readonly (string | number)[],
): { readonly line: number; readonly column: number } {
  if (key === undefined) return node.loc.start;
  if (node.type === "Array") {
    const element = typeof key === "number" ? node.elements[key] : undefined;
    return element === undefined ? node.loc.start : startOf(element.value, rest);
  }
  if (node.type !== "Object") return node.loc.start;
  // Of a key that stands twice the last one counts.
  const member = node.members.findLast(
    ({ name }) => (name.type === "String" ? name.value : name.name) === key,
  );
  if (member === undefined) return node.loc.start;
  return rest.length === 0 ? member.name.loc.start : startOf(member.value, rest);
}
