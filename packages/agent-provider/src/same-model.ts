import type { AssistantPart, JsonValue, ModelRef, ReasoningPart } from "@claw/agent-core";

/** The replay data of a reasoning part, when this model wrote it. Another model's is not for it to see. */
export function replayFor(model: ModelRef, part: ReasoningPart): JsonValue | undefined {
  const { replay } = part;
  if (replay === undefined) return undefined;
  const same = replay.model.provider === model.provider && replay.model.id === model.id;
  return same ? replay.data : undefined;
}

/**
 * The parts up to the last text or call. Reasoning that nothing follows (the reply was stopped there) is refused by
 * vendors when it is sent back.
 */
export function withoutLooseEnd(content: readonly AssistantPart[]): readonly AssistantPart[] {
  const last = content.findLastIndex(
    (part) => part.type === "tool-call" || (part.type === "text" && part.text.trim() !== ""),
  );
  return content.slice(0, last + 1);
}
