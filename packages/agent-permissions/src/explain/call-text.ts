import type { JsonObject, JsonValue } from "@claw/agent-core";

/** A call as people write it: a tool with its main argument. */
export interface CallText {
  readonly tool: string;
  readonly input: JsonValue;
}

/**
 * Reads `Bash(git push)`, `Read(src/a.ts)`, `WebFetch(https://example.org)`, `mcp__server__tool`, or any tool with its
 * whole input as JSON: `Grep({"pattern":"x"})`. `undefined` for other text.
 */
export function parseCallText(text: string): CallText | undefined {
  const found = /^\s*([^\s(),]+)(?:\(([\s\S]*)\))?\s*$/.exec(text);
  const tool = found?.[1];
  if (tool === undefined) return undefined;
  const argument = found?.[2] ?? "";
  return { tool, input: inputOf(tool, argument) };
}

function inputOf(tool: string, argument: string): JsonObject {
  if (/^\s*\{[\s\S]*\}\s*$/.test(argument) && tool !== "Bash") {
    try {
      return JSON.parse(argument);
    } catch {
      // Then it is the argument itself.
    }
  }
  const field = mainFields.get(tool);
  return field === undefined || argument === "" ? {} : { [field]: argument };
}

const mainFields: ReadonlyMap<string, string> = new Map([
  ["Bash", "command"],
  ["Read", "file_path"],
  ["Write", "file_path"],
  ["Edit", "file_path"],
  ["MultiEdit", "file_path"],
  ["NotebookEdit", "notebook_path"],
  ["LS", "path"],
  ["Glob", "pattern"],
  ["Grep", "path"],
  ["WebFetch", "url"],
  ["Agent", "subagent_type"],
  ["Task", "subagent_type"],
  ["Skill", "skill"],
]);
