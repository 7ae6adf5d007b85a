import {
  type AssistantMessage,
  type Message,
  type ToolMessage,
  text,
  toolCallId,
  type UserMessage,
} from "@claw/agent-core";
import fc from "fast-check";
import type { CompactionWork } from "../src/index.ts";

const model = { provider: "test", id: "model" };

export function human(words: string): UserMessage {
  return { role: "user", origin: "human", content: [text(words)] };
}

export function reply(words: string, ...calls: readonly string[]): AssistantMessage {
  const parts = calls.map(
    (id) => ({ type: "tool-call", id: toolCallId(id), name: "Look", input: { id } }) as const,
  );
  return {
    role: "assistant",
    model,
    content: [...(words === "" ? [] : [text(words)]), ...parts],
    stop: { reason: calls.length > 0 ? "tool-calls" : "end" },
    usage: {},
  };
}

export function result(id: string, words: string): ToolMessage {
  return {
    role: "tool",
    call: toolCallId(id),
    name: "Look",
    outcome: { status: "ok", content: [text(words)] },
  };
}

/** A sound conversation: a human, then replies with their results, with other words of humans in between. */
export const conversation: fc.Arbitrary<readonly Message[]> = fc
  .array(
    fc.record({
      said: fc.option(fc.string({ maxLength: 60 }), { freq: 3 }),
      reply: fc.string({ minLength: 1, maxLength: 80 }),
      results: fc.array(fc.nat(3_000), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((turns) => {
    let ids = 0;
    const messages: Message[] = [human("begin")];
    for (const turn of turns) {
      if (turn.said !== null) messages.push(human(turn.said));
      const calls = turn.results.map(() => `call-${++ids}`);
      messages.push(reply(turn.reply, ...calls));
      for (const [index, id] of calls.entries())
        messages.push(result(id, "r".repeat(turn.results[index] ?? 0)));
    }
    return messages;
  });

/** Four bytes a token, and a hundred tokens for all that is no conversation. */
export function measure(messages: readonly Message[]): number {
  return 100 + Math.ceil(new TextEncoder().encode(JSON.stringify(messages)).length / 4);
}

/** Work for one strategy; `say`: what the model answers when it is asked for a summary. */
export function work(messages: readonly Message[], target: number, say = "they began"): CompactionWork {
  return {
    messages,
    measure,
    target,
    room: target - measure([]),
    limit: target * 2,
    reference: "c1",
    facts: () => ({}),
    ask: async () => ({ ...reply(say), stop: { reason: "end" } }),
  };
}

export const signal = new AbortController().signal;
