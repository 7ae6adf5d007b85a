import { readFileSync } from "node:fs";
import type { JsonValue, ToolSpec } from "@claw/agent-core";
import type { DialectName } from "@claw/agent-provider";

/** What a model wrote, and what it means. */
export interface CorpusEntry {
  readonly id: string;
  readonly dialects: readonly DialectName[];
  readonly text: string;
  /** Empty: all of it is text. */
  readonly calls: readonly { readonly name: string; readonly input: JsonValue }[];
  /** The words that are left, all parts joined; where it matters. */
  readonly left?: string;
  /** The arguments of its calls are no JSON objects. */
  readonly malformed?: boolean;
  /** One of the calls names no tool: the text stays, and they stand behind it, to be answered. */
  readonly unknown?: boolean;
  readonly note?: string;
}

const file = new URL("corpus.json", import.meta.url);

export const corpus: readonly CorpusEntry[] = JSON.parse(readFileSync(file, "utf8")) as CorpusEntry[]; // our own file

export const corpusTools: readonly ToolSpec[] = [
  tool("Read", { file_path: { type: "string" }, offset: { type: "integer" }, limit: { type: "integer" } }),
  tool("Write", { file_path: { type: "string" }, content: { type: "string" } }),
  tool("Bash", { command: { type: "string" }, run_in_background: { type: "boolean" } }),
  tool("TodoWrite", { todos: { type: "array", items: { type: "object" } } }),
  tool("get_weather", { city: { type: "string" }, days: { type: "integer" } }),
  tool("list_files", {}),
  tool("set_flags", {
    flags: { type: "array", items: { type: "string" } },
    options: { type: "object" },
    ratio: { type: "number" },
    note: { type: ["string", "null"] },
  }),
];

function tool(name: string, properties: Readonly<Record<string, JsonValue>>): ToolSpec {
  return { name, description: "", inputSchema: { type: "object", properties } };
}
