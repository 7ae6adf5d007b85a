import type { AssistantPart, ModelDelta } from "@claw/agent-core";

/** What is streamed of a text or a call that is whole; of a text, what comes behind its first `skip` characters. */
export function partDeltas(part: AssistantPart | undefined, index: number, skip = 0): readonly ModelDelta[] {
  if (part?.type === "text") {
    const delta = part.text.slice(skip);
    return delta === "" ? [] : [{ type: "text-delta", index, delta }];
  }
  if (part?.type !== "tool-call") return [];
  const input = typeof part.input === "string" ? part.input : JSON.stringify(part.input);
  return [
    { type: "tool-call-start", index, id: part.id, name: part.name },
    { type: "tool-input-delta", index, delta: input },
  ];
}
