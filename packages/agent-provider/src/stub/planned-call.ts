import type { JsonObject, ToolSpec } from "@claw/agent-core";
import type { PlainRequest } from "./plain-request.ts";

/** A call of a tool that the model was given. */
export interface PlannedCall {
  readonly name: string;
  readonly input: JsonObject;
}

/** The call that does what is asked, with the best tool there is; `undefined` when there is none. */
export function plannedCall(request: PlainRequest, tools: readonly ToolSpec[]): PlannedCall | undefined {
  return candidates(request).find((call) => tools.some((tool) => tool.name === call.name));
}

/** The tools that could do it, best first. */
function candidates(request: PlainRequest): readonly PlannedCall[] {
  switch (request.type) {
    case "list":
      return [glob("*", request.path), bash(["ls", ...optional(request.path)])];
    case "read":
      return [{ name: "Read", input: { file_path: request.path } }, bash(["cat", request.path])];
    case "search": {
      const path = request.path === undefined ? {} : { path: request.path };
      return [
        { name: "Grep", input: { pattern: request.pattern, ...path, output_mode: "content", "-n": true } },
        bash(["grep", "-rn", "-e", request.pattern, request.path ?? "."]),
      ];
    }
    case "find": {
      const pattern = request.pattern.includes("/") ? request.pattern : `**/${request.pattern}`;
      return [glob(pattern, request.path), bash(["find", request.path ?? ".", "-name", request.pattern])];
    }
    case "run":
      return [{ name: "Bash", input: { command: request.command } }];
    case "write":
      return [{ name: "Write", input: { file_path: request.path, content: request.text } }];
    case "fetch":
      return [{ name: "WebFetch", input: { url: request.url, prompt: "What does this page say?" } }];
    case "todo":
      return [{ name: "TodoWrite", input: { todos: request.items.map(todo) } }];
  }
}

function glob(pattern: string, path: string | undefined): PlannedCall {
  return { name: "Glob", input: { pattern, ...(path === undefined ? {} : { path }) } };
}

function bash(words: readonly string[]): PlannedCall {
  return { name: "Bash", input: { command: words.map(shellWord).join(" ") } };
}

function shellWord(word: string): string {
  return /^[A-Za-z0-9_./@:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function optional(path: string | undefined): readonly string[] {
  return path === undefined ? [] : [path];
}

function todo(content: string): JsonObject {
  return { content, status: "pending", activeForm: content };
}
