import type { ToolSpec } from "@claw/agent-core";
import type { Dialect } from "./dialects/dialect.ts";
import { type Segment, splitCalls } from "./split-calls.ts";

export type CallSegment = Extract<Segment, { readonly type: "call" }>;

/**
 * The calls with which a text ends, when one of them names no tool of the request: it is to be answered with the
 * names that there are, instead of being taken for the answer. Only in forms that nobody writes by chance, outside of
 * code, and only where nothing follows: whoever explains a form goes on.
 */
export function strangerCalls(
  text: string,
  dialects: readonly Dialect[],
  tools: ReadonlyMap<string, ToolSpec>,
  repairs: boolean,
): readonly CallSegment[] {
  const marked = dialects.filter(({ where }) => where === "anywhere");
  if (marked.length === 0) return [];
  const segments = splitCalls(text, marked, new AnyTool(tools), repairs);
  const begin = segments.findLastIndex(({ type }) => type !== "call") + 1;
  return segments.slice(begin).filter((segment) => segment.type === "call");
}

/** Has a tool of every name: of those that are not there, one that says nothing about its arguments. */
class AnyTool extends Map<string, ToolSpec> {
  override has(name: string): boolean {
    return super.has(name) || /^[A-Za-z][\w.:-]{0,127}$/.test(name);
  }

  override get(name: string): ToolSpec | undefined {
    const known = super.get(name);
    if (known !== undefined || !this.has(name)) return known;
    return { name, description: "", inputSchema: { type: "object" } };
  }
}
