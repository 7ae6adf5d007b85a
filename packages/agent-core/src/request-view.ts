import type { AssistantMessage, AssistantPart, Message, ModelRef } from "./message.ts";

/** The conversation as one model may see it: without the replay data of any other model (law 10). */
export interface RequestView {
  readonly of: (messages: readonly Message[]) => readonly Message[];
}

/** Messages keep their identity wherever nothing is taken out, so that a protocol's kept wire forms stay valid. */
export function createRequestView(ref: ModelRef): RequestView {
  const stripped = new WeakMap<Message, Message>();
  const view = (message: Message): Message => {
    if (message.role !== "assistant" || !message.content.some((part) => isForeign(part, ref))) return message;
    const known = stripped.get(message) ?? withoutReplay(message, ref);
    stripped.set(message, known);
    return known;
  };
  const seen: Message[] = [];
  const shown: Message[] = [];
  return {
    // A conversation grows at its end: only what is new since the last request is looked at.
    of(messages) {
      let known = 0;
      while (known < seen.length && seen[known] === messages[known]) known += 1;
      seen.length = known;
      shown.length = known;
      for (const message of messages.slice(known)) {
        seen.push(message);
        shown.push(view(message));
      }
      return shown;
    },
  };
}

function isForeign(part: AssistantPart, ref: ModelRef): boolean {
  if (part.type !== "reasoning" || part.replay === undefined) return false;
  return part.replay.model.provider !== ref.provider || part.replay.model.id !== ref.id;
}

function withoutReplay(message: AssistantMessage, ref: ModelRef): AssistantMessage {
  const content = message.content.map((part) =>
    part.type === "reasoning" && isForeign(part, ref) ? { type: part.type, text: part.text } : part,
  );
  return { ...message, content };
}
