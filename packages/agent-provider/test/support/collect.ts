import type { AssistantMessage, Model, ModelDelta, ModelRequest } from "@claw/agent-core";

export interface Collected {
  readonly deltas: readonly ModelDelta[];
  readonly message: AssistantMessage;
}

/** Runs one model call to its end. */
export async function collect(
  model: Model,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Collected> {
  const deltas: ModelDelta[] = [];
  const stream = model(request, signal);
  for (;;) {
    const step = await stream.next();
    if (step.done === true) return { deltas, message: step.value };
    deltas.push(step.value);
  }
}

/** What the deltas add up to, part by part: the same as the message's content, for a reply that is whole. */
export function assembled(deltas: readonly ModelDelta[]): readonly unknown[] {
  const parts: { type: string; text: string; name?: string; id?: string }[] = [];
  for (const delta of deltas) {
    if (delta.type === "retry") continue;
    if (delta.type === "tool-call-start") {
      parts[delta.index] = { type: "tool-call", text: "", name: delta.name, id: delta.id };
      continue;
    }
    const type = { "text-delta": "text", "reasoning-delta": "reasoning", "tool-input-delta": "tool-call" };
    parts[delta.index] ??= { type: type[delta.type], text: "" };
    const part = parts[delta.index];
    if (part !== undefined) part.text += delta.delta;
  }
  return parts;
}
