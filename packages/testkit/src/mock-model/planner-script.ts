import type { MockReply, MockScriptFunction } from "./mock-reply.ts";
import type { MockMessage } from "./mock-request.ts";

/**
 * A small model that can plan one step: asked to list files, it looks (with `Glob`, or `Bash` where there is no
 * `Glob`) and then says what it saw. Anything else it repeats. The same on every wire.
 */
export const plannerScript: MockScriptFunction = (request) => {
  const asked = request.messages.findLastIndex((message) => message.role === "user");
  const prompt = request.messages[asked]?.text ?? "";
  const results = request.messages.slice(asked + 1).filter((message) => message.role === "tool");
  if (results.length > 0) return { text: `Here is what I found:\n${resultText(results)}` };
  return (asksForFiles(prompt) ? look(request.tools) : undefined) ?? { text: `You said: ${prompt}` };
};

function asksForFiles(prompt: string): boolean {
  return /\b(list|show|find|which|what)\b[^.?!]*\bfiles?\b/i.test(prompt);
}

function look(tools: readonly string[]): MockReply | undefined {
  const text = "I will look.";
  if (tools.includes("Glob")) return { text, toolCalls: [{ name: "Glob", input: { pattern: "*" } }] };
  if (tools.includes("Bash"))
    return { text, toolCalls: [{ name: "Bash", input: { command: "ls", description: "List the files" } }] };
  return undefined;
}

function resultText(results: readonly MockMessage[]): string {
  return results.map((message) => message.text).join("\n");
}
