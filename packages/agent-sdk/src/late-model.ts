import { type AssistantMessage, type Model, type ModelFault, type ModelRef, toFault } from "@claw/agent-core";

/** A model that is connected when it is first asked: one that is only there in case must not delay the start. */
export function lateModel(
  ref: ModelRef,
  connect: () => Promise<{ readonly model: Model }>,
): { readonly model: Model; readonly ref: ModelRef } {
  let connected: Promise<{ readonly model: Model }> | undefined;

  async function* model(...[request, signal]: Parameters<Model>): ReturnType<Model> {
    connected ??= connect();
    try {
      const { model: ready } = await connected;
      return yield* ready(request, signal);
    } catch (error) {
      connected = undefined; // so that it may be there the next time
      return unconnected(ref, error);
    }
  }

  return { model, ref };
}

function unconnected(ref: ModelRef, error: unknown): AssistantMessage {
  const { message, hint } = toFault(error, "network");
  const fault: ModelFault = {
    code: "network",
    message,
    retryable: false,
    provider: ref.provider,
    ...(hint === undefined ? {} : { hint }),
  };
  return { role: "assistant", model: ref, content: [], stop: { reason: "error", error: fault }, usage: {} };
}
